"""What waits for an answer across the cohorts that somebody teaches."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, or_, select, true

from courses.cohorts.queries import COHORT, COHORT_SOURCE, VERSION
from courses.enrolment.access import ENROLMENT, SECTION
from courses.paging import PER_PAGE, offset, pager, query
from courses.questions.pages import DeskPage, QuestionLine, TaughtCohort
from courses.questions.queries import QUESTION, REPLIES, waits
from courses.questions.reading import say_replies, say_stands
from courses.schedule.words import say_date, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, PERSON, Permission, Visitor
from fourweek.language import _

_WAITING: Any = (
    select(
        QUESTION.c.id,
        QUESTION.c.cohort_id,
        QUESTION.c.module_number,
        QUESTION.c.title,
        QUESTION.c.asked_at,
        QUESTION.c.answered_at,
        QUESTION.c.closed_at,
        QUESTION.c.hidden_at,
        PERSON.c.display_name.label("by"),
        COHORT.c.name.label("cohort"),
        COHORT.c.zone,
        VERSION.c.title.label("course"),
        REPLIES.label("replies"),
        func.count().over().label("total"),
    )
    .select_from(
        COHORT_SOURCE.join(QUESTION, QUESTION.c.cohort_id == COHORT.c.id).join(
            PERSON, PERSON.c.id == QUESTION.c.author_id
        )
    )
    .where(waits())
    .order_by(QUESTION.c.asked_at, QUESTION.c.id)
    .limit(PER_PAGE)
)
_COUNT: Any = (
    select(func.count()).select_from(COHORT_SOURCE.join(QUESTION, QUESTION.c.cohort_id == COHORT.c.id)).where(waits())
)
_COHORTS: Any = (
    select(
        COHORT.c.id,
        COHORT.c.name,
        COHORT.c.start_date,
        VERSION.c.title.label("course"),
        func.count().over().label("total"),
    )
    .select_from(COHORT_SOURCE)
    .order_by(COHORT.c.start_date.desc(), COHORT.c.id)
    .limit(PER_PAGE)
)


def desk_page(conn: Connection, visitor: Visitor, number: int, cohort_number: int) -> DeskPage:
    """Questions without an answer, oldest first, and the cohorts that one teaches; two statements."""
    taught = _taught(visitor)
    rows = conn.execute(_WAITING.where(or_(taught, _asked_in(visitor))).offset(offset(number))).all()
    cohorts = conn.execute(_COHORTS.where(or_(taught, _part_taught(visitor))).offset(offset(cohort_number))).all()
    total = rows[0].total if rows else 0
    return DeskPage(
        total=total,
        lines=tuple(_line(row, visitor) for row in rows),
        pager=pager(number, total, lambda n: query(page=n, cohorts=cohort_number)),
        cohorts=tuple(TaughtCohort(row.id, row.name, row.course, say_date(row.start_date)) for row in cohorts),
        cohort_pager=pager(
            cohort_number, cohorts[0].total if cohorts else 0, lambda n: query(page=number, cohorts=n) + "#cohorts"
        ),
    )


def waiting_for(conn: Connection, visitor: Visitor) -> int:
    """How many questions wait for the visitor's answer; one statement. Raises Forbidden for one who teaches none."""
    return int(conn.execute(_COUNT.where(or_(_taught(visitor), _asked_in(visitor)))).scalar_one())


def _taught(visitor: Visitor) -> ColumnElement[bool]:
    """Which cohorts the visitor teaches, as a condition. Raises Forbidden for one who teaches none."""
    scopes = visitor.need_anywhere(Permission.TEACH).scopes(Permission.TEACH)
    return true() if EVERYWHERE in scopes else COHORT.c.id.in_(sorted(scopes))


def _part_taught(visitor: Visitor) -> ColumnElement[bool]:
    """Which cohorts have a section that the visitor teaches."""
    mine = SECTION.c.id.in_(sorted(visitor.me.scopes(Permission.TEACH)))
    return COHORT.c.id.in_(select(SECTION.c.cohort_id).where(mine))


def _asked_in(visitor: Visitor) -> ColumnElement[bool]:
    """Which questions learners of such a section asked."""
    theirs = select(ENROLMENT.c.id).where(
        ENROLMENT.c.cohort_id == COHORT.c.id,
        ENROLMENT.c.person_id == QUESTION.c.author_id,
        ENROLMENT.c.section_id.in_(sorted(visitor.me.scopes(Permission.TEACH))),
    )
    return exists(theirs.correlate(COHORT, QUESTION))


def _line(row: Row[Any], visitor: Visitor) -> QuestionLine:
    return QuestionLine(
        title=row.title,
        href=f"/cohorts/{row.cohort_id}/modules/{row.module_number}/questions/{row.id}",
        by=row.by,
        is_staff=False,
        asked=say_instant(row.asked_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
        replies=say_replies(row.replies),
        pill=say_stands(row),
        about=_("{course}, {cohort}, module {number}", course=row.course, cohort=row.cohort, number=row.module_number),
    )
