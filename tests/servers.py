"""Real servers in processes of their own, for the browser walk and the bench. Loopback only."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PAUSE = 0.01
PYTHON = sys.executable
FOURWEEK = str(Path(sys.executable).with_name("fourweek"))


class NotStarted(RuntimeError):
    """A server that ended, or did not answer in time. Says what it wrote."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `answered_after` is seconds from the start of its process to its first answer."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path
    answered_after: float

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def fourweek_environment(home: Path, port: int, **settings: str) -> dict[str, str]:
    """Only our own settings: whatever FOURWEEK_… the caller's shell has is left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOURWEEK_")}
    ours = {"FOURWEEK_HOME": str(home), "FOURWEEK_PORT": str(port), "FOURWEEK_HOST": HOST}
    return kept | ours | {f"FOURWEEK_{name.upper()}": value for name, value in settings.items()}


def run_fourweek(environment: Mapping[str, str], *words: str) -> str:
    """One `fourweek` command to its end; returns what it printed. Raises CalledProcessError."""
    done = subprocess.run(
        [FOURWEEK, *words], env=dict(environment), cwd=REPO, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def move_here(environment: Mapping[str, str]) -> None:
    """Let a school whose badges were signed at another address start at that of `environment`."""
    run_fourweek(environment, "keys", "move", "--why", "The server has another port.", "--yes")


@contextmanager
def serving(
    command: Sequence[str], port: int, environment: Mapping[str, str], log: Path, path: str = "/healthz"
) -> Iterator[Server]:
    """Start `command`, wait for its first answer at `path`, and stop it afterwards."""
    with log.open("wb") as out:
        started = time.monotonic()
        process = subprocess.Popen(
            list(command), env=dict(environment), cwd=REPO, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait(process, f"http://{HOST}:{port}{path}", log)
            yield Server(port, process, log, time.monotonic() - started)
        finally:
            _stop(process)


def _wait(process: "subprocess.Popen[bytes]", url: str, log: Path, patience: float = 30) -> None:
    until = time.monotonic() + patience
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 our own loopback address
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(PAUSE)
    raise NotStarted(f"{url} does not answer:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: "subprocess.Popen[bytes]", patience: float = 15) -> None:
    """End a server with its workers: asked first, then made to."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(patience)
