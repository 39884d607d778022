"""The lead's page: decisions to look at, those that are ready to be posted, and postings that can be taken back."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select

from assessments.grading.access import (
    ASSIGNMENT,
    COHORT,
    IN_ALL_VERSIONS,
    MODULE,
    SUBMISSION,
    VERSION,
    in_scope,
    serves,
)
from assessments.grading.attempts import DECIDER
from assessments.grading.items import OLDEST_FIRST, WITH_DECISION
from assessments.grading.parts import CHOSEN
from assessments.grading.queries import DECISION, POSTING, SUPERSEDED
from assessments.grading.stages import IN_REVIEW, IS_READY
from assessments.grading.words import OUTCOMES, TONES, clock
from assessments.identity.names import learners_called
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.accounts.models import Person
from fourweek.database import table
from fourweek.errors import Forbidden
from fourweek.language import _
from fourweek.light import dataclass

PAGE = 25
POSTER = table(Person).alias("poster")


class Part(StrEnum):
    """To be looked at, ready to be posted, posted a moment ago."""

    REVIEW = "review"
    READY = "ready"
    POSTED = "posted"


_STAGES = {Part.REVIEW: IN_REVIEW, Part.READY: IS_READY}
_COLUMNS = (
    DECISION.c.id,
    DECISION.c.outcome,
    DECISION.c.decided_at,
    DECISION.c.supersedes_id,
    DECIDER.c.display_name,
    SUBMISSION.c.id.label("submission_id"),
    SUBMISSION.c.attempt,
    SUBMISSION.c.receipt,
    ASSIGNMENT.c.title,
    VERSION.c.title.label("course_title"),
    COHORT.c.name.label("cohort_name"),
    COHORT.c.zone,
)
_WITH_DECIDER = WITH_DECISION.join(DECIDER, DECIDER.c.id == DECISION.c.decided_by)
_ROWS = {
    part: select(*_COLUMNS)
    .select_from(_WITH_DECIDER)
    .where(condition, *in_scope(), *CHOSEN)
    .order_by(*OLDEST_FIRST)
    .limit(PAGE)
    .offset(bindparam("skip"))
    for part, condition in _STAGES.items()
}
_GROUPS = (
    select(
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
        VERSION.c.title.label("course_title"),
        IN_ALL_VERSIONS.label("assignment"),
        ASSIGNMENT.c.title,
        *(func.sum(case((condition, 1), else_=0)).label(part.value) for part, condition in _STAGES.items()),
    )
    .select_from(WITH_DECISION)
    .where(IN_REVIEW | IS_READY, *in_scope())
    .group_by(
        COHORT.c.id,
        COHORT.c.name,
        VERSION.c.course_id,
        VERSION.c.title,
        ASSIGNMENT.c.key,
        ASSIGNMENT.c.title,
        MODULE.c.number,
        ASSIGNMENT.c.position,
    )
    .order_by(VERSION.c.title, COHORT.c.name, COHORT.c.id, MODULE.c.number, ASSIGNMENT.c.position)
)
_POSTED = WITH_DECISION.join(POSTING, POSTING.c.decision_id == DECISION.c.id)
_TO_COME = (POSTING.c.posted_at > bindparam("now"), ~SUPERSEDED, *in_scope())
_BATCHES = (
    select(POSTING.c.posted_at, POSTING.c.posted_by, POSTER.c.display_name, func.count().label("count"))
    .select_from(_POSTED.join(POSTER, POSTER.c.id == POSTING.c.posted_by))
    .where(*_TO_COME)
    .group_by(POSTING.c.posted_at, POSTING.c.posted_by, POSTER.c.display_name)
    .order_by(POSTING.c.posted_at.desc(), POSTING.c.posted_by)
)
_JUST_POSTED = (
    select(*_COLUMNS, POSTING.c.posted_at)
    .select_from(_POSTED.join(DECIDER, DECIDER.c.id == DECISION.c.decided_by))
    .where(*_TO_COME)
    .order_by(POSTING.c.posted_at.desc(), DECISION.c.id)
    .limit(PAGE)
    .offset(bindparam("skip"))
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A decision; `counts_from` is a time of day, "" while it is not posted."""

    decision_id: str
    submission_id: str
    title: str
    course: str
    cohort: str
    learner: str
    attempt: int
    receipt: str
    words: str
    tone: str
    by: str
    at: Said
    changes: bool
    counts_from: str


