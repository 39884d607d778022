"""A request that writes to an upload: it holds the file, sees how the row stands, and lets go however it ends."""

import hashlib
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import structlog
from fastapi import Request
from sqlalchemy import Row

from assessments.evidence.access import Where
from assessments.uploads.access import my_upload
from assessments.uploads.errors import DiskTrouble, Lost, NoRoom, NotAdded, OtherOffset
from assessments.uploads.finishing import finish
from assessments.uploads.models import UploadState
from assessments.uploads.protocol import Checksum
from assessments.uploads.receiving import Receiving
from assessments.uploads.service import advance, drop
from assessments.uploads.spool import Spooled, folder, hold, is_held, make
from fourweek.edge import house, read, write
from fourweek.faults import FULL
from fourweek.keeping import Bounded
from fourweek.storage import PIECE, Store
from fourweek.uploads import THREADS

log = structlog.get_logger(__name__)
SPARE = 64 * PIECE
"""Bytes on the disk that an upload leaves free."""

SETTLING, PAUSE = 2.0, 0.05
"""Seconds for which whoever asks waits for another request that writes, and between two looks."""

# How far this process has digested what it took in: (bytes, digest). What it does not know is read again at the end.
_digests: Bounded[str, "tuple[int, hashlib._Hash]"] = Bounded(200)


async def make_room_for(store: Store, size: int) -> None:
    """Raises NoRoom where so many bytes more do not fit on the disk of the spool."""
    free = (await anyio.to_thread.run_sync(shutil.disk_usage, store.spool)).free
    if free < size + SPARE:
        raise NoRoom


async def take_piece(
    request: Request, where: Where, slot: str, upload_id: str, offset: int, checksum: Checksum | None
) -> Row[Any]:
    """Take in the body as the piece at `offset`, and finish what is whole then; the upload's row as it stands after.

    Raises NotFound for strangers, Held, OtherOffset, NotAdded, Lost, and what stands in the way of the piece.
    """
    upload = await read(request, my_upload, where, slot, upload_id)
    async with _holding(request, upload) as file:
        upload = await read(request, my_upload, where, slot, upload_id)
        if upload.state is UploadState.REFUSED:
            raise NotAdded(upload.problem)
        if offset != upload.received:
            raise OtherOffset(upload.received)
        if upload.state is UploadState.RECEIVING:
            await _receive(request, upload, file, checksum)
            upload = await read(request, my_upload, where, slot, upload_id)
        if upload.state is UploadState.CHECKING:
            await finish(request, where, slot, upload, file)
            upload = await read(request, my_upload, where, slot, upload_id)
    return upload


async def settled(request: Request, upload: Row[Any]) -> None:
    """Wait a moment while somebody writes: a request whose line broke has yet to sync and acknowledge what arrived.

    Asked too early, its sender would send all that once more, only to be told that it was there.
    """
    with anyio.move_on_after(SETTLING), _disk_as_answer(upload):
        while await anyio.to_thread.run_sync(is_held, _path(request, upload), limiter=THREADS):  # noqa: ASYNC110 by any process
            await anyio.sleep(PAUSE)


@asynccontextmanager
async def let_go(request: Request, upload: Row[Any]) -> AsyncIterator[None]:
    """Remove the file of an upload whose row goes in this block."""
    async with _holding(request, upload, make_it=False):
        yield
    path = _path(request, upload)
    await anyio.to_thread.run_sync(partial(path.unlink, missing_ok=True))


@asynccontextmanager
async def _holding(request: Request, upload: Row[Any], *, make_it: bool = True) -> AsyncIterator[Spooled | None]:
    """The upload's file, held by this request alone; None where it has none. A disk that fails is an answer."""
    path = _path(request, upload)
    fresh = make_it and upload.state is UploadState.RECEIVING and not upload.received
    with _disk_as_answer(upload):
        file = await anyio.to_thread.run_sync(_held, path, fresh, limiter=THREADS)
        try:
            yield file
        finally:
            if file is not None:
                file.close()


def _held(path: Path, fresh: bool) -> Spooled | None:  # noqa: FBT001 called by position in a thread
    file = hold(path)
    if file is None and fresh:
        make(path)
        file = hold(path)
    return file


async def _receive(request: Request, upload: Row[Any], file: Spooled | None, checksum: Checksum | None) -> None:
    async def acknowledge(before: int, received: int) -> None:
        await write(request, advance, upload.id, before, received)

    if file is None or not await anyio.to_thread.run_sync(file.go_to, upload.received, limiter=THREADS):
        log.error("upload lost", upload=upload.id, received=upload.received)
        await write(request, drop, upload.id)
        raise Lost
    known = _digests.get(upload.id)
    if not upload.received:
        file.digest = hashlib.sha256()
    elif known is not None and known[0] == upload.received:
        file.digest = known[1].copy()
    receiving = Receiving(file, upload.size, acknowledge, checksum)
    try:
        await receiving.take(request)
    finally:
        if file.digest is not None and receiving.acknowledged == file.size:
            _digests.put(upload.id, (file.size, file.digest))


def _path(request: Request, upload: Row[Any]) -> Path:
    return folder(house(request).store) / str(upload.id)


@contextmanager
def _disk_as_answer(upload: Row[Any]) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.error("upload not written", upload=upload.id, reason=error.strerror)  # noqa: TRY400 the fact, not a trace
        raise (NoRoom if error.errno in FULL else DiskTrouble) from error
