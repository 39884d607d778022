"""`fourweek serve` and `fourweek run` as an operator starts and stops them: real processes, a home of their own."""

import os
import signal
import socket
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


def _started(home: Path, *words: str, **settings: str) -> AbstractContextManager[Server]:
    port = free_port()
    environment = fourweek_environment(home, port, **settings)
    return serving([FOURWEEK, *words], port, environment, home.with_suffix(".log"), "/readyz")


def _half_a_form(server: Server) -> socket.socket:
    """A request whose body has begun to arrive."""
    line = socket.create_connection((HOST, server.port), timeout=10)
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: {HOST}:{server.port}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    )
    line.sendall(f"{head}Content-Length: 9\r\n\r\naddr".encode())
    time.sleep(0.2)
    return line


def _refuses(server: Server) -> bool:
    try:
        socket.create_connection((HOST, server.port), timeout=1).close()
    except OSError:
        return True
    return False


def _ended(server: Server) -> int:
    server.process.send_signal(signal.SIGTERM)
    return server.process.wait(10)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_two_processes_serve_pages_and_end_when_told_to(tmp_path: Path) -> None:
    with _started(tmp_path / "home", "serve", "--workers", "2") as server:
        with urllib.request.urlopen(f"{server.url}/sign-in") as answer:  # noqa: S310 our own loopback address
            assert b"<h1>" in answer.read()
        with _half_a_form(server) as line:
            os.killpg(server.process.pid, signal.SIGTERM)  # as systemd and a terminal tell all processes at once
            until = time.monotonic() + 5
            while not _refuses(server) and time.monotonic() < until:
                time.sleep(0.05)
            assert _refuses(server)
            assert server.process.poll() is None
            line.sendall(b"ess=x")
            assert line.recv(100).startswith(b"HTTP/1.1 303 ")  # nobody has an account: to the first run
        assert server.process.wait(10) == 0
    assert "Warning: FOURWEEK_BASE_URL: Pages go over plain http" in server.log.read_text()


def test_one_process_with_the_worker_hands_its_duty_back_and_cuts_what_does_not_end(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with _started(home, "run", stop_seconds="1") as server:
        db = Database(Settings(home=home).database)
        until = time.monotonic() + 10
        while not _on_duty(db) and time.monotonic() < until:
            time.sleep(0.05)
        assert _on_duty(db)
        with _half_a_form(server):  # which never ends: it is cut
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
