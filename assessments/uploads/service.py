"""What becomes of an upload's row: begun, further, whole, part of the draft, dropped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, update

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Desk, Where, my_desk
from assessments.evidence.drafts import Kept, change_at, store
from assessments.evidence.forms import NewFile, Typed
from assessments.evidence.kinds import media_type, not_asked_for
from assessments.evidence.names import ending_of
from assessments.evidence.rules import too_many
from assessments.evidence.tasks import Slot
from assessments.uploads.access import UPLOAD, coming, say_full, space_left
from assessments.uploads.errors import NotAdded
from assessments.uploads.models import Upload, UploadState
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id
from fourweek.errors import Conflict, NotFound, TooLarge
from fourweek.language import _, n_
from fourweek.light import dataclass
from fourweek.words import say_size

KEPT_FOR = timedelta(days=7)
"""How long an upload waits for its next piece."""
MOST = 20
UNHEARD = timedelta(minutes=1)
"""After this long without a byte, whoever began the same upload did not hear that it had begun."""


@dataclass(frozen=True, slots=True)
class NewUpload:
    """A file somebody wants to send: its cleaned name, `size` bytes, for the attempt their page shows."""

    name: str
    size: int
    attempt: int
    keeps_place: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """The largest file, and all files of one learner together, in bytes."""

    largest: int
    quota: int


def begin(conn: Connection, visitor: Visitor, where: Where, key: str, new: NewUpload, terms: Terms) -> str:
    """Begin an upload for a slot of the visitor's draft, which begins with it if need be; returns the upload's id.

    Raises NotFound, TooLarge, NotAdded, and what stands in the way of a draft as `save_draft` does.
    """
    desk = my_desk(conn, visitor, where, deciding=True)
    slot = _slot(desk, key)
    _refuse_at_once(slot, new, terms)
    others = coming(conn, visitor.me.id)
    if again := next((other for other in others if _is_the_same(other, slot, new, visitor.now.real)), None):
        return str(again.id)
    if len(others) >= MOST:
        raise NotAdded(
            n_(
                "{count} file is on its way already. Let it finish, or remove it.",
                "{count} files are on their way already. Let some finish, or remove some.",
                MOST,
            )
        )
    if new.size > space_left(conn, visitor.me.id, terms.quota):
        raise TooLarge(say_full(terms.quota))
    upload = Upload(
        id=new_id(),
        submission_id=_draft_for(conn, desk, slot, new, others),
        requirement_id=slot.id,
        person_id=visitor.me.id,
        file_name=new.name,
        media_type=media_type(ending_of(new.name)),
        size=new.size,
        keeps_place=new.keeps_place,
        begun_at=visitor.now.real,
        touched_at=visitor.now.real,
    )
    add(conn, upload)
    return upload.id


def advance(conn: Connection, visitor: Visitor, upload_id: str, before: int, received: int) -> None:
    """Acknowledge bytes that are synced; the last of them ends receiving. Whose they are is asked each time anew."""
    still = (UPLOAD.c.person_id == visitor.me.id, UPLOAD.c.received == before, UPLOAD.c.state == UploadState.RECEIVING)
    values = {"received": received, "touched_at": visitor.now.real}
    if conn.execute(update(UPLOAD).where(UPLOAD.c.id == upload_id, *still).values(values)).rowcount != 1:
        raise NotFound
    whole = update(UPLOAD).where(UPLOAD.c.id == upload_id, UPLOAD.c.size == received)
    conn.execute(whole.values(state=UploadState.CHECKING))


def note_checked(conn: Connection, upload_id: str, checked: int) -> None:
    conn.execute(update(UPLOAD).where(UPLOAD.c.id == upload_id).values(checked=checked))


def note_problem(conn: Connection, upload_id: str, words: str, *, final: bool, at: datetime) -> None:
    """Why the file is not in the draft; `final` where nothing can change that."""
    values: dict[str, Any] = {"problem": words[:300], "touched_at": at}
    if final:
        values["state"] = UploadState.REFUSED
    conn.execute(update(UPLOAD).where(UPLOAD.c.id == upload_id).values(values))


def add_to_draft(conn: Connection, visitor: Visitor, where: Where, upload_id: str, file: NewFile) -> None:
    """Make a kept file evidence of the draft its upload is for; a second time changes nothing.

    Raises NotAdded with words where the slot or the attempt takes it no more.
    """
    desk = my_desk(conn, visitor, where, deciding=True)
    mine = (UPLOAD.c.id == upload_id, UPLOAD.c.person_id == visitor.me.id)
    row = conn.execute(UPLOAD.select().where(*mine)).one_or_none()
    if row is None:
        raise NotFound
    if row.state == UploadState.KEPT:
        return
    draft = next((tried for tried in desk.tries if tried.id == row.submission_id), None)
    if draft is None:
        raise NotFound
    try:
        change = change_at(conn, desk, Typed(attempt=draft.number, files=(file,)))
        if change.wrong:
            raise NotAdded(" ".join(change.wrong.values()))
        store(conn, desk, change)
    except Conflict as error:
        raise NotAdded(f"{_(error.title)}. {error.message}") from error
    kept = {"state": UploadState.KEPT, "sha256": file.sha256, "problem": "", "touched_at": visitor.now.real}
    conn.execute(update(UPLOAD).where(*mine).values(kept))


def drop(conn: Connection, visitor: Visitor, upload_id: str) -> None:
    """Forget an upload of the visitor's own that was fetched before; what it brought into the draft stays there."""
    conn.execute(delete(UPLOAD).where(UPLOAD.c.id == upload_id, UPLOAD.c.person_id == visitor.me.id))


