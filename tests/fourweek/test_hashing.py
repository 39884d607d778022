"""Hashing happens beside the loop, few at a time."""

import threading
import time

import anyio
import pytest

from fourweek.accounts.passwords import Passwords


def test_passwords_are_hashed_off_the_loop_two_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = Passwords(8192, 1)
    lock, here, most, threads = threading.Lock(), 0, 0, set[int]()

    def slow(_password: str, _stored: str | None) -> tuple[bool, str | None]:
        nonlocal here, most
        with lock:
            here, most = here + 1, max(most, here + 1)
            threads.add(threading.get_ident())
        time.sleep(0.01)
        with lock:
            here -= 1
        return False, None

    async def rush() -> int:
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(hashing.check_aside, "a password", None)
        return threading.get_ident()

    monkeypatch.setattr(hashing, "check", slow)
    loop = anyio.run(rush)
    assert (most, loop in threads) == (2, False)
