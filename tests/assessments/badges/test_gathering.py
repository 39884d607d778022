"""Many who ask at once cost one look-up, and nobody gets an answer older than the question."""

import asyncio
from collections.abc import Mapping

import pytest

from assessments.badges.gathering import Gathering


class Book:
    """A look-up that takes its time: it reads when it begins and answers a moment later."""

    def __init__(self) -> None:
        self.values: dict[str, int] = {}
        self.asked: list[frozenset[str]] = []

    async def look_up(self, keys: frozenset[str]) -> Mapping[str, int]:
        self.asked.append(keys)
        found = {key: self.values[key] for key in keys if key in self.values}
        await asyncio.sleep(0.01)
        return found


def test_many_at_once_are_answered_together() -> None:
    book = Book()
    book.values = {"a": 1, "b": 2}

    async def ask() -> list[int | None]:
        gathering = Gathering(book.look_up)
        return await asyncio.gather(*(gathering.ask(key) for key in ("a", "b", "c", "a")))

    assert asyncio.run(ask()) == [1, 2, None, 1]
    assert book.asked == [frozenset("abc")]


def test_who_asks_during_a_look_up_waits_for_the_next() -> None:
    book = Book()
    book.values = {"a": 1}

    async def ask() -> tuple[int | None, int | None]:
        gathering = Gathering(book.look_up)
        first = asyncio.create_task(gathering.ask("a"))
        await asyncio.sleep(0.005)
        book.values = {"a": 2}
        return await gathering.ask("a"), await first

    assert asyncio.run(ask()) == (2, 1)
    assert len(book.asked) == 2


def test_a_batch_holds_no_more_than_it_may() -> None:
    book = Book()

    async def ask() -> None:
        gathering = Gathering(book.look_up, most=2)
        await asyncio.gather(*(gathering.ask(key) for key in "abcde"))

    asyncio.run(ask())
    assert sorted(map(len, book.asked)) == [1, 2, 2]


def test_a_failure_reaches_those_who_asked_and_nobody_else() -> None:
    book = Book()

    async def look_up(keys: frozenset[str]) -> Mapping[str, int]:
        if "bad" in keys:
            raise LookupError("no")
        return await book.look_up(keys)

    async def ask() -> tuple[BaseException | int | None, int | None]:
        gathering = Gathering(look_up)
        (failed,) = await asyncio.gather(gathering.ask("bad"), return_exceptions=True)
        return failed, await gathering.ask("good")

    book.values = {"good": 3}
    failed, good = asyncio.run(ask())
    assert (type(failed), good) == (LookupError, 3)


def test_who_gave_up_does_not_stop_the_others() -> None:
    book = Book()
    book.values = {"a": 1}

    async def ask() -> int | None:
        gathering = Gathering(book.look_up)
        gone, stays = asyncio.create_task(gathering.ask("a")), asyncio.create_task(gathering.ask("a"))
        await asyncio.sleep(0.005)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        return await stays

    assert asyncio.run(ask()) == 1
