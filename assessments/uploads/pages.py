"""What the page shows of uploads."""

from typing import Any

from sqlalchemy import Connection

from assessments.evidence.access import Where
from assessments.uploads.access import my_uploads
from assessments.uploads.answers import expires
from assessments.uploads.models import UploadState
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.words import say_size


@dataclass(frozen=True, slots=True)
class UploadView:
    """A file that is on its way; `size` in bytes, `problem` says why it is not in the draft though it is `whole`."""

    id: str
    href: str
    name: str
    size: int
    words: str
    until: str
    whole: bool
    problem: str


@dataclass(frozen=True, slots=True)
class SlotUploads:
    slot: str
    uploads: tuple[UploadView, ...]


def slot_uploads(conn: Connection, visitor: Visitor, where: Where, slot: str) -> SlotUploads:
    """What the visitor has on its way to a slot, oldest first; never more than a few."""
    base = f"{where.path}/uploads/{slot}"
    rows = my_uploads(conn, visitor, where, slot)
    return SlotUploads(slot, tuple(_view(row, base, visitor) for row in rows))


def state_of(upload: Any) -> dict[str, object]:
    """An upload's row as the page's script reads it."""
    return {
        "state": upload.state.value,
        "size": upload.size,
        "received": upload.received,
        "checked": upload.checked,
        "problem": upload.problem,
    }


def _view(row: Any, base: str, visitor: Visitor) -> UploadView:
    whole = row.state is UploadState.CHECKING
    size = say_size(row.size)
    part = _("{percent} % of {size} arrived.", percent=row.received * 100 // row.size, size=size)
    return UploadView(
        id=row.id,
        href=f"{base}/{row.id}",
        name=row.file_name,
        size=row.size,
        words=_("All {size} arrived.", size=size) if whole else part,
        until=say_instant(expires(row.touched_at), zone(visitor.me.zone), None, visitor.now.real).words,
        whole=whole,
        problem=row.problem,
    )
