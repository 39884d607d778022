"""Where a decision stands on its way to the learner: rated, reviewed, ready, posted. Pure, and the same in SQL."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, exists, func, literal, or_, select

from assessments.evidence.models import SubmissionState
from assessments.grading.access import SUBMISSION
from assessments.grading.models import DecisionReview, Outcome, ReviewResult, Way
from assessments.grading.queries import DECISION, POSTING, SUPERSEDED
from assessments.terms.models import Review
from assessments.terms.queries import TERMS
from fourweek.database import enum_type, table

REVIEW = table(DecisionReview)
BY_GRADERS = (Way.ONE_RATING, Way.AGREED)
"""Ways in which no lead, registrar or second reader in a dispute has had a look; only these are reviewed."""


class Stage(StrEnum):
    """`to_come` is posted and can still be taken back; `sent_back` waits for its grader again."""

    TO_REVIEW = "review"
    READY = "ready"
    SENT_BACK = "sent_back"
    TO_COME = "to_come"
    POSTED = "posted"


def asks_review(asked: Review, outcome: Outcome, way: Way) -> bool:
    """Whether a lead looks at this decision before it may be posted.

    What is returned incomplete gives no verdict, and a changed, settled or appealed one has been looked at.
    """
    if outcome is Outcome.RETURNED_INCOMPLETE or way not in BY_GRADERS:
        return False
    return asked is Review.ALL or (asked is Review.NOT_YET and outcome is Outcome.NOT_YET)


def stage_of(*, asks: bool, result: ReviewResult | None, posted_at: datetime | None, now: datetime) -> Stage:
    """The stage of a decision that holds; `asks` is what `asks_review` says, `now` the school's clock."""
    if posted_at is not None:
        return Stage.POSTED if posted_at <= now else Stage.TO_COME
    if result is ReviewResult.SENT_BACK:
        return Stage.SENT_BACK
    return Stage.TO_REVIEW if asks and result is None else Stage.READY


ASKED = func.coalesce(TERMS.c.review, literal(Review.NONE, enum_type(Review)))
"""What the terms of a cohort ask; for rows that outer join TERMS."""
_ASKS = and_(
    DECISION.c.way.in_(BY_GRADERS),
    DECISION.c.outcome != Outcome.RETURNED_INCOMPLETE,
    or_(ASKED == Review.ALL, and_(ASKED == Review.NOT_YET, DECISION.c.outcome == Outcome.NOT_YET)),
)
_WAITS = and_(
    ~exists(select(POSTING.c.decision_id).where(POSTING.c.decision_id == DECISION.c.id)),
    ~SUPERSEDED,
    SUBMISSION.c.state == SubmissionState.DECIDED,
)
IN_REVIEW = and_(_WAITS, REVIEW.c.result.is_(None), _ASKS)
"""Decisions in the stage TO_REVIEW; for rows that outer join REVIEW and TERMS."""
IS_READY = and_(_WAITS, or_(REVIEW.c.result == ReviewResult.READY, and_(REVIEW.c.result.is_(None), ~_ASKS)))
"""Decisions in the stage READY; for rows that outer join REVIEW and TERMS."""
