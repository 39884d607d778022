"""Reading announcements: learners see those of their cohort and section; who teaches sees withdrawn ones too."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, and_, bindparam, case, cast, func, literal, or_, select

from courses.announcements.models import Announcement
from courses.announcements.pages import AnnouncementLine, AnnouncementPage, AnnouncementsPage
from courses.enrolment.access import ENROLMENT, SECTION
from courses.learning.access import Reader, reader
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.database import table
from fourweek.errors import Gone, NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.outbox import OUTBOX

ANNOUNCEMENT = table(Announcement)
_WITHDRAWER = PERSON.alias("withdrawer")

_COLUMNS: Any = (
    ANNOUNCEMENT.c.id,
    ANNOUNCEMENT.c.title,
    ANNOUNCEMENT.c.posted_at,
    ANNOUNCEMENT.c.edited_at,
    ANNOUNCEMENT.c.withdrawn_at,
    PERSON.c.display_name.label("by"),
    SECTION.c.name.label("section_name"),
)
_SOURCE = ANNOUNCEMENT.join(PERSON, PERSON.c.id == ANNOUNCEMENT.c.author_id).outerjoin(
    SECTION, SECTION.c.id == ANNOUNCEMENT.c.section_id
)
_MY_SECTION = select(ENROLMENT.c.section_id).where(
    ENROLMENT.c.cohort_id == bindparam("cohort"), ENROLMENT.c.person_id == bindparam("person")
)
_TO_ME = or_(ANNOUNCEMENT.c.section_id.is_(None), ANNOUNCEMENT.c.section_id.in_(_MY_SECTION))
_KEPT = ANNOUNCEMENT.c.withdrawn_at.is_(None)
_THEN = and_(
    ANNOUNCEMENT.c.posted_at <= bindparam("now"),
    or_(_KEPT, ANNOUNCEMENT.c.withdrawn_at > bindparam("now")),
)


def _listed(*where: ColumnElement[bool]) -> Any:
    found = select(*_COLUMNS, func.count().over().label("total")).select_from(_SOURCE)
    newest_first = found.order_by(ANNOUNCEMENT.c.posted_at.desc(), ANNOUNCEMENT.c.id.desc())
    here = newest_first.where(ANNOUNCEMENT.c.cohort_id == bindparam("cohort"), *where)
    return here.limit(bindparam("limit")).offset(bindparam("offset"))


_MINE, _MINE_THEN, _EVERYBODYS, _ALL = _listed(_KEPT, _TO_ME), _listed(_THEN, _TO_ME), _listed(_KEPT), _listed()
_ONE: Any = (
    select(*_COLUMNS, ANNOUNCEMENT.c.html, _WITHDRAWER.c.display_name.label("withdrawer"))
    .select_from(_SOURCE.outerjoin(_WITHDRAWER, _WITHDRAWER.c.id == ANNOUNCEMENT.c.withdrawn_by))
    .where(and_(ANNOUNCEMENT.c.id == bindparam("id"), ANNOUNCEMENT.c.cohort_id == bindparam("cohort")))
)
_ONE_OF_MINE, _ONE_THEN = _ONE.where(_TO_ME), _ONE.where(_THEN, _TO_ME)
_LETTER_KEY = (
    literal("announcement:")
    + ANNOUNCEMENT.c.id
    + ":"
    + ENROLMENT.c.person_id
    + case((ANNOUNCEMENT.c.round > 1, literal(":") + cast(ANNOUNCEMENT.c.round, String)), else_="")
)
"""As `service.letter_key` writes it."""
_UNREAD: Any = (
    select(
        ENROLMENT.c.id.label("enrolment_id"),
        ANNOUNCEMENT.c.id,
        ANNOUNCEMENT.c.title,
        ANNOUNCEMENT.c.posted_at,
        PERSON.c.display_name.label("by"),
        OUTBOX.c.id.label("notice_id"),
        func.row_number()
        .over(partition_by=ENROLMENT.c.id, order_by=(ANNOUNCEMENT.c.posted_at.desc(), ANNOUNCEMENT.c.id.desc()))
        .label("nth"),
    )
    .select_from(
        ENROLMENT.join(ANNOUNCEMENT, ANNOUNCEMENT.c.cohort_id == ENROLMENT.c.cohort_id)
        .join(PERSON, PERSON.c.id == ANNOUNCEMENT.c.author_id)
        .outerjoin(OUTBOX, OUTBOX.c.key == _LETTER_KEY)
    )
    .where(
        ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)),
        _KEPT,
        or_(ANNOUNCEMENT.c.section_id.is_(None), ANNOUNCEMENT.c.section_id == ENROLMENT.c.section_id),
        ANNOUNCEMENT.c.author_id != ENROLMENT.c.person_id,
        or_(
            and_(OUTBOX.c.in_product, OUTBOX.c.seen_at.is_(None)),
            and_(OUTBOX.c.id.is_(None), ANNOUNCEMENT.c.told_at.is_(None)),
        ),
    )
    .subquery("unread")
)
_NEWEST_UNREAD = select(_UNREAD).where(_UNREAD.c.nth == 1)


@dataclass(frozen=True, slots=True)
class Unread:
    """An announcement whose notice was not read; `notice_id` is None until the worker has written the notice."""

    id: str
    title: str
    by: str
    posted_at: datetime
    notice_id: str | None


def announcements_page(conn: Connection, visitor: Visitor, cohort_id: str, number: int) -> AnnouncementsPage:
    """The announcements that concern the visitor, newest first."""
    return announcements_for(conn, reader(conn, visitor, cohort_id), visitor, number)


def announcements_for(conn: Connection, found: Reader, visitor: Visitor, number: int) -> AnnouncementsPage:
    """The announcements that concern this reader; in a view those that stood there then."""
    may_write = visitor.me.may(Permission.TEACH, found.cohort.id)
    values = _values(found, visitor) | {"limit": PER_PAGE, "offset": offset(number)}
    rows = conn.execute(_ALL if may_write else _list_for(found), values).all()
    return AnnouncementsPage(
        cohort_id=found.cohort.id,
        address=found.address,
        view=found.view,
        cohort_name=found.cohort.name,
        course_title=found.cohort.course_title,
        may_write=may_write,
        lines=tuple(_line(row, found, visitor) for row in rows),
        pager=pager(number, rows[0].total if rows else 0, lambda n: query(page=n)),
    )


def newest(conn: Connection, visitor: Visitor, found: Reader) -> AnnouncementLine | None:
    """The newest announcement that concerns a reader; None where there is none. One statement."""
    row = conn.execute(_list_for(found), _values(found, visitor) | {"limit": 1, "offset": 0}).first()
    return _line(row, found, visitor) if row else None


def unread_of_many(conn: Connection, enrolment_ids: Collection[str]) -> dict[str, Unread]:
    """For each enrolment that has one the newest announcement not read yet; at most one statement.

    Whoever joined after an announcement, or wants none of them in the product, was not told and has none to read.
    """
    if not enrolment_ids:
        return {}
    rows = conn.execute(_NEWEST_UNREAD, {"enrolments": list(enrolment_ids)})
    return {row.enrolment_id: Unread(row.id, row.title, row.by, row.posted_at, row.notice_id) for row in rows}


def announcement_page(conn: Connection, visitor: Visitor, cohort_id: str, announcement_id: str) -> AnnouncementPage:
    """One announcement. Raises NotFound for people whom it does not concern, Gone once it is withdrawn."""
    return announcement_for(conn, reader(conn, visitor, cohort_id), visitor, announcement_id)


def announcement_for(conn: Connection, found: Reader, visitor: Visitor, announcement_id: str) -> AnnouncementPage:
    """One announcement for this reader; in a view one that stood there then."""
    may_write = visitor.me.may(Permission.TEACH, found.cohort.id)
    whole = may_write or found.is_staff
    wanted = _ONE if whole else _ONE_THEN if found.view else _ONE_OF_MINE
    row = conn.execute(wanted, _values(found, visitor) | {"id": announcement_id}).first()
    if row is None:
        raise NotFound
    withdrawn = bool(row.withdrawn_at) and not found.view
    if withdrawn and not may_write:
        raise Gone(_("This announcement was withdrawn."), what_to_do=_("See what else was announced in your cohort."))
    return AnnouncementPage(
        cohort_id=found.cohort.id,
        address=found.address,
        view=found.view,
        course_title=found.cohort.course_title,
        may_write=may_write,
        line=_line(row, found, visitor),
        html=row.html,
        edited=_say(row.edited_at, found, visitor) if row.edited_at else None,
        withdrawn=_say_withdrawn(row, found, visitor) if withdrawn else "",
    )


def _say_withdrawn(row: Row[Any], found: Reader, visitor: Visitor) -> str:
    when = _say(row.withdrawn_at, found, visitor)
    return _("Withdrawn on {when}, by {name}. Learners do not see it any more.", when=when, name=row.withdrawer)


def _list_for(found: Reader) -> Any:
    return _EVERYBODYS if found.is_staff else _MINE_THEN if found.view else _MINE


def _values(found: Reader, visitor: Visitor) -> dict[str, Any]:
    return {"cohort": found.cohort.id, "person": visitor.me.id} | ({"now": visitor.now.school} if found.view else {})


def _line(row: Row[Any], found: Reader, visitor: Visitor) -> AnnouncementLine:
    return AnnouncementLine(
        id=row.id,
        title=row.title,
        by=row.by,
        posted=_say(row.posted_at, found, visitor),
        to=row.section_name or "",
        withdrawn=row.withdrawn_at is not None and found.view is None,
    )


def _say(instant: Any, found: Reader, visitor: Visitor) -> Said:
    return say_instant(instant, zone(found.cohort.zone), zone(visitor.me.zone), visitor.now.school)
