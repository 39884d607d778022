"""One statement for many askers: under load each look-up waits for the next one, and that answers all who wait."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Gathering(Generic[T]):
    """Answers keys in batches. A batch begins after everyone in it asked, so no answer is older than its question."""

    def __init__(self, look_up: Callable[[frozenset[str]], Awaitable[Mapping[str, T]]], *, most: int = 100) -> None:
        self._look_up = look_up
        self._most = most
        self._waiting: list[tuple[str, asyncio.Future[T | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, key: str) -> T | None:
        """What the look-up finds for the key; None for nothing. Raises what the look-up raises."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T | None] = loop.create_future()
        self._waiting.append((key, answer))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                found = await self._look_up(frozenset(key for key, _ in batch))
            except Exception as error:  # noqa: BLE001 it belongs to those who asked
                _settle(batch, error)
            else:
                for key, answer in batch:
                    if not answer.done():
                        answer.set_result(found.get(key))


def _settle(batch: list[tuple[str, "asyncio.Future[T | None]"]], error: Exception) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
