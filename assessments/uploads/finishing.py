"""What becomes of an upload once its last byte is here: looked at, digested, kept in the store, put into the draft.

Every step may be done again: should the process die in between, the same upload is finished by whoever asks next. The
spooled file stays until the row says that it is evidence.
"""

import hashlib
from functools import partial
from typing import Any

import anyio.to_thread
from fastapi import Request
from sqlalchemy import Row

from assessments.evidence.access import Where
from assessments.evidence.forms import NewFile
from assessments.evidence.kinds import media_type, wrong_kind
from assessments.evidence.names import ending_of
from assessments.evidence.photos import REMOVED, cleaned
from assessments.uploads.errors import Lost, NotAdded, NotYet
from assessments.uploads.service import add_to_draft, note_checked, note_problem
from assessments.uploads.spool import STEP, Spooled, digest_step, second_name
from fourweek.clock import real_time
from fourweek.edge import house, write
from fourweek.errors import Busy
from fourweek.multipart import HEAD
from fourweek.scanning.waiting import note_arrived
from fourweek.storage import Kept
from fourweek.storage.aside import keep_aside
from fourweek.uploads import THREADS


async def finish(request: Request, where: Where, slot: str, upload: Row[Any], file: Spooled | None) -> None:
    """Make a whole upload evidence of its draft. Raises NotAdded, which the upload's row then says too, and Busy."""
    if file is None:
        raise Lost
    await _refuse_wrong_kind(request, upload, file)
    new = await _kept(request, slot, upload, file)
    try:
        await write(request, add_to_draft, where, upload.id, new)
    except NotAdded as error:
        await _note(request, upload, error.message, final=False)
        raise
    file.path.unlink(missing_ok=True)


async def _refuse_wrong_kind(request: Request, upload: Row[Any], file: Spooled) -> None:
    head = await _in_thread(partial(file.head, HEAD))
    if words := wrong_kind(ending_of(upload.file_name), head, tuple(upload.accept)):
        await _note(request, upload, words, final=True)
        file.path.unlink(missing_ok=True)
        raise NotAdded(words)


async def _kept(request: Request, slot: str, upload: Row[Any], file: Spooled) -> NewFile:
    """The file, durable in the store."""
    store, ending = house(request).store, ending_of(upload.file_name)
    other = store.new_spool()
    try:
        await _in_thread(partial(second_name, file.path, other))
        changed = None if upload.keeps_place else await _in_thread(partial(cleaned, other, ending))
        kept = changed or Kept(await _sha256(request, upload, file), upload.size)
        await keep_aside(store.keep, other, kept.sha256)
        await note_arrived(house(request), [kept.sha256])
    except Busy as error:
        raise NotYet from error
    finally:
        other.unlink(missing_ok=True)
    note = REMOVED if changed else ""
    return NewFile(slot, upload.file_name, media_type(ending), kept.size, kept.sha256, note)


async def _sha256(request: Request, upload: Row[Any], file: Spooled) -> str:
    return file.digest.hexdigest() if file.digest is not None else await _digest(request, upload, file)


async def _digest(request: Request, upload: Row[Any], file: Spooled) -> str:
    """Read it again, as when another process took in the beginning; how far this is can be read from the row."""
    digest, checked = hashlib.sha256(), 0
    with file.path.open("rb") as handle:
        while taken := await _in_thread(partial(digest_step, handle, digest, STEP)):
            checked += taken
            if checked < upload.size:
                await house(request).db.write(note_checked, upload.id, checked)
    return digest.hexdigest()


async def _note(request: Request, upload: Row[Any], words: str, *, final: bool) -> None:
    await house(request).db.write(note_problem, upload.id, words, final=final, at=real_time())


async def _in_thread(work: Any) -> Any:
    return await anyio.to_thread.run_sync(work, limiter=THREADS)
