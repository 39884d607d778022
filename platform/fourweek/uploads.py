"""The one way in for files: they go straight to their spool as they arrive, and are hashed on the way.

The loop only parses; a thread writes and hashes a piece while the next one arrives. Memory holds two pieces, whatever
the file's size. What is still in the spool when the block ends is removed: a cut-off upload leaves nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import BinaryIO

import anyio
import anyio.to_thread
from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect

from fourweek.edge import check_token, read_form
from fourweek.errors import CutOff, StaleForm
from fourweek.light import dataclass
from fourweek.multipart import Arrived, Fields, Parts, Piece
from fourweek.storage import Store, disk_as_busy
from fourweek.storage.aside import keep_aside

THREADS = anyio.CapacityLimiter(4)
Pending = asyncio.Future[None] | None


@dataclass(slots=True)
class Body:
    """A form that arrived whole and carried the right token."""

    fields: Fields
    files: list[Arrived]


@asynccontextmanager
async def arriving(request: Request, store: Store, limit: int, form_limit: int) -> AsyncIterator[Body]:
    """The request's form; `limit` bytes a file, `form_limit` for all fields together.

    Raises StaleForm with what was typed, TooLarge for the fields, CutOff for a body that is not whole.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await read_form(request)
        yield Body([(k, v) for k, v in form.multi_items() if isinstance(v, str)], [])
        return
    parts = Parts(store, limit, form_limit, lambda fields: _has_token(request, fields))
    try:
        with disk_as_busy():
            await _take_in(request, parts)
        check_token(request, FormData([*parts.fields]))
        yield Body(parts.fields, parts.files)
    finally:
        for arrived in parts.files:
            if arrived.handle:
                arrived.handle.close()
            arrived.spooled.unlink(missing_ok=True)


async def keep(store: Store, arrived: Arrived) -> None:
    """Make an arrived file durable, outside of the loop. Raises Busy when disk or store cannot just now."""
    await keep_aside(store.keep, arrived.spooled, arrived.sha256)


async def _take_in(request: Request, parts: Parts) -> None:
    boundary = parse_options_header(request.headers["content-type"])[1].get(b"boundary")
    if not boundary:
        raise CutOff
    pending: Pending = None
    try:
        parser = MultipartParser(boundary, parts.callbacks())
        async for chunk in request.stream():
            parser.write(chunk)
            for piece in parts.take():
                pending = await in_turn(pending, partial(_write, piece))
        await in_turn(pending)
        pending = None
    except (ClientDisconnect, FormParserError):
        raise CutOff from None
    finally:
        if pending is not None:
            with suppress(Exception):
                await pending
    if not parts.whole:
        raise CutOff


async def in_turn(before: Pending, work: Callable[[], None] | None = None) -> Pending:
    """Wait until what was handed over before is done, then let a thread do this while the loop goes on."""
    if before is not None:
        await before
    return begin_work(work) if work is not None else None


def begin_work(work: Callable[[], None]) -> asyncio.Future[None]:
    """Let a thread of the few for files do this; how it ended is in the future."""
    return asyncio.ensure_future(anyio.to_thread.run_sync(work, limiter=THREADS))


def write_all(handle: BinaryIO, data: bytes | bytearray) -> None:
    """Write every byte to an unbuffered file, which may take several goes."""
    view = memoryview(data)
    while view:
        view = view[handle.write(view) :]


def _write(piece: Piece) -> None:
    file = piece.file
    if file.handle is None:
        file.handle = file.spooled.open("xb", buffering=0)
    write_all(file.handle, piece.data)
    file.digest.update(piece.data)
    if piece.last:
        file.handle.close()
        file.handle = None
        file.sha256 = file.digest.hexdigest()


def _has_token(request: Request, fields: Fields) -> bool:
    try:
        check_token(request, FormData([*fields]))
    except StaleForm:
        return False
    return True
