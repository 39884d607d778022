"""Reading what decides about the end of evidence's period."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, exists, func, or_, select

from assessments.appeals.models import Appeal, AppealState
from assessments.assignments.models import RequirementKind
from assessments.assignments.queries import ASSIGNMENT
from assessments.coaching.models import Coaching
from assessments.evidence.members import MEMBER
from assessments.evidence.queries import DECISION, EVIDENCE, POSTING, SUBMISSION
from assessments.retention.models import LegalHold
from assessments.retention.rules import Facts, Keeps, keeps
from courses.cohorts.queries import COHORT, COHORT_COLUMNS, COHORT_SOURCE, facts_of
from courses.enrolment.access import ENROLMENT, SECTION, SECTION_COLUMNS, section_rules
from courses.enrolment.models import EnrolmentState
from courses.schedule.rules import is_over
from courses.schedule.zones import zone
from fourweek.database import table
from fourweek.light import dataclass

HOLD, COACHING, APPEAL = table(LegalHold), table(Coaching), table(Appeal)

# Of a knowledge check nothing goes: what was answered is how it was decided, and stays with what was decided.
LEFT = and_(
    EVIDENCE.c.submission_id == SUBMISSION.c.id,
    EVIDENCE.c.purged_at.is_(None),
    EVIDENCE.c.kind != RequirementKind.CHECK,
)
last_touched = func.coalesce(SUBMISSION.c.withdrawn_at, SUBMISSION.c.submitted_at, SUBMISSION.c.saved_at)
_POSTED = exists(
    select(POSTING.c.decision_id)
    .join(DECISION, DECISION.c.id == POSTING.c.decision_id)
    .where(DECISION.c.submission_id == SUBMISSION.c.id, POSTING.c.posted_at <= bindparam("now"))
    .correlate(SUBMISSION)
)
_UNPOSTED = exists(
    select(DECISION.c.id)
    .outerjoin(POSTING, and_(POSTING.c.decision_id == DECISION.c.id, POSTING.c.posted_at <= bindparam("now")))
    .where(DECISION.c.submission_id == SUBMISSION.c.id, POSTING.c.decision_id.is_(None))
    .correlate(SUBMISSION)
)
_MEMBERS = select(MEMBER.c.person_id).where(MEMBER.c.submission_id == SUBMISSION.c.id).correlate(SUBMISSION)
_HELD = exists(
    select(HOLD.c.id)
    .where(
        HOLD.c.lifted_at.is_(None),
        or_(
            HOLD.c.cohort_id == ENROLMENT.c.cohort_id,
            HOLD.c.person_id == ENROLMENT.c.person_id,
            HOLD.c.person_id.in_(_MEMBERS),
        ),
    )
    .correlate(SUBMISSION, ENROLMENT)
)
_COACHED = exists(
    select(COACHING.c.id)
    .where(
        COACHING.c.enrolment_id == SUBMISSION.c.enrolment_id,
        COACHING.c.assignment_key == ASSIGNMENT.c.key,
        COACHING.c.closed_at.is_(None),
    )
    .correlate(SUBMISSION, ASSIGNMENT)
)
_APPEALED = exists(
    select(APPEAL.c.id)
    .where(
        APPEAL.c.submission_id == SUBMISSION.c.id,
        APPEAL.c.state.in_((AppealState.OPEN, AppealState.RATED)),
    )
    .correlate(SUBMISSION)
)
_FOUND: Select[Any] = (
    select(
        SUBMISSION.c.id,
        SUBMISSION.c.state,
        SUBMISSION.c.withdrawn_at,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.saved_at,
        ENROLMENT.c.state.label("enrolment_state"),
        and_(_POSTED, ~_UNPOSTED).label("judged"),
        _HELD.label("held"),
        _COACHED.label("coached"),
        _APPEALED.label("appealed"),
        *COHORT_COLUMNS,
        *SECTION_COLUMNS,
    )
    .select_from(
        COHORT_SOURCE.join(ENROLMENT, ENROLMENT.c.cohort_id == COHORT.c.id)
        .join(SUBMISSION, SUBMISSION.c.enrolment_id == ENROLMENT.c.id)
        .join(ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
        .outerjoin(SECTION, SECTION.c.id == ENROLMENT.c.section_id)
    )
    .where(exists(select(EVIDENCE.c.id).where(LEFT).correlate(SUBMISSION)))
    .order_by(SUBMISSION.c.id)
)
_OLD = _FOUND.where(last_touched <= bindparam("before"), SUBMISSION.c.id > bindparam("after")).limit(bindparam("most"))
_THESE = _FOUND.where(SUBMISSION.c.id.in_(bindparam("ids", expanding=True)))
A_DAY = timedelta(days=1)  # no change of a zone's clock is longer


@dataclass(frozen=True, slots=True)
class Old:
    """An attempt that still has content, and why that stays; `keeps` is None when it is to go."""

    id: str
    cohort_id: str
    cohort: str
    last: datetime
    keeps: Keeps | None


def old_attempts(conn: Connection, now: datetime, kept_days: int, after: str, most: int) -> list[Old]:
    """The next attempts whose period is over, or is to be any hour, in the order of their ids; one statement.

    `now` is the school's time; `after` is the last id of the batch before, "" at first.
    """
    keys = {"now": now, "before": now - timedelta(days=kept_days) + A_DAY, "after": after, "most": most}
    return [_old(row, now, kept_days) for row in conn.execute(_OLD, keys)]


def these_attempts(conn: Connection, now: datetime, kept_days: int, ids: Collection[str]) -> list[Old]:
    """These attempts as they stand now, as far as they still have content; one statement."""
    return [_old(row, now, kept_days) for row in conn.execute(_THESE, {"now": now, "ids": sorted(ids)})]


def _old(row: Row[Any], now: datetime, kept_days: int) -> Old:
    last = row.withdrawn_at or row.submitted_at or row.saved_at
    section = section_rules(row) if row.section_id else None
    rules = facts_of(row).rules
    facts = Facts(
        state=row.state,
        last=last,
        judged=bool(row.judged),
        held=bool(row.held),
        coached=bool(row.coached),
        appealed=bool(row.appealed),
        running=row.enrolment_state is EnrolmentState.ACTIVE and not is_over(rules, now, section),
    )
    named = f"{row.course_title}, {row.cohort_name}"
    return Old(row.id, row.cohort_id, named, last, keeps(facts, now, kept_days, zone(rules.zone)))
