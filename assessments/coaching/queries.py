"""What those who lead are shown: open coachings, and learners at the end of their attempts."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Select, String, and_, bindparam, case, exists, func, or_, select

from assessments.coaching.granted import ASSIGNMENT, COACHING, GRANTED, SUBMISSION
from assessments.evidence.models import SubmissionState
from assessments.evidence.queries import POSTED
from assessments.grading.models import Outcome
from assessments.identity.names import is_anonymous
from courses.catalogue.models import CourseVersion, Module
from courses.cohorts.models import Cohort
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.paging import PER_PAGE
from fourweek.accounts.models import Person
from fourweek.database import table

ENROLMENT, COHORT, VERSION = table(Enrolment), table(Cohort), table(CourseVersion)
MODULE, PERSON = table(Module), table(Person)


def in_scope() -> tuple[ColumnElement[bool], ...]:
    """Enrolments in cohorts and sections that the visitor leads, not their own.

    Takes the values of `grading.access.serves`.
    """
    return (
        or_(
            bindparam("everywhere", type_=Boolean),
            COHORT.c.id.in_(bindparam("scopes", expanding=True)),
            ENROLMENT.c.section_id.in_(bindparam("scopes", expanding=True)),
        ),
        ENROLMENT.c.person_id != bindparam("me", type_=String),
    )


_PLACE = (
    PERSON.c.display_name.label("learner"),
    COHORT.c.id.label("cohort_id"),
    COHORT.c.name.label("cohort"),
    COHORT.c.zone,
    VERSION.c.title.label("course"),
)
_PEOPLE = (
    ENROLMENT.join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
)
# The assignment as the cohort's version asks for it; none where it does not any more.
_TALKS = (
    COACHING.join(_PEOPLE, ENROLMENT.c.id == COACHING.c.enrolment_id)
    .outerjoin(
        ASSIGNMENT, and_(ASSIGNMENT.c.version_id == COHORT.c.version_id, ASSIGNMENT.c.key == COACHING.c.assignment_key)
    )
    .outerjoin(MODULE, MODULE.c.id == ASSIGNMENT.c.module_id)
)
_OF = SUBMISSION.alias("of")
_ITS_ASSIGNMENT = ASSIGNMENT.alias("its_assignment")
_NEWEST_SUBMISSION = (
    select(_OF.c.id)
    .join(_ITS_ASSIGNMENT, _ITS_ASSIGNMENT.c.id == _OF.c.assignment_id)
    .where(
        _OF.c.enrolment_id == COACHING.c.enrolment_id,
        _ITS_ASSIGNMENT.c.key == COACHING.c.assignment_key,
        _OF.c.state != SubmissionState.DRAFT,
    )
    .order_by(_OF.c.attempt.desc())
    .limit(1)
    .correlate(COACHING)
    .scalar_subquery()
)
_CLOSER = table(Person).alias("closer")
TALK: Select[Any] = (
    select(
        COACHING,
        *_PLACE,
        ENROLMENT.c.person_id.label("learner_id"),
        func.coalesce(ASSIGNMENT.c.title, COACHING.c.assignment_key).label("title"),
        MODULE.c.number.label("module_number"),
        _CLOSER.c.display_name.label("closer"),
        case((is_anonymous(ENROLMENT), None), else_=_NEWEST_SUBMISSION).label("submission_id"),
    )
    .select_from(_TALKS.outerjoin(_CLOSER, _CLOSER.c.id == COACHING.c.closed_by))
    .where(COACHING.c.id == bindparam("coaching"), *in_scope())
)
_OPEN = (COACHING.c.closed_at.is_(None), *in_scope())
OPEN: Select[Any] = (
    select(
        COACHING.c.id,
        COACHING.c.opened_at,
        *_PLACE,
        func.coalesce(ASSIGNMENT.c.title, COACHING.c.assignment_key).label("title"),
    )
    .select_from(_TALKS)
    .where(*_OPEN)
    .order_by(COACHING.c.opened_at, COACHING.c.id)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
OPEN_COUNT: Select[Any] = select(func.count()).select_from(_TALKS).where(*_OPEN)

_COUNTS = SUBMISSION.c.state.in_((SubmissionState.SUBMITTED, SubmissionState.DECIDED))
_USES = and_(_COUNTS, func.coalesce(POSTED.c.outcome, "") != Outcome.RETURNED_INCOMPLETE)
_GOES_ON = or_(SUBMISSION.c.state == SubmissionState.DRAFT, and_(_COUNTS, POSTED.c.outcome.is_(None)))


def _number(condition: ColumnElement[bool]) -> Any:
    return func.sum(case((condition, 1), else_=0))


# A row for each enrolment and assignment whose attempts are used up, by the same rule as `standing.is_at_end`.
_ENDED = (
    select(
        SUBMISSION.c.enrolment_id,
        ASSIGNMENT.c.key,
        func.max(ASSIGNMENT.c.title).label("title"),
        _number(_USES).label("used"),
        func.max(POSTED.c.posted_at).label("posted_at"),
    )
    .select_from(
        SUBMISSION.join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id).outerjoin(
            POSTED, POSTED.c.submission_id == SUBMISSION.c.id
        )
    )
    .where(ASSIGNMENT.c.max_attempts.is_not(None))
    .group_by(SUBMISSION.c.enrolment_id, ASSIGNMENT.c.key)
    .having(
        _number(_USES) >= func.min(ASSIGNMENT.c.max_attempts) + GRANTED.element,
        _number(POSTED.c.outcome == Outcome.DEMONSTRATED) == 0,
        _number(_GOES_ON) == 0,
    )
    .subquery("ended")
)
# Nobody is listed whom a lead talked with since, or is asked to.
_DEALT_WITH = exists(
    select(COACHING.c.id).where(
        COACHING.c.enrolment_id == _ENDED.c.enrolment_id,
        COACHING.c.assignment_key == _ENDED.c.key,
        or_(COACHING.c.closed_at.is_(None), COACHING.c.closed_at >= _ENDED.c.posted_at),
    )
)
_LEFT = _ENDED.join(_PEOPLE, ENROLMENT.c.id == _ENDED.c.enrolment_id)
_LEFT_WHERE = (~_DEALT_WITH, ENROLMENT.c.state == EnrolmentState.ACTIVE, *in_scope())
ENDED: Select[Any] = (
    select(*_PLACE, _ENDED, is_anonymous(ENROLMENT).label("anonymous"))
    .select_from(_LEFT)
    .where(*_LEFT_WHERE)
    .order_by(_ENDED.c.posted_at, _ENDED.c.enrolment_id, _ENDED.c.key)
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
ENDED_COUNT: Select[Any] = select(func.count()).select_from(_LEFT).where(*_LEFT_WHERE)
