"""Forked server processes as the machine sees them: they answer, die, are replaced and end."""

import os
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from starlette.applications import Starlette

from fourweek.processes import GIVE_UP, Processes
from fourweek.server import AddressRefused, configure, hold_port
from tests.servers import PYTHON, REPO, Server, free_port, serving

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")

LITTLE = [PYTHON, "-m", "tests.fourweek.little_server"]


def _little(tmp_path: Path) -> AbstractContextManager[Server]:
    port = free_port()
    return serving([*LITTLE, str(port), "well"], port, os.environ, tmp_path / "log", "/")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with _little(tmp_path) as started:
        yield started


def _ask(server: Server, seconds: float = 0) -> int:
    with urllib.request.urlopen(f"{server.url}/?seconds={seconds}", timeout=10) as answer:  # noqa: S310 loopback
        return int(answer.read())


def _numbers(server: Server) -> set[int]:
    """The processes that answer: while one is busy the other one must."""
    with ThreadPoolExecutor(6) as pool:
        return set(pool.map(lambda _: _ask(server, 0.05), range(6)))


def _soon(holds: Callable[[], bool], patience: float = 10) -> bool:
    until = time.monotonic() + patience
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_two_processes_answer_on_one_port(server: Server) -> None:
    assert _soon(lambda: len(_numbers(server)) == 2)
    assert server.process.pid not in _numbers(server)


def test_a_killed_process_is_replaced_while_the_other_answers(server: Server) -> None:
    assert _soon(lambda: len(_numbers(server)) == 2)
    before = _numbers(server)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    (left,) = before - {killed}
    assert _ask(server) == left
    assert _soon(lambda: len(_numbers(server)) == 2)
    assert killed not in _numbers(server)
    assert "server process died" in server.log.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_its_answers_and_leaves_nobody(server: Server, number: int) -> None:
    assert _soon(lambda: len(_numbers(server)) == 2)
    numbers = _numbers(server)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_ask, server, 0.5)
        time.sleep(0.2)
        server.process.send_signal(number)
        assert running.result() in numbers
    assert server.process.wait(10) == 0
    assert all(_gone(pid) for pid in numbers)
    assert server.log.read_text() == ""


def test_told_twice_it_ends_at_once(server: Server) -> None:
    assert _soon(lambda: len(_numbers(server)) == 2)
    numbers = _numbers(server)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_ask, server, 30)
        time.sleep(0.2)
        for _ in range(2):
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
        server.process.wait(3)
        with pytest.raises(OSError, match=r"closed|reset"):
            running.result()
    assert all(_gone(pid) for pid in numbers)


def test_nobody_outlives_a_killed_parent(tmp_path: Path) -> None:
    """One that is free ends by itself; one that is busy ends when told twice, as there is no parent to do it."""
    with _little(tmp_path) as server, ThreadPoolExecutor(1) as pool:
        assert _soon(lambda: len(_numbers(server)) == 2)
        numbers = _numbers(server)
        running = pool.submit(_ask, server, 30)
        time.sleep(0.2)
        server.process.kill()
        server.process.wait()
        assert _soon(lambda: any(_gone(pid) for pid in numbers))
        (busy,) = (pid for pid in numbers if not _gone(pid))
        for _ in range(2):
            os.kill(busy, signal.SIGTERM)
            time.sleep(0.1)
        assert _soon(lambda: _gone(busy), 3)
        with pytest.raises(OSError, match=r"closed|reset"):
            running.result()


def test_processes_that_cannot_start_end_it_with_their_reason() -> None:
    done = subprocess.run(
        [*LITTLE, str(free_port()), "broken"], cwd=REPO, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 1
    assert "the cellar is under water" in done.stderr
    assert GIVE_UP <= done.stdout.count("start ") <= GIVE_UP + 1


def test_a_process_with_threads_is_not_forked() -> None:
    with hold_port("127.0.0.1", free_port()) as held:
        ended = threading.Event()
        thread = threading.Thread(target=ended.wait)
        thread.start()
        with pytest.raises(RuntimeError, match="threads"):
            Processes(2, configure(Starlette()), held).run()
        ended.set()
        thread.join()


def test_a_port_is_held_once() -> None:
    port = free_port()
    with hold_port("127.0.0.1", port), pytest.raises(AddressRefused, match=f"Port {port} is taken"):
        hold_port("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(AddressRefused, match=r"192\.0\.2\.1"):
        hold_port("192.0.2.1", free_port())
