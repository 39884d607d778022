"""Few threads ask the store, and nobody waits for them without end."""

import threading
import time

import anyio
import pytest

from fourweek.errors import Busy
from fourweek.storage import aside
from fourweek.storage.aside import KEEPERS, READERS, keep_aside, read_aside


def test_what_was_asked_comes_back_and_errors_do_too() -> None:
    async def ask() -> int:
        with pytest.raises(ZeroDivisionError):
            await read_aside(divmod, 1, 0)
        return sum(await keep_aside(divmod, 7, 2))

    assert anyio.run(ask) == 4


def test_a_store_that_hangs_holds_few_threads_and_turns_the_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred ask for a file of a store that hangs; who keeps one, and the loop, go on meanwhile."""
    monkeypatch.setattr(aside, "WAIT", 0.3)
    free, busy, kept = threading.Event(), [0], []
    before = threading.active_count()

    def hang() -> str:
        free.wait(30)
        return "at last"

    async def ask(answers: list[str]) -> None:
        try:
            answers.append(await read_aside(hang))
        except Busy:
            busy[0] += 1

    async def crowd() -> list[str]:
        answers: list[str] = []
        async with anyio.create_task_group() as group:
            for _ in range(100):
                group.start_soon(ask, answers)
            await anyio.sleep(1)
            kept.append(await keep_aside(str, "kept"))
            assert threading.active_count() - before <= READERS.total_tokens + KEEPERS.total_tokens
            free.set()
        return answers

    begun = time.monotonic()
    answers = anyio.run(crowd)
    assert answers == ["at last"] * int(READERS.total_tokens)
    assert (busy, kept) == ([100 - len(answers)], ["kept"])
    assert time.monotonic() - begun < 20


def test_what_has_begun_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "WAIT", 0.05)

    def slow() -> str:
        time.sleep(0.4)
        return "done"

    assert anyio.run(keep_aside, slow) == "done"
