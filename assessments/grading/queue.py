"""The queue: what waits in all cohorts a grader serves, what is promised first first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, case, func, select

from assessments.allocation.order import IN_ORDER, shuffle_of
from assessments.appeals.listing import Told, told_of
from assessments.completeness.queries import CHECK
from assessments.grading.access import (
    ASSIGNMENT,
    CLAIM,
    COHORT,
    ENROLMENT,
    GIVEE,
    HOLDER,
    IN_ALL_VERSIONS,
    MODULE,
    RATING,
    SOURCE,
    SUBMISSION,
    VERSION,
    in_scope,
    serves,
)
from assessments.grading.models import RatingState
from assessments.grading.parts import CHOSEN_IDS, IDS, IN_PART, WAITS, Part, in_parts
from assessments.grading.words import clock
from assessments.identity.names import learners_called
from assessments.terms.promise import Calendar, read_days
from assessments.terms.queries import HOLIDAYS
from assessments.terms.words import say_clock
from courses.schedule.walltime import MINUTE
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import EVERYWHERE, Permission, Visitor

__all__ = ["Part", "QueuePage", "QueueRow", "queue_page"]

PAGE = 25
_SOURCE = (
    SOURCE.outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
    .outerjoin(HOLDER, HOLDER.c.id == CLAIM.c.grader_id)
    .outerjoin(GIVEE, GIVEE.c.id == SUBMISSION.c.given_to)
    .outerjoin(CHECK, CHECK.c.submission_id == SUBMISSION.c.id)
)
_RATED = RATING.alias("of_mine")
_IS_MINE = and_(
    _RATED.c.submission_id == SUBMISSION.c.id,
    _RATED.c.grader_id == bindparam("me", type_=String),
    _RATED.c.state == RatingState.DONE,
)
# Counted over ids alone, each submission looked at once; titles come to the few sums.
_COUNTED = (
    select(
        ENROLMENT.c.cohort_id,
        SUBMISSION.c.assignment_id,
        *(
            func.sum(case((condition, 1), else_=0)).label(part.value)
            for part, condition in in_parts(_RATED.c.id.is_not(None)).items()
        ),
    )
    .select_from(IDS.outerjoin(_RATED, _IS_MINE))
    .where(WAITS, *in_scope())
    .group_by(ENROLMENT.c.cohort_id, SUBMISSION.c.assignment_id)
    .subquery("counted")
)
_GROUPS = (
    select(
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
        VERSION.c.title.label("course_title"),
        VERSION.c.major,
        VERSION.c.minor,
        IN_ALL_VERSIONS.label("assignment"),
        ASSIGNMENT.c.title,
        *(_COUNTED.c[part.value] for part in Part),
    )
    .join_from(_COUNTED, COHORT, COHORT.c.id == _COUNTED.c.cohort_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == _COUNTED.c.assignment_id)
    .join(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .order_by(VERSION.c.title, COHORT.c.name, COHORT.c.id, MODULE.c.number, ASSIGNMENT.c.position)
)
_ROWS = {
    part: select(
        SUBMISSION.c.id,
        SUBMISSION.c.attempt,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.late,
        SUBMISSION.c.receipt,
        ASSIGNMENT.c.title,
        VERSION.c.title.label("course_title"),
        COHORT.c.name.label("cohort_name"),
        COHORT.c.zone,
        CLAIM.c.grader_id,
        CLAIM.c.until,
        HOLDER.c.display_name.label("grader_name"),
        SUBMISSION.c.given_to,
        SUBMISSION.c.promised_at,
        GIVEE.c.display_name.label("given_name"),
        HOLIDAYS,
        CHECK.c.findings,
        CHECK.c.checked_at,
    )
    .select_from(_SOURCE)
    .where(
        SUBMISSION.c.id.in_(
            select(SUBMISSION.c.id)
            .select_from(IDS)
            .where(WAITS, condition, *in_scope(), *CHOSEN_IDS)
            .order_by(*IN_ORDER)
            .limit(PAGE)
            .offset(bindparam("skip"))
            .correlate(None)
        )
    )
    .order_by(*IN_ORDER)
    for part, condition in IN_PART.items()
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`learner` is what the visitor calls whose work it is, `claim` says in words who has or had it, `given` to whom
    it is allocated, `left` what is left of the promise, `found` that rules found something nobody has looked at; each
    of the last four "" where there is nothing to say."""

    id: str
    title: str
    course: str
    cohort: str
    learner: str
    attempt: int
    receipt: str
    late: bool
    handed_in: Said
    claim: str
    given: str
    left: str
    tone: str
    found: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`counts` are of the parts as filtered; the choices are (value, words) of what waits anywhere.

    An assignment is one choice, in the newest words, whichever versions of its course wait.
    """

    part: Part
    rows: tuple[QueueRow, ...]
    counts: dict[Part, int]
    cohorts: tuple[tuple[str, str], ...]
    assignments: tuple[tuple[str, str], ...]
    cohort: str
    assignment: str
    number: int
    pages: int
    leads: bool
    appeals: Told


def queue_page(
    conn: Connection, visitor: Visitor, part: Part, cohort: str = "", assignment: str = "", number: int = 1
) -> QueuePage:
    """One page of one part of the queue; five statements. Raises NotFound for people who grade nowhere."""
    values = serves(visitor, Permission.GRADE) | leads(visitor)
    values |= {"real": visitor.now.real, "past": visitor.now.school - MINUTE, "shuffle": shuffle_of(visitor.me.id)}
    groups = conn.execute(_GROUPS, values).all()
    counts = _counts(groups, cohort, assignment)
    pages = max(1, -(-counts[part] // PAGE))
    number = min(max(number, 1), pages)
    chosen = {"cohort": cohort, "assignment": assignment, "skip": (number - 1) * PAGE}
    rows = conn.execute(_ROWS[part], values | chosen).all()
    learners = learners_called(conn, visitor.me.id, (row.id for row in rows))
    return QueuePage(
        part=part,
        rows=tuple(_row(row, visitor, learners[row.id]) for row in rows),
        counts=counts,
        cohorts=tuple({g.cohort_id: f"{g.course_title}, {g.cohort_name}" for g in groups}.items()),
        assignments=_assignments(groups),
        cohort=cohort,
        assignment=assignment,
        number=number,
        pages=pages,
        leads=visitor.me.may_anywhere(Permission.REVIEW_GRADES),
        appeals=told_of(conn, visitor),
    )


def leads(visitor: Visitor) -> dict[str, Any]:
    """The values of `parts.FOR_A_LEAD`: the cohorts that the visitor leads."""
    scopes = visitor.me.scopes(Permission.REVIEW_GRADES)
    return {"leads_everywhere": EVERYWHERE in scopes, "led": sorted(scopes)}


def _assignments(groups: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    newest = {g.assignment: g for g in sorted(groups, key=lambda g: (g.major, g.minor))}
    order = dict.fromkeys(g.assignment for g in groups)
    return tuple((key, f"{newest[key].title} ({newest[key].course_title})") for key in order)


def _counts(groups: Iterable[Any], cohort: str, assignment: str) -> dict[Part, int]:
    chosen = [g for g in groups if cohort in ("", g.cohort_id) and assignment in ("", g.assignment)]
    return {part: sum(int(group._mapping[part.value]) for group in chosen) for part in Part}


def _row(row: Any, visitor: Visitor, learner: str) -> QueueRow:
    left, tone = say_clock(row.promised_at, Calendar(zone(row.zone), read_days(row.holidays)), visitor.now.school)
    return QueueRow(
        id=row.id,
        title=row.title,
        course=row.course_title,
        cohort=row.cohort_name,
        learner=learner,
        attempt=row.attempt,
        receipt=row.receipt or "",
        late=row.late,
        handed_in=say_instant(row.submitted_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
        claim=_claim(row, visitor),
        given=_given(row, visitor),
        left=left,
        tone=tone,
        found="The rules found something" if row.findings and row.checked_at is None else "",
    )


def _given(row: Any, visitor: Visitor) -> str:
    if row.given_to is None:
        return ""
    return "Given to you" if row.given_to == visitor.me.id else f"Given to {row.given_name}"


def _claim(row: Any, visitor: Visitor) -> str:
    if row.grader_id is None:
        return ""
    until, lasts = clock(row.until, visitor.me.zone), row.until > visitor.now.real
    if row.grader_id == visitor.me.id:
        return f"On your desk until {until}" if lasts else f"Your claim ended at {until}; your draft is kept"
    return f"{row.grader_name} has it until {until}" if lasts else f"{row.grader_name}'s claim ended at {until}"