@dataclass(frozen=True, slots=True)
class PostedBatch:
    """What one person posted to count from one instant, and can still be taken back together."""

    at: datetime
    by_id: str
    by: str
    count: int
    counts_from: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """`counts` are of the parts as filtered, of what was posted without a filter; choices are (value, words)."""

    part: Part
    rows: tuple[ReviewRow, ...]
    batches: tuple[PostedBatch, ...]
    counts: dict[Part, int]
    cohorts: tuple[tuple[str, str], ...]
    assignments: tuple[tuple[str, str], ...]
    cohort: str
    assignment: str
    number: int
    pages: int


def review_page(
    conn: Connection,
    visitor: Visitor,
    part: Part | None = None,
    cohort: str = "",
    assignment: str = "",
    number: int = 1,
) -> ReviewPage:
    """A page of one part, oldest first; four statements. For leads: graders get 403, others 404.

    Without a part, the first one that holds something.
    """
    serves(visitor, Permission.GRADE)
    if not visitor.me.may_anywhere(Permission.REVIEW_GRADES):
        raise Forbidden(_("Only leads post for others. Your own decisions can be posted on their own pages."))
    values = serves(visitor, Permission.REVIEW_GRADES) | {"now": visitor.now.school}
    groups = conn.execute(_GROUPS, values).all()
    batches = tuple(_batch(row, visitor) for row in conn.execute(_BATCHES, values))
    counts = _counts(groups, cohort, assignment) | {Part.POSTED: sum(one.count for one in batches)}
    part = part or next((one for one in Part if counts[one]), Part.READY)
    pages = max(1, -(-counts[part] // PAGE))
    number = min(max(number, 1), pages)
    chosen = {"cohort": cohort, "assignment": assignment, "skip": (number - 1) * PAGE}
    rows = conn.execute(_JUST_POSTED if part is Part.POSTED else _ROWS[part], values | chosen).all()
    learners = learners_called(conn, visitor.me.id, (row.submission_id for row in rows))
    return ReviewPage(
        part=part,
        rows=tuple(_row(row, visitor, learners[row.submission_id]) for row in rows),
        batches=batches,
        counts=counts,
        cohorts=tuple({g.cohort_id: f"{g.course_title}, {g.cohort_name}" for g in groups}.items()),
        assignments=tuple({g.assignment: f"{g.title} ({g.course_title})" for g in groups}.items()),
        cohort=cohort,
        assignment=assignment,
        number=number,
        pages=pages,
    )


def _counts(groups: Iterable[Any], cohort: str, assignment: str) -> dict[Part, int]:
    chosen = [g for g in groups if cohort in ("", g.cohort_id) and assignment in ("", g.assignment)]
    return {part: sum(int(group._mapping[part.value]) for group in chosen) for part in _STAGES}


def _batch(row: Any, visitor: Visitor) -> PostedBatch:
    at = clock(row.posted_at, visitor.me.zone)
    return PostedBatch(row.posted_at, row.posted_by, row.display_name, row.count, at)


def _row(row: Any, visitor: Visitor, learner: str) -> ReviewRow:
    posted_at = row._mapping.get("posted_at")
    return ReviewRow(
        decision_id=row.id,
        submission_id=row.submission_id,
        title=row.title,
        course=row.course_title,
        cohort=row.cohort_name,
        learner=learner,
        attempt=row.attempt,
        receipt=row.receipt or "",
        words=_(OUTCOMES[row.outcome]),
        tone=TONES[row.outcome],
        by=row.display_name,
        at=say_instant(row.decided_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
        changes=row.supersedes_id is not None,
        counts_from=clock(posted_at, visitor.me.zone) if posted_at else "",
    )
