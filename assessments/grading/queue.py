"""The queue: what waits in all cohorts a grader serves, oldest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, case, func, or_, select

from assessments.grading.access import (
    ASSIGNMENT,
    CLAIM,
    COHORT,
    HOLDER,
    IN_ALL_VERSIONS,
    MODULE,
    SOURCE,
    SUBMISSION,
    VERSION,
    in_scope,
    serves,
)
from assessments.grading.claims import CHOSEN, OLDEST_FIRST, WAITS
from assessments.grading.words import clock
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor

PAGE = 25


class Part(StrEnum):
    """Free to take (lapsed claims too), on my own desk, on somebody else's."""

    FREE = "free"
    MINE = "mine"
    OTHERS = "others"


_SOURCE = SOURCE.outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id).outerjoin(
    HOLDER, HOLDER.c.id == CLAIM.c.grader_id
)
_LASTS, _IS_MINE = CLAIM.c.until > bindparam("real"), CLAIM.c.grader_id == bindparam("me", type_=String)
_PARTS = {
    Part.FREE: or_(CLAIM.c.submission_id.is_(None), ~_LASTS),
    Part.MINE: _IS_MINE,
    Part.OTHERS: and_(_LASTS, ~_IS_MINE),
}
_GROUPS = (
    select(
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
        VERSION.c.title.label("course_title"),
        VERSION.c.major,
        VERSION.c.minor,
        IN_ALL_VERSIONS.label("assignment"),
        ASSIGNMENT.c.title,
        *(func.sum(case((condition, 1), else_=0)).label(part.value) for part, condition in _PARTS.items()),
    )
    .select_from(_SOURCE)
    .where(WAITS, *in_scope())
    .group_by(
        COHORT.c.id,
        COHORT.c.name,
        VERSION.c.course_id,
        VERSION.c.title,
        VERSION.c.major,
        VERSION.c.minor,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        ASSIGNMENT.c.position,
    )
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
    )
    .select_from(_SOURCE)
    .where(WAITS, condition, *in_scope(), *CHOSEN)
    .order_by(*OLDEST_FIRST)
    .limit(PAGE)
    .offset(bindparam("skip"))
    for part, condition in _PARTS.items()
}


@dataclass(frozen=True, slots=True)
class QueueRow:
    """`claim` says in words who has or had it, "" for nobody."""

    id: str
    title: str
    course: str
    cohort: str
    attempt: int
    receipt: str
    late: bool
    handed_in: Said
    claim: str


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


def queue_page(
    conn: Connection, visitor: Visitor, part: Part, cohort: str = "", assignment: str = "", number: int = 1
) -> QueuePage:
    """One page of one part of the queue; two statements. Raises NotFound for people who grade nowhere."""
    values = serves(visitor, Permission.GRADE) | {"real": visitor.now.real}
    groups = conn.execute(_GROUPS, values).all()
    counts = _counts(groups, cohort, assignment)
    pages = max(1, -(-counts[part] // PAGE))
    number = min(max(number, 1), pages)
    chosen = {"cohort": cohort, "assignment": assignment, "skip": (number - 1) * PAGE}
    rows = conn.execute(_ROWS[part], values | chosen).all()
    return QueuePage(
        part=part,
        rows=tuple(_row(row, visitor) for row in rows),
        counts=counts,
        cohorts=tuple({g.cohort_id: f"{g.course_title}, {g.cohort_name}" for g in groups}.items()),
        assignments=_assignments(groups),
        cohort=cohort,
        assignment=assignment,
        number=number,
        pages=pages,
        leads=visitor.me.may_anywhere(Permission.REVIEW_GRADES),
    )


def _assignments(groups: Sequence[Any]) -> tuple[tuple[str, str], ...]:
    newest = {g.assignment: g for g in sorted(groups, key=lambda g: (g.major, g.minor))}
    order = dict.fromkeys(g.assignment for g in groups)
    return tuple((key, f"{newest[key].title} ({newest[key].course_title})") for key in order)


def _counts(groups: Iterable[Any], cohort: str, assignment: str) -> dict[Part, int]:
    chosen = [g for g in groups if cohort in ("", g.cohort_id) and assignment in ("", g.assignment)]
    return {part: sum(int(group._mapping[part.value]) for group in chosen) for part in Part}


def _row(row: Any, visitor: Visitor) -> QueueRow:
    return QueueRow(
        id=row.id,
        title=row.title,
        course=row.course_title,
        cohort=row.cohort_name,
        attempt=row.attempt,
        receipt=row.receipt or "",
        late=row.late,
        handed_in=say_instant(row.submitted_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
        claim=_claim(row, visitor),
    )


def _claim(row: Any, visitor: Visitor) -> str:
    if row.grader_id is None:
        return ""
    until, lasts = clock(row.until, visitor.me.zone), row.until > visitor.now.real
    if row.grader_id == visitor.me.id:
        return f"On your desk until {until}" if lasts else f"Your claim ended at {until}; your draft is kept"
    return f"{row.grader_name} has it until {until}" if lasts else f"{row.grader_name}'s claim ended at {until}"
