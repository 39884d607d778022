"""The list of who looked behind a pseudonym, for those who lead and for the registrar."""

from typing import Any

from sqlalchemy import Boolean, Connection, Select, String, bindparam, func, or_, select

from assessments.assignments.queries import ASSIGNMENT
from assessments.evidence.queries import SUBMISSION
from assessments.identity.revealing import REVEAL
from courses.catalogue.models import CourseVersion
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment
from courses.paging import PER_PAGE, Pager, offset, pager, query
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, PERSON, Permission, Visitor
from fourweek.database import table
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _
from fourweek.light import dataclass

ADDRESS = "/staff/reveals"
ENROLMENT, COHORT, VERSION = table(Enrolment), table(Cohort), table(CourseVersion)
_SOURCE = (
    REVEAL.join(ENROLMENT, ENROLMENT.c.id == REVEAL.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(PERSON, PERSON.c.id == REVEAL.c.lead_id)
)
_IN_SCOPE = (
    or_(bindparam("everywhere", type_=Boolean), COHORT.c.id.in_(bindparam("scopes", expanding=True))),
    ENROLMENT.c.person_id != bindparam("me", type_=String),
)
_THEIRS = (
    SUBMISSION.join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id),
    (SUBMISSION.c.enrolment_id == REVEAL.c.enrolment_id, ASSIGNMENT.c.key == REVEAL.c.assignment_key),
)


def _of_newest(column: Any) -> Any:
    """A column of the newest attempt that a row is about."""
    source, where = _THEIRS
    newest = select(column).select_from(source).where(*where).order_by(SUBMISSION.c.attempt.desc()).limit(1)
    return newest.correlate(REVEAL).scalar_subquery()


_COUNT = select(func.count()).select_from(_SOURCE).where(*_IN_SCOPE)
_ROWS: Select[Any] = (
    select(
        REVEAL.c.revealed_at,
        REVEAL.c.reason,
        REVEAL.c.assignment_key,
        PERSON.c.display_name,
        COHORT.c.name.label("cohort"),
        COHORT.c.zone,
        VERSION.c.title.label("course"),
        _of_newest(SUBMISSION.c.pseudonym).label("pseudonym"),
        _of_newest(ASSIGNMENT.c.title).label("title"),
    )
    .select_from(_SOURCE)
    .where(*_IN_SCOPE)
    .order_by(REVEAL.c.revealed_at.desc(), REVEAL.c.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("skip"))
)


@dataclass(frozen=True, slots=True)
class RevealRow:
    """Who looked, behind which pseudonym, and why; the name itself is not repeated here."""

    by: str
    pseudonym: str
    title: str
    about: str
    reason: str
    at: Said


@dataclass(frozen=True, slots=True)
class RevealsPage:
    """`leads`: they came from grading; others from the records."""

    leads: bool
    rows: tuple[RevealRow, ...]
    pager: Pager


def reveals_page(conn: Connection, visitor: Visitor, number: int = 1) -> RevealsPage:
    """The newest first; two statements. Raises Forbidden for those who only grade, NotFound for everybody else."""
    values = _scope(visitor)
    total = conn.execute(_COUNT, values).scalar_one()
    rows = conn.execute(_ROWS, values | {"skip": offset(number)}).all()
    return RevealsPage(
        leads=visitor.me.may_anywhere(Permission.REVIEW_GRADES),
        rows=tuple(_row(row, visitor) for row in rows),
        pager=pager(number, total, lambda to: ADDRESS + query(page=to)),
    )


def _scope(visitor: Visitor) -> dict[str, Any]:
    scopes = visitor.me.scopes(Permission.REVIEW_GRADES) | visitor.me.scopes(Permission.KEEP_RECORD)
    if not scopes:
        raise Forbidden if visitor.me.may_anywhere(Permission.GRADE) else NotFound
    return {"everywhere": EVERYWHERE in scopes, "scopes": sorted(scopes), "me": visitor.me.id}


def _row(row: Any, visitor: Visitor) -> RevealRow:
    return RevealRow(
        by=row.display_name,
        pseudonym=row.pseudonym or "",
        title=row.title or row.assignment_key,
        about=_("{course}, {cohort}", course=row.course, cohort=row.cohort),
        reason=row.reason,
        at=say_instant(row.revealed_at, zone(row.zone), zone(visitor.me.zone), visitor.now.real),
    )
