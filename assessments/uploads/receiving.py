"""A piece of a file, from the request's body to bytes that are acknowledged.

A thread writes a mebibyte while the next one arrives; every so often what was written is synced, and only then
acknowledged in the row. Memory holds two mebibytes. A connection that breaks costs nothing that arrived.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import field
from functools import partial

import anyio
from fastapi import Request
from starlette.requests import ClientDisconnect

from assessments.uploads.errors import OtherDigest
from assessments.uploads.protocol import Checksum
from assessments.uploads.spool import Spooled
from fourweek.errors import CutOff, TooLarge
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.storage import PIECE
from fourweek.uploads import Pending, begin_work

BETWEEN_BYTES = 16 * PIECE
BETWEEN_SECONDS = 5.0
SILENCE = 30.0
"""Seconds without a byte after which a sender is taken to be gone: it may come again and find the file held."""

Acknowledge = Callable[[int, int], Awaitable[None]]
"""Writes down that so many bytes were acknowledged before and so many are synced now."""


@dataclass(slots=True)
class Receiving:
    """Takes one piece into a held file that stands at its end; `limit` is the size of the whole file.

    With a checksum nothing is acknowledged before all of the piece is there and fits it.
    """

    file: Spooled
    limit: int
    acknowledge: Acknowledge
    checksum: Checksum | None = None
    acknowledged: int = field(init=False)
    _pending: Pending = None
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self.acknowledged = self.file.size
        self._since = time.monotonic()
        if self.checksum is not None:
            self.file.piece_digest = self.checksum.begin()

    async def take(self, request: Request) -> None:
        """Raises CutOff for a piece that did not arrive whole, OtherDigest, TooLarge beyond the end of the file."""
        try:
            whole = await self._read(request)
            if self.checksum is None or (whole and self._fits()):
                await self._acknowledge()
        finally:
            await asyncio.shield(self._settle())
        if not whole:
            raise CutOff
        if not self._fits():
            raise OtherDigest

    async def _read(self, request: Request) -> bool:
        """Write all that comes; whether that is all there was to come."""
        buffer, coming = bytearray(), self.file.size
        whole = True
        try:
            async for chunk in _body(request):
                coming += len(chunk)
                if coming > self.limit:
                    raise TooLarge(_("This piece goes beyond the end of the file."))
                buffer += chunk
                if len(buffer) >= PIECE or self._is_time():
                    await self._put(buffer)
                    buffer = bytearray()
        except (ClientDisconnect, TimeoutError):
            whole = False
        if buffer:
            await self._put(buffer)
        await self._turn()
        return whole or self.file.size == self.limit

    async def _put(self, buffer: bytearray) -> None:
        await self._turn(partial(self.file.put, buffer))
        if self.checksum is None and (self.file.size - self.acknowledged >= BETWEEN_BYTES or self._is_time()):
            await self._acknowledge()

    def _is_time(self) -> bool:
        """Whether the last bytes were acknowledged long ago, as on a slow line."""
        return time.monotonic() - self._since >= BETWEEN_SECONDS

    async def _acknowledge(self) -> None:
        await self._turn(self.file.sync)
        await self._turn()
        if self.file.size > self.acknowledged:
            await self.acknowledge(self.acknowledged, self.file.size)
            self.acknowledged = self.file.size
        self._since = time.monotonic()

    async def _turn(self, work: Callable[[], None] | None = None) -> None:
        """Wait for the work before, then let a thread begin this; should we be given up, `_settle` still knows it."""
        if self._pending is not None:
            await asyncio.shield(self._pending)
        self._pending = begin_work(work) if work is not None else None

    async def _settle(self) -> None:
        """No thread may write once this is over, however it ended: the file is about to be closed."""
        if self._pending is not None:
            with suppress(Exception):
                await self._pending

    def _fits(self) -> bool:
        made = self.file.piece_digest
        return self.checksum is None or made is None or self.checksum.fits(made)


async def _body(request: Request) -> AsyncIterator[bytes]:
    """The request's body as it comes. Raises TimeoutError when nothing has come for long, ClientDisconnect."""
    stream = aiter(request.stream())
    while True:
        with anyio.fail_after(SILENCE):
            chunk = await anext(stream, None)
        if chunk is None:
            return
        yield chunk
