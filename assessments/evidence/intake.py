"""From a request's body to what was typed and which files were taken: authorised first, then streamed."""

import anyio.to_thread
from fastapi import Request
from sqlalchemy import Connection

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Where, my_slots
from assessments.evidence.forms import FILES, NewFile, Typed, typed_from
from assessments.evidence.kinds import media_type, wrong_kind
from assessments.evidence.names import clean_name, ending_of
from assessments.evidence.photos import KEEP_PLACE, REMOVED, cleaned
from assessments.evidence.rules import Asked, Missing
from assessments.uploads.access import say_full, space_left
from assessments.uploads.limits import need_upload
from fourweek.accounts.access import Visitor
from fourweek.edge import house, read
from fourweek.errors import Busy, TooMany
from fourweek.language import _, n_
from fourweek.light import dataclass
from fourweek.multipart import Arrived
from fourweek.scanning.waiting import note_arrived
from fourweek.storage import Store, disk_as_busy
from fourweek.uploads import THREADS, arriving, keep
from fourweek.words import say_size


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that arrived whole; its files are durable. `too_large`: one went beyond the limit.

    `wait`: so many seconds no file is taken, for very many came; 0 where they were.
    """

    typed: Typed
    too_large: bool
    wait: int = 0


async def taken_in(request: Request, where: Where) -> Sent:
    """The form sent to an assignment. Whoever may not write there gets NotFound before a byte of the body is taken."""
    ours = house(request)
    limit, quota = ours.settings.upload_limit, ours.settings.learner_quota
    slots, left = await read(request, _file_slots, where, quota)
    held = await _held_up(request)
    files: list[NewFile] = []
    refused: dict[str, list[str]] = {}
    async with arriving(request, ours.store, limit, ours.settings.form_limit) as body:
        for arrived in body.files:
            key, name = arrived.part.removeprefix(FILES), clean_name(arrived.name)
            if key not in slots or arrived.part == key:
                continue
            ending, sent = ending_of(name), arrived.sha256
            clean = (KEEP_PLACE + key, "1") not in body.fields
            words = _say_wait(held) if held else _refusal(arrived, name, slots[key], limit)
            if not words and arrived.size > left:
                words = " ".join((say_full(quota), _("Nothing was kept of it.")))
            if words := words or await _kept(ours.store, arrived, ending if clean else ""):
                refused.setdefault(key, []).append(f"{name}: {words}")
                continue
            left -= arrived.size
            note = "" if arrived.sha256 == sent else REMOVED
            files.append(NewFile(key, name, media_type(ending), arrived.size, arrived.sha256, note))
        await note_arrived(ours, [file.sha256 for file in files])
        too_large = any(arrived.too_large for arrived in body.files)
        reasons = [Missing(key, " ".join(words)) for key, words in refused.items()]
        return Sent(typed_from(body.fields, files, reasons), too_large, held.wait if held and refused else 0)


async def _held_up(request: Request) -> TooMany | None:
    """Why no file is taken from the visitor just now, who sent very many; what is typed is kept all the same."""
    try:
        await need_upload(request)
    except TooMany as error:
        return error
    return None


def _say_wait(held: TooMany) -> str:
    return n_(
        "Very many files came in a short time. Add it again in {count} minute.",
        "Very many files came in a short time. Add it again in {count} minutes.",
        -(-held.wait // 60),
    )


def _file_slots(conn: Connection, visitor: Visitor, where: Where, quota: int) -> tuple[dict[str, Asked], int]:
    """The slots that take files, and how many bytes may come. Raises NotFound where no such assignment is open."""
    slots = my_slots(conn, visitor, where)
    taking = {slot.asked.key: slot.asked for slot in slots if slot.asked.kind is RequirementKind.FILES}
    return taking, space_left(conn, visitor.me.id, quota)


async def _kept(store: Store, arrived: Arrived, ending: str) -> str:
    """Why the file could not be kept just now, "" when it was: what was typed beside it is saved all the same.

    Where its `ending` says that it is a photo, location data is taken out first.
    """
    try:
        with disk_as_busy():
            changed = await anyio.to_thread.run_sync(cleaned, arrived.spooled, ending, limiter=THREADS)
        if changed is not None:
            arrived.size, arrived.sha256 = changed.size, changed.sha256
        await keep(store, arrived)
    except Busy as busy:
        return " ".join((busy.message, _("Send it once more in a moment.")))
    return ""


def _refusal(arrived: Arrived, name: str, asked: Asked, limit: int) -> str:
    if arrived.too_large:
        return _("This file is larger than {size}. Nothing was kept of it.", size=say_size(limit))
    if not arrived.size:
        return _("This file is empty. Nothing was kept of it.")
    return wrong_kind(ending_of(name), arrived.head, asked.accept)
