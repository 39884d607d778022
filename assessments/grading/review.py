"""The lead's page: decisions that wait to be posted, and postings that can still be taken back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from assessments.grading.access import ASSIGNMENT, COHORT, SOURCE, SUBMISSION, VERSION, in_scope, serves
from assessments.grading.attempts import DECIDER
from assessments.grading.postings import IS_POSTED
from assessments.grading.queries import DECISION, POSTING, SUPERSEDED
from assessments.grading.words import OUTCOMES, TONES, clock
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import Forbidden

PAGE = 25
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
_SOURCE = SOURCE.join(DECISION, DECISION.c.submission_id == SUBMISSION.c.id).join(
    DECIDER, DECIDER.c.id == DECISION.c.decided_by
)
_UNPOSTED = (~IS_POSTED, ~SUPERSEDED, *in_scope())
_COUNT = select(func.count()).select_from(_SOURCE).where(*_UNPOSTED)
_ROWS = (
    select(*_COLUMNS)
    .select_from(_SOURCE)
    .where(*_UNPOSTED)
    .order_by(DECISION.c.decided_at, DECISION.c.id)
    .limit(PAGE)
    .offset(bindparam("skip"))
)
_TO_COME = (
    select(*_COLUMNS, POSTING.c.posted_at)
    .select_from(_SOURCE.join(POSTING, POSTING.c.decision_id == DECISION.c.id))
    .where(POSTING.c.posted_at > bindparam("now"), ~SUPERSEDED, *in_scope())
    .order_by(POSTING.c.posted_at, DECISION.c.id)
    .limit(PAGE)
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A decision; `counts_from` is a time of day, "" while it is not posted."""

    decision_id: str
    submission_id: str
    title: str
    course: str
    cohort: str
    attempt: int
    receipt: str
    words: str
    tone: str
    by: str
    at: Said
    changes: bool
    counts_from: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    rows: tuple[ReviewRow, ...]
    to_come: tuple[ReviewRow, ...]
    count: int
    number: int
    pages: int


def review_page(conn: Connection, visitor: Visitor, number: int = 1) -> ReviewPage:
    """A page of unposted decisions, oldest first; three statements. For leads: graders get 403, others 404."""
    serves(visitor, Permission.GRADE)
    if not visitor.me.may_anywhere(Permission.REVIEW_GRADES):
        raise Forbidden("Only leads post for others. Your own decisions can be posted on their own pages.")
    values = serves(visitor, Permission.REVIEW_GRADES)
    count = conn.execute(_COUNT, values).scalar_one()
    pages = max(1, -(-count // PAGE))
    number = min(max(number, 1), pages)
    rows = conn.execute(_ROWS, values | {"skip": (number - 1) * PAGE}).all()
    to_come = conn.execute(_TO_COME, values | {"now": visitor.now.school}).all()
    return ReviewPage(
        rows=tuple(_row(row, visitor) for row in rows),
        to_come=tuple(_row(row, visitor, clock(row.posted_at, visitor.me.zone)) for row in to_come),
        count=count,
        number=number,
        pages=pages,
    )


def _row(row: Any, visitor: Visitor, counts_from: str = "") -> ReviewRow:
    return ReviewRow(
        decision_id=row.id,
        submission_id=row.submission_id,
        title=row.title,
        course=row.course_title,
        cohort=row.cohort_name,
        attempt=row.attempt,
        receipt=row.receipt or "",
        words=OUTCOMES[row.outcome],
        tone=TONES[row.outcome],
        by=row.display_name,
        at=say_instant(row.decided_at, zone(row.zone), zone(visitor.me.zone), visitor.now.school),
        changes=row.supersedes_id is not None,
        counts_from=counts_from,
    )