def _slot(desk: Desk, key: str) -> Slot:
    slot = next((slot for slot in desk.task.slots if slot.asked.key == key), None)
    if slot is None or slot.asked.kind is not RequirementKind.FILES:
        raise NotFound
    return slot


def _draft_for(conn: Connection, desk: Desk, slot: Slot, new: NewUpload, others: Sequence[Row[Any]]) -> str:
    """The draft that would take this file, by its id: asked as if the file were here already, and begun if need be."""
    file = NewFile(slot.asked.key, new.name, media_type(ending_of(new.name)), new.size, sha256="")
    change = change_at(conn, desk, Typed(attempt=new.attempt, files=(file,)))
    assert change.draft is not None  # noqa: S101
    if change.wrong:
        raise NotAdded(" ".join(change.wrong.values()))
    coming = sum((other.submission_id, other.requirement_id) == (change.draft.id, slot.id) for other in others)
    count = len(change.after.of(slot)) + coming
    if count > slot.asked.max_items:
        raise NotAdded(" ".join((too_many(slot.asked, count), _("Remove one first; those on their way count."))))
    if change.begins:
        store(conn, desk, replace(change, before=Kept({}), after=Kept({})))
    return change.draft.id


def _is_the_same(other: Row[Any], slot: Slot, new: NewUpload, now: datetime) -> bool:
    """Whether this is what was begun before, and the answer did not arrive: asking again begins nothing more."""
    alike = (other.requirement_id, other.file_name, other.size) == (slot.id, new.name, new.size)
    alike = alike and (other.received, other.keeps_place) == (0, new.keeps_place)
    return alike and other.state is UploadState.RECEIVING and now - other.begun_at > UNHEARD


def _refuse_at_once(slot: Slot, new: NewUpload, terms: Terms) -> None:
    if new.size > terms.largest:
        raise TooLarge(_("{name}: this file is larger than {size}.", name=new.name, size=say_size(terms.largest)))
    if not new.size:
        raise NotAdded(_("{name}: this file is empty.", name=new.name))
    if words := not_asked_for(ending_of(new.name), slot.asked.accept):
        raise NotAdded(f"{new.name}: {words}")
