"""The parts of a queue, as conditions over SOURCE with the claim joined to it.

They take the values of `access.serves`, `real` (the real clock) and `past` (the school's: promises up to it are over).
"""

from enum import StrEnum

from sqlalchemy import Boolean, String, and_, bindparam, or_

from assessments.evidence.models import Step, SubmissionState
from assessments.grading.access import CLAIM, COHORT, ENROLMENT, IN_ALL_VERSIONS, RATED, SUBMISSION
from courses.enrolment.models import EnrolmentState


class Part(StrEnum):
    """Free to take (lapsed claims too), on my own desk or given to me, promised before now, rated by one grader,
    with somebody else, rated by two who differ."""

    FREE = "free"
    MINE = "mine"
    OVERDUE = "overdue"
    SECOND = "second"
    OTHERS = "others"
    RECONCILING = "reconciling"


ME = bindparam("me", type_=String)
WAITS = and_(SUBMISSION.c.state == SubmissionState.SUBMITTED, ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
TO_RATE = and_(SUBMISSION.c.step != Step.RECONCILING, ~RATED)
"""Waiting for a rating that the visitor may give: nobody rates a submission twice, and leads settle two that differ."""
FOR_A_LEAD = and_(
    SUBMISSION.c.step == Step.RECONCILING,
    ~RATED,
    or_(bindparam("leads_everywhere", type_=Boolean), COHORT.c.id.in_(bindparam("led", expanding=True))),
)
"""Waiting for a lead who rated neither way; takes the values of `leads` too."""
FOR_ME = or_(SUBMISSION.c.given_to.is_(None), SUBMISSION.c.given_to == ME)
FREE_NOW = or_(CLAIM.c.submission_id.is_(None), CLAIM.c.until <= bindparam("real"))
_LASTS, _IS_MINE = CLAIM.c.until > bindparam("real"), CLAIM.c.grader_id == ME

IN_PART = {
    Part.FREE: and_(SUBMISSION.c.step == Step.RATING, TO_RATE, FOR_ME, FREE_NOW),
    Part.MINE: and_(TO_RATE, or_(and_(_IS_MINE, or_(_LASTS, FOR_ME)), and_(SUBMISSION.c.given_to == ME, FREE_NOW))),
    Part.OVERDUE: and_(TO_RATE, FOR_ME, or_(FREE_NOW, _IS_MINE), SUBMISSION.c.promised_at <= bindparam("past")),
    Part.SECOND: and_(SUBMISSION.c.step == Step.SECOND, TO_RATE, FOR_ME, FREE_NOW),
    Part.OTHERS: and_(TO_RATE, or_(and_(_LASTS, CLAIM.c.grader_id != ME), and_(SUBMISSION.c.given_to != ME, FREE_NOW))),
    Part.RECONCILING: FOR_A_LEAD,
}
CHOSEN = (
    or_(bindparam("cohort") == "", COHORT.c.id == bindparam("cohort")),
    or_(bindparam("assignment") == "", bindparam("assignment") == IN_ALL_VERSIONS),
)
"""The filter of a queue; takes `cohort` and `assignment`, "" for all."""
