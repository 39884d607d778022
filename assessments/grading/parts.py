"""The parts of a queue, as conditions over IDS: submissions with their enrolment and cohort, nothing more.

They take the values of `access.serves`, `real` (the real clock) and `past` (the school's: promises up to it are over).
Claims are asked for as lists of ids, which both databases read once for a statement; joined to it, they would make
PostgreSQL believe that hardly anything is free, and look everything else up row by row.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, bindparam, exists, or_, select

from assessments.evidence.models import Step, SubmissionState
from assessments.grading.access import ASSIGNMENT, CLAIM, COHORT, ENROLMENT, IN_ALL_VERSIONS, RATED, SUBMISSION, VERSION
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


IDS = SUBMISSION.join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id).join(
    COHORT, COHORT.c.id == ENROLMENT.c.cohort_id
)
ME = bindparam("me", type_=String)
WAITS = and_(SUBMISSION.c.state == SubmissionState.SUBMITTED, ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
FOR_ME = or_(SUBMISSION.c.given_to.is_(None), SUBMISSION.c.given_to == ME)
_CLAIMED: Select[Any] = select(CLAIM.c.submission_id)
_LAST = CLAIM.c.until > bindparam("real")
_HELD = SUBMISSION.c.id.in_(_CLAIMED.where(_LAST))
_HELD_BY_ME = SUBMISSION.c.id.in_(_CLAIMED.where(_LAST, CLAIM.c.grader_id == ME))
_EVER_MINE = SUBMISSION.c.id.in_(_CLAIMED.where(CLAIM.c.grader_id == ME))
FREE_NOW = ~_HELD
_I_LEAD = or_(bindparam("leads_everywhere", type_=Boolean), COHORT.c.id.in_(bindparam("led", expanding=True)))


def to_rate(rated: ColumnElement[bool]) -> ColumnElement[bool]:
    """Waiting for a rating that the visitor may give: nobody rates twice, and leads settle two that differ."""
    return and_(SUBMISSION.c.step != Step.RECONCILING, ~rated)


def in_parts(rated: ColumnElement[bool]) -> dict[Part, ColumnElement[bool]]:
    """What belongs to each part; `rated` says whether the visitor is done with rating it. Takes `leads` too."""
    given_to_me = SUBMISSION.c.given_to == ME
    mine = or_(_HELD_BY_ME, and_(~_HELD, or_(given_to_me, and_(_EVER_MINE, FOR_ME))))
    others = or_(and_(_HELD, ~_HELD_BY_ME), and_(~_HELD, SUBMISSION.c.given_to != ME))
    overdue = and_(SUBMISSION.c.promised_at <= bindparam("past"), FOR_ME, or_(~_HELD, _HELD_BY_ME))
    return {
        Part.FREE: and_(SUBMISSION.c.step == Step.RATING, FOR_ME, ~_HELD, ~rated),
        Part.MINE: and_(mine, to_rate(rated)),
        Part.OVERDUE: and_(overdue, to_rate(rated)),
        Part.SECOND: and_(SUBMISSION.c.step == Step.SECOND, FOR_ME, ~_HELD, ~rated),
        Part.OTHERS: and_(others, to_rate(rated)),
        Part.RECONCILING: and_(SUBMISSION.c.step == Step.RECONCILING, ~rated, _I_LEAD),
    }


TO_RATE, IN_PART = to_rate(RATED), in_parts(RATED)
_ITS = (
    select(ASSIGNMENT.c.id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .where(ASSIGNMENT.c.id == SUBMISSION.c.assignment_id, bindparam("assignment") == IN_ALL_VERSIONS)
)
_OF_COHORT = or_(bindparam("cohort") == "", COHORT.c.id == bindparam("cohort"))
CHOSEN = (_OF_COHORT, or_(bindparam("assignment") == "", bindparam("assignment") == IN_ALL_VERSIONS))
"""The filter of a queue, over SOURCE; takes `cohort` and `assignment`, "" for all."""
CHOSEN_IDS = (_OF_COHORT, or_(bindparam("assignment") == "", exists(_ITS.correlate(SUBMISSION))))
"""The same over IDS."""
