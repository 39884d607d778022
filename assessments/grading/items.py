"""Decisions as those who review and post many at once hold them: fetched with one statement, however many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from assessments.evidence.models import SubmissionState
from assessments.grading.access import (
    ASSIGNMENT,
    COHORT,
    ENROLMENT,
    MODULE,
    SOURCE,
    SUBMISSION,
    VERSION,
    in_scope,
    serves,
)
from assessments.grading.models import Outcome, ReviewResult, Way
from assessments.grading.parts import CHOSEN
from assessments.grading.queries import DECISION, POSTING, SUPERSEDED
from assessments.grading.stages import ASKED, IN_REVIEW, IS_READY, REVIEW, Stage, asks_review, stage_of
from assessments.terms.models import Review
from assessments.terms.queries import TERMS
from fourweek.accounts.access import Permission, Visitor
from fourweek.language import _
from fourweek.light import dataclass

WITH_DECISION = (
    SOURCE.join(DECISION, DECISION.c.submission_id == SUBMISSION.c.id)
    .outerjoin(TERMS, TERMS.c.cohort_id == COHORT.c.id)
    .outerjoin(REVIEW, REVIEW.c.decision_id == DECISION.c.id)
)
IN_STAGE = {Stage.TO_REVIEW: IN_REVIEW, Stage.READY: IS_READY}
OLDEST_FIRST = (DECISION.c.decided_at, DECISION.c.id)
_THESE = DECISION.c.id.in_(bindparam("decisions", expanding=True))
# In the order of their ids: of two batches that share some, one waits for the other, and never each for the other.
_HOLD = (
    select(SUBMISSION.c.id)
    .where(SUBMISSION.c.id.in_(select(DECISION.c.submission_id).where(_THESE)))
    .order_by(SUBMISSION.c.id)
    .with_for_update()
)
_ITEMS = (
    select(
        DECISION.c.id,
        DECISION.c.outcome,
        DECISION.c.way,
        DECISION.c.reason,
        DECISION.c.rating_id,
        DECISION.c.supersedes_id,
        SUPERSEDED.label("is_superseded"),
        SUBMISSION.c.id.label("submission_id"),
        SUBMISSION.c.state,
        SUBMISSION.c.attempt,
        SUBMISSION.c.receipt,
        ENROLMENT.c.person_id.label("learner_id"),
        COHORT.c.id.label("cohort_id"),
        ASSIGNMENT.c.key.label("assignment_key"),
        ASSIGNMENT.c.title,
        MODULE.c.number.label("module_number"),
        VERSION.c.title.label("course_title"),
        ASKED.label("asked"),
        REVIEW.c.result,
        POSTING.c.posted_at,
    )
    .select_from(WITH_DECISION.outerjoin(POSTING, POSTING.c.decision_id == DECISION.c.id))
    .where(_THESE)
    .order_by(*OLDEST_FIRST)
)
_SERVED = _ITEMS.where(*in_scope())
_READY = (
    select(DECISION.c.id)
    .select_from(WITH_DECISION)
    .where(IS_READY, *in_scope(), *CHOSEN)
    .order_by(*OLDEST_FIRST)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Item:
    """One decision with what a posting, a review and a letter need to know. Instants: the school's clock."""

    id: str
    outcome: Outcome
    way: Way
    reason: str
    rating_id: str | None
    supersedes_id: str | None
    is_superseded: bool
    submission_id: str
    state: SubmissionState
    attempt: int
    receipt: str
    learner_id: str
    cohort_id: str
    assignment_key: str
    title: str
    module_number: int
    course_title: str
    asked: Review
    result: ReviewResult | None
    posted_at: datetime | None

    def stage(self, now: datetime) -> Stage:
        asks = asks_review(self.asked, self.outcome, self.way)
        return stage_of(asks=asks, result=self.result, posted_at=self.posted_at, now=now)

    @property
    def is_gone(self) -> str:
        """Why nothing can be done with it any more, "" where something can."""
        if self.is_superseded:
            return _("it was changed meanwhile")
        return _("it waits for its grader again") if self.state is not SubmissionState.DECIDED else ""

    @property
    def path(self) -> str:
        """Of the learner's own page."""
        return f"/cohorts/{self.cohort_id}/modules/{self.module_number}/assignments/{self.assignment_key}"


def held_items(conn: Connection, visitor: Visitor, decision_ids: Sequence[str]) -> list[Item]:
    """Those of these decisions that the visitor serves as a lead, oldest first; their submissions stay locked.

    Raises NotFound for people who lead nowhere.
    """
    wanted = serves(visitor, Permission.REVIEW_GRADES) | {"decisions": list(decision_ids)}
    conn.execute(_HOLD, {"decisions": list(decision_ids)})
    return [_item(row) for row in conn.execute(_SERVED, wanted)]


def item_of(conn: Connection, decision_id: str) -> Item | None:
    """One decision, for whoever has locked its submission and was let in; None where there is none."""
    row = conn.execute(_ITEMS, {"decisions": [decision_id]}).first()
    return _item(row) if row else None


def ready_ids(conn: Connection, visitor: Visitor, cohort: str, assignment: str, most: int) -> list[str]:
    """The oldest decisions that are ready to be posted by this lead, of all or as chosen."""
    wanted = serves(visitor, Permission.REVIEW_GRADES)
    chosen = {"cohort": cohort, "assignment": assignment, "most": most}
    return list(conn.execute(_READY, wanted | chosen).scalars())


def _item(row: Any) -> Item:
    return Item(**(row._asdict() | {"receipt": row.receipt or ""}))
