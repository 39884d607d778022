"""`fourweek serve` and `fourweek run` as an operator starts and stops them: real processes, a home of their own."""

import os
import signal
import subprocess
import threading
import time
import urllib.request
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fourweek.app import create_app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.jobs.service import TICKER, holder_of
from fourweek.server import hold_port
from fourweek.settings import Settings
from tests.servers import FOURWEEK, HOST, REPO, Server, fourweek_environment, free_port, serving


def _started(home: Path, *words: str) -> AbstractContextManager[Server]:
    port = free_port()
    return serving([FOURWEEK, *words], port, fourweek_environment(home, port), home.with_suffix(".log"), "/readyz")


def _ended(server: Server) -> int:
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(10)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_two_processes_serve_pages_and_end_when_told_to(tmp_path: Path) -> None:
    with _started(tmp_path / "home", "serve", "--workers", "2") as server:
        with urllib.request.urlopen(f"{server.url}/sign-in") as answer:  # noqa: S310 our own loopback address
            assert b"<h1>" in answer.read()
        assert _ended(server) == 0


def test_one_process_with_the_worker_hands_its_duty_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _started(home, "run") as server:
        db = Database(Settings(home=home).database)
        until = time.monotonic() + 10
        while not _on_duty(db) and time.monotonic() < until:
            time.sleep(0.05)
        assert _on_duty(db)
        assert _ended(server) == 0
        assert _on_duty(db) is None
    db.close()


def _on_duty(db: Database) -> str | None:
    return db.read_now(holder_of, TICKER, real_time())


def test_making_the_app_opens_no_connection_and_starts_no_thread(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    before = threading.active_count()
    create_app(settings)
    assert not list(tmp_path.glob("*.sqlite3*"))
    assert threading.active_count() == before


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    port = free_port()
    with hold_port(HOST, port):
        for words in (["serve", "--workers", "2"], ["run"], ["demo"]):
            done = subprocess.run(
                [FOURWEEK, *words],
                env=fourweek_environment(tmp_path / "home", port),
                cwd=REPO,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (done.returncode, f"Port {port} is taken." in done.stderr) == (1, True)
    assert not (tmp_path / "home").exists()
