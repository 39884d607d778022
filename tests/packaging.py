"""The packaging check: the built wheel, installed into an empty environment, serves pages from another folder.

Run as a program. Exits 1 with the reason when something is missing from the wheel.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
UV = REPO / ".venv" / "bin" / "uv"
FIRST_PERSON = ("person", "add", "robin@example.org", "--name", "Robin Reed", "--password", "a calm evening by the sea")
TEMPLATE = "from courses.first_steps.template_zip import FOLDER; assert (FOLDER / 'week4' / 'assignment.md').is_file()"
"""The course to begin with is in the wheel, though it is no Python."""
PAGES = {"/sign-in": "<h1>", "/courses": "<h1>", "/healthz": "alive"}


def _run(*command: str | Path, **more: object) -> None:
    subprocess.run(command, check=True, **more)  # type: ignore[call-overload]


def build(folder: Path) -> Path:
    """The wheel, built from the checkout."""
    _run(UV, "build", "--wheel", "--quiet", "--out-dir", folder, cwd=REPO)
    return next(folder.glob("fourweek-*.whl"))


def install(wheel: Path, folder: Path) -> Path:
    """An empty environment with the wheel and the locked dependencies; returns its command."""
    needed = folder / "requirements.txt"
    _run(UV, "export", "--quiet", "--locked", "--no-dev", "--no-emit-project", "--output-file", needed, cwd=REPO)
    _run(UV, "venv", "--quiet", folder / "env")
    python = folder / "env" / "bin" / "python"
    _run(UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", needed)
    _run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel)
    return folder / "env" / "bin" / "fourweek"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(url: str, patience: float = 20) -> str:
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 our own loopback address
                return str(answer.read().decode(errors="replace"))
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{url} answered {error.code}") from error
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def try_out(command: Path, folder: Path) -> None:
    """Run the installed command from an empty folder and look at its pages and static files."""
    port = _free_port()
    keep = {
        name: value for name, value in os.environ.items() if not name.startswith(("FOURWEEK_", "VIRTUAL_ENV", "PYTHON"))
    }
    env = keep | {"FOURWEEK_HOME": str(folder / "home"), "FOURWEEK_PORT": str(port)}
    _run(command.with_name("python"), "-c", TEMPLATE, cwd=folder, env=env)
    _run(command, *FIRST_PERSON, cwd=folder, env=env)  # without anybody every page would be the first run
    server = subprocess.Popen([command, "run"], cwd=folder, env=env)
    try:
        for path, expected in PAGES.items():
            if expected not in _get(f"http://127.0.0.1:{port}{path}"):
                raise SystemExit(f"{path} does not show {expected!r}")
        page = _get(f"http://127.0.0.1:{port}/sign-in")
        linked = [part.split('"')[0] for part in page.split('"/static/')[1:]]
        if not linked:
            raise SystemExit("the sign-in page links no static file")
        for path in linked:
            _get(f"http://127.0.0.1:{port}/static/{path.replace('&amp;', '&')}")
    finally:
        server.terminate()
        server.wait(timeout=20)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="fourweek-wheel-"))
    try:
        command = install(build(folder), folder)
        elsewhere = folder / "elsewhere"
        elsewhere.mkdir()
        try_out(command, elsewhere)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write("The wheel serves its pages and static files from an empty environment.\n")


if __name__ == "__main__":
    main()
