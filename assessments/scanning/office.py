"""What the registrar and the operator do with a file that is held back: release it, keep it, or look at it.

So do they with one that waits and waits, since the scanner cannot say anything of it.
"""

from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select, update

from assessments.scanning.places import is_mine, places_of
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.scanning.gate import VERDICT
from fourweek.scanning.models import MOST_WORDS, ScanState
from fourweek.scanning.waiting import waiting

ADDRESS: Final = "/held-files"
SILENT_FOR: Final = 10
"""Tries without an answer after which somebody may decide; by their pauses more than four hours."""
_HELD = VERDICT.c.state == ScanState.HELD
_SILENT = and_(VERDICT.c.state == ScanState.PENDING, VERDICT.c.tries >= SILENT_FOR)
_OPEN = or_(_HELD, _SILENT)
_COUNT = select(func.count()).where(_OPEN)
_LISTED: Select[Any] = select(VERDICT, PERSON.c.display_name.label("by")).outerjoin(
    PERSON, PERSON.c.id == VERDICT.c.settled_by
)
_ROWS = (
    _LISTED.where(_OPEN)
    .order_by(VERDICT.c.settled_at.is_not(None), _SILENT, VERDICT.c.looked_at.desc(), VERDICT.c.sha256)
    .limit(PER_PAGE)
    .offset(bindparam("skip"))
)
_ONE = _LISTED.where(VERDICT.c.sha256 == bindparam("sha256"), or_(_OPEN, VERDICT.c.settled_at.is_not(None)))


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A content. `said` are the scanner's words; `by` is who settled it, "" for nobody yet.

    `found` is when the scanner found something; where it has no answer, `is_silent`, since when the file waits.
    """

    sha256: str
    said: str
    found: Said
    is_held: bool
    is_silent: bool
    settled: Said | None
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldPage:
    """`waiting` files have no answer yet, the oldest for so many whole minutes."""

    rows: tuple[HeldRow, ...]
    total: int
    pager: Pager
    waiting: int
    minutes: int


@dataclass(frozen=True, slots=True)
class HeldFilePage:
    """One of them, and in words where it was handed in, `mine`: it concerns the visitor."""

    row: HeldRow
    places: tuple[str, ...]
    mine: bool
    reason: str = ""
    error: str = ""


def held_page(conn: Connection, visitor: Visitor, number: int) -> HeldPage:
    """What is held or has no answer, first what nobody has settled; three statements.

    Raises NotFound for who may not release files.
    """
    _keeper(visitor)
    total, left = conn.execute(_COUNT).scalar_one(), waiting(conn)
    rows = conn.execute(_ROWS, {"skip": offset(number)})
    return HeldPage(
        rows=tuple(_row(row, visitor) for row in rows),
        total=total,
        pager=pager(number, total, lambda page: ADDRESS + query(page=page)),
        waiting=left.count,
        minutes=left.seconds(visitor.now.real) // 60,
    )


def held_file(conn: Connection, visitor: Visitor, sha256: str) -> HeldFilePage:
    """One of them; five statements. Raises NotFound."""
    row, places = _one(conn, visitor, sha256), places_of(conn, sha256)
    words = tuple(dict.fromkeys(place.words for place in places))
    return HeldFilePage(_row(row, visitor), words, is_mine(conn, sha256, visitor.me.id))


def settle(conn: Connection, visitor: Visitor, sha256: str, *, release: bool, reason: str) -> None:
    """Release a file, which from then on leaves as any other, or keep it back; the reason stays with it.

    Raises NotFound, Invalid without a reason, Forbidden for what concerns the visitor, Conflict for what is released.
    """
    _theirs(conn, visitor, sha256)
    words = reason.strip()
    if not words:
        raise Invalid({"reason": _("Say in a sentence why; it stays with the file.")})
    if len(words) > MOST_WORDS:
        raise Invalid({"reason": _("Say it in at most {most} characters.", most=MOST_WORDS)})
    at, me = visitor.now.real, visitor.me.id
    state = ScanState.CLEAN if release else ScanState.HELD
    still = update(VERDICT).where(VERDICT.c.sha256 == sha256, _OPEN)
    if conn.execute(still.values(state=state, try_at=at, settled_at=at, settled_by=me, reason=words)).rowcount != 1:
        raise Conflict(_("This file was released already."))
    record(conn, "scan.release" if release else "scan.keep", "file", sha256, at=at, actor_id=me, reason=words)


def take(conn: Connection, visitor: Visitor, sha256: str) -> str:
    """The digest of such a file, for somebody who has to look at it: an act that the log holds."""
    row = _theirs(conn, visitor, sha256)
    record(conn, "scan.take", "file", sha256, at=visitor.now.real, actor_id=visitor.me.id)
    return str(row.sha256)


def _theirs(conn: Connection, visitor: Visitor, sha256: str) -> Row[Any]:
    row = _one(conn, visitor, sha256)
    if is_mine(conn, sha256, visitor.me.id):
        raise Forbidden(_("You sent this file yourself: somebody else decides about it."))
    return row


def _keeper(visitor: Visitor) -> None:
    if not visitor.me.may(Permission.RELEASE_FILES):
        raise NotFound


def _one(conn: Connection, visitor: Visitor, sha256: str) -> Row[Any]:
    """A content that is held or has no answer, or that somebody released. Raises NotFound."""
    _keeper(visitor)
    row = conn.execute(_ONE, {"sha256": sha256.replace("\0", "")}).first()
    if row is None:
        raise NotFound
    return row


def _no_words(row: Row[Any]) -> str:
    if row.looked_at is None:
        return _("The scanner gave no answer.")
    return _("The scanner found something and said nothing more.")


def _row(row: Row[Any], visitor: Visitor) -> HeldRow:
    here = zone(visitor.me.zone)
    return HeldRow(
        sha256=row.sha256,
        said=row.said or _no_words(row),
        found=say_instant(row.looked_at or row.since, here),
        is_held=row.state is not ScanState.CLEAN,
        is_silent=row.looked_at is None,
        settled=say_instant(row.settled_at, here) if row.settled_at else None,
        by=row.by or "",
        reason=row.reason,
    )
