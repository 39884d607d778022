"""The parts of a queue, as conditions over IDS: submissions with their enrolment, nothing more.

They take the values of `access.serves`, `real` (the real clock) and `past` (the school's: promises up to it are over).
Claims are asked for as lists of ids, which both databases read once for a statement; joined to it, they would make
PostgreSQL believe that hardly anything is free, and look everything else up row by row.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, bindparam, cast, exists, func, or_, select, union

from assessments.completeness.queries import CHECK
from assessments.evidence.models import Step, SubmissionState
from assessments.grading.access import (
    ASSIGNMENT,
    CLAIM,
    ENROLMENT,
    IN_ALL_VERSIONS,
    RATED,
    SUBMISSION,
    VERSION,
    in_scope,
)
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


IDS = SUBMISSION.join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
ME = bindparam("me", type_=String)
_STAYS = ENROLMENT.c.state != EnrolmentState.WITHDRAWN
WAITS = and_(SUBMISSION.c.state == SubmissionState.SUBMITTED, _STAYS)
FOR_ME = or_(SUBMISSION.c.given_to.is_(None), SUBMISSION.c.given_to == ME)
_CLAIMED: Select[Any] = select(CLAIM.c.submission_id)
_LAST = CLAIM.c.until > bindparam("real")
_HELD = SUBMISSION.c.id.in_(_CLAIMED.where(_LAST))
_HELD_BY_ME = SUBMISSION.c.id.in_(_CLAIMED.where(_LAST, CLAIM.c.grader_id == ME))
_EVER_MINE = SUBMISSION.c.id.in_(_CLAIMED.where(CLAIM.c.grader_id == ME))
FREE_NOW = ~_HELD
_I_LEAD = or_(
    bindparam("leads_everywhere", type_=Boolean),
    ENROLMENT.c.cohort_id.in_(bindparam("led", expanding=True)),
    ENROLMENT.c.section_id.in_(bindparam("led", expanding=True)),
)


def to_rate(rated: ColumnElement[bool]) -> ColumnElement[bool]:
    """Waiting for a rating that the visitor may give: nobody rates twice, and leads settle two that differ."""
    return and_(SUBMISSION.c.step != Step.RECONCILING, ~rated)


def _in_parts(rated: ColumnElement[bool]) -> dict[Part, ColumnElement[bool]]:
    """What belongs to each part; `rated` says whether the visitor is done with rating it. Takes `leads` too."""
    given_to_me = SUBMISSION.c.given_to == ME
    mine = or_(_HELD_BY_ME, and_(~_HELD, or_(given_to_me, and_(_EVER_MINE, FOR_ME))))
    others = or_(and_(_HELD, ~_HELD_BY_ME), and_(~_HELD, SUBMISSION.c.given_to != ME))
    with_somebody = or_(_HELD, SUBMISSION.c.given_to.is_not(None))  # follows from `others`, and is found by indexes
    overdue = and_(SUBMISSION.c.promised_at <= bindparam("past"), FOR_ME, or_(~_HELD, _HELD_BY_ME))
    return {
        Part.FREE: and_(SUBMISSION.c.step == Step.RATING, FOR_ME, ~_HELD, ~rated),
        Part.MINE: and_(mine, to_rate(rated)),
        Part.OVERDUE: and_(overdue, to_rate(rated)),
        Part.SECOND: and_(SUBMISSION.c.step == Step.SECOND, FOR_ME, ~_HELD, ~rated),
        Part.OTHERS: and_(with_somebody, others, to_rate(rated)),
        Part.RECONCILING: and_(SUBMISSION.c.step == Step.RECONCILING, ~rated, _I_LEAD),
    }


TO_RATE, _IN_PART = to_rate(RATED), _in_parts(RATED)
_ITS = (
    select(ASSIGNMENT.c.id)
    .join(VERSION, VERSION.c.id == ASSIGNMENT.c.version_id)
    .where(ASSIGNMENT.c.id == SUBMISSION.c.assignment_id, bindparam("assignment") == IN_ALL_VERSIONS)
)
_OF_COHORT = or_(bindparam("cohort") == "", ENROLMENT.c.cohort_id == bindparam("cohort"))
CHOSEN = (_OF_COHORT, or_(bindparam("assignment") == "", bindparam("assignment") == IN_ALL_VERSIONS))
"""The filter of a queue, over SOURCE; takes `cohort` and `assignment`, "" for all."""
_FOUND_IN = select(CHECK.c.submission_id).where(CHECK.c.checked_at.is_(None), cast(CHECK.c.findings, String) != "[]")
UNCHECKED = or_(~bindparam("unchecked", type_=Boolean), SUBMISSION.c.id.in_(_FOUND_IN))
"""Where the rules found something that nobody has looked at; takes `unchecked`, False for everything."""
CHOSEN_IDS = (_OF_COHORT, or_(bindparam("assignment") == "", exists(_ITS.correlate(SUBMISSION))), UNCHECKED)
"""The same over IDS."""

_GIVEN = SUBMISSION.alias("given")
_PERHAPS_MINE = union(
    _CLAIMED.where(CLAIM.c.grader_id == ME),
    select(_GIVEN.c.id).where(_GIVEN.c.given_to == ME, _GIVEN.c.state == SubmissionState.SUBMITTED),
).subquery("perhaps_mine")
_MINE = IDS.join(_PERHAPS_MINE, _PERHAPS_MINE.c.submission_id == SUBMISSION.c.id)
# Such that no index answers it: SQLite would rather look at all that waits than at the few that somebody has.
_STILL_WAITS = and_(func.coalesce(SUBMISSION.c.state, "") == SubmissionState.SUBMITTED, _STAYS)


def works_in(part: Part) -> Select[Any]:
    """The ids of what is in a part of the visitor's queue, as filtered; takes the values of `leads` too."""
    chosen = (_IN_PART[part], *in_scope(), *CHOSEN_IDS)
    source = _MINE if part is Part.MINE else IDS
    waits = _STILL_WAITS if part in (Part.MINE, Part.OTHERS) else WAITS
    return select(SUBMISSION.c.id).select_from(source).where(waits, *chosen)
