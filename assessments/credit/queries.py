"""Looking for credit that is due, in pieces, with statements that see the whole school."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, exists, func, select

from assessments.assignments.queries import ASSIGNMENT, MODULE
from assessments.credit.chain import EntryKind
from assessments.credit.ledger import ENTRY, PIECE
from assessments.evidence.queries import POSTED, SUBMISSION
from assessments.grading.models import Outcome
from assessments.holds.queries import IS_HELD
from courses.cohorts.queries import COHORT, COURSE, VERSION
from courses.enrolment.access import ENROLMENT, LIVE
from courses.enrolment.models import EnrolmentState
from courses.live.queries import ASKED, ATTENDANCE, ATTENDED, CONCERNS
from fourweek.database import Database
from fourweek.light import dataclass

# What the cohort's version asks for; an attempt at it may have been begun on another version (law 6).
_NOW_ASKED = ASSIGNMENT.alias("now_asked")
_RECORDED = exists(
    select(ENTRY.c.id).where(
        ENTRY.c.enrolment_id == SUBMISSION.c.enrolment_id,
        ENTRY.c.module_number == MODULE.c.number,
        ENTRY.c.kind == EntryKind.EARNED,
    )
)
# One row for each required assignment that was demonstrated, in a module that is not yet recorded.
_SHOWN = (
    select(
        SUBMISSION.c.enrolment_id,
        _NOW_ASKED.c.module_id,
        func.min(POSTED.c.posted_at).label("shown_at"),
    )
    .join_from(SUBMISSION, ASSIGNMENT, ASSIGNMENT.c.id == SUBMISSION.c.assignment_id)
    .join(POSTED, POSTED.c.submission_id == SUBMISSION.c.id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(_NOW_ASKED, and_(_NOW_ASKED.c.version_id == COHORT.c.version_id, _NOW_ASKED.c.key == ASSIGNMENT.c.key))
    .join(MODULE, MODULE.c.id == _NOW_ASKED.c.module_id)
    .where(
        SUBMISSION.c.enrolment_id > bindparam("after"),
        ENROLMENT.c.state != EnrolmentState.COMPLETED,
        _NOW_ASKED.c.required,
        POSTED.c.outcome == Outcome.DEMONSTRATED,
        ~_RECORDED,
    )
    .group_by(SUBMISSION.c.enrolment_id, _NOW_ASKED.c.module_id, _NOW_ASKED.c.id)
    .subquery("shown")
)
_ASKED = (
    select(ASSIGNMENT.c.module_id, func.count().label("number"))
    .where(ASSIGNMENT.c.required)
    .group_by(ASSIGNMENT.c.module_id)
    .subquery("asked")
)
_COMPLETE = (
    select(_SHOWN.c.enrolment_id, _SHOWN.c.module_id, func.max(_SHOWN.c.shown_at).label("shown_at"))
    .join(_ASKED, _ASKED.c.module_id == _SHOWN.c.module_id)
    .group_by(_SHOWN.c.enrolment_id, _SHOWN.c.module_id, _ASKED.c.number)
    .having(func.count() == _ASKED.c.number)
    .subquery("complete")
)
# What a module asks for besides: its required live sessions, none of them missed, and when the last one was recorded.
_OF_MODULE = and_(CONCERNS, ASKED, LIVE.c.module_number == MODULE.c.number)
_MISSED = exists(select(LIVE.c.id).where(_OF_MODULE, ~ATTENDED).correlate(ENROLMENT, MODULE))
_ATTENDED_AT = (
    select(func.max(ATTENDANCE.c.recorded_at))
    .join(LIVE, LIVE.c.id == ATTENDANCE.c.session_id)
    .where(_OF_MODULE, ATTENDANCE.c.enrolment_id == ENROLMENT.c.id)
    .correlate(ENROLMENT, MODULE)
    .scalar_subquery()
)
_COMPLETED_AT = case((_COMPLETE.c.shown_at < _ATTENDED_AT, _ATTENDED_AT), else_=_COMPLETE.c.shown_at)
_DUE: Select[Any] = (
    select(
        _COMPLETE.c.enrolment_id,
        _COMPLETED_AT.label("completed_at"),
        ENROLMENT.c.person_id,
        MODULE.c.id.label("module_id"),
        MODULE.c.number,
        MODULE.c.counted_minutes,
        COHORT.c.zone,
        COHORT.c.version_id,
        COURSE.c.code,
        VERSION.c.major,
        VERSION.c.minor,
        VERSION.c.category,
        VERSION.c.separate_events,
        VERSION.c.credit_types,
    )
    .join(ENROLMENT, ENROLMENT.c.id == _COMPLETE.c.enrolment_id)
    .join(COHORT, COHORT.c.id == ENROLMENT.c.cohort_id)
    .join(MODULE, and_(MODULE.c.id == _COMPLETE.c.module_id, MODULE.c.version_id == COHORT.c.version_id))
    .join(VERSION, VERSION.c.id == COHORT.c.version_id)
    .join(COURSE, COURSE.c.id == VERSION.c.course_id)
    .where(~_MISSED, ~IS_HELD)
    .order_by(_COMPLETE.c.enrolment_id, "completed_at", MODULE.c.number)
    .limit(PIECE)
)


@dataclass(frozen=True, slots=True)
class DueModule:
    """A module that posted decisions and attendance complete and the ledger does not have yet."""

    id: str
    number: int
    counted_minutes: int
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class DueCredit:
    """What is due to one enrolment: its modules in order of completion.

    `category` is that of every activity that names no other. `credit_types` are given beside the CEU; with
    `separate_events` each module is an event of its own.
    """

    enrolment_id: str
    person_id: str
    version_id: str
    course_code: str
    course_version: str
    category: str
    separate_events: bool
    credit_types: tuple[str, ...]
    zone: str
    modules: tuple[DueModule, ...]


def due_credit(db: Database, now: datetime) -> Iterator[DueCredit]:
    """Every enrolment with credit due at `now` (the school's clock) and not held; reads at most 200 modules at once."""
    after = ""
    while found := db.read_now(_piece, after, now):
        for due in found:
            after = due.enrolment_id
            yield due


def _piece(conn: Connection, after: str, now: datetime) -> list[DueCredit]:
    rows = conn.execute(_DUE, {"after": after, "now": now}).all()
    found = [_due(list(group)) for _, group in groupby(rows, key=lambda row: row.enrolment_id)]
    cut_off = len(rows) == PIECE and len(found) > 1
    return found[:-1] if cut_off else found


def _due(rows: list[Row[Any]]) -> DueCredit:
    first = rows[0]
    return DueCredit(
        enrolment_id=first.enrolment_id,
        person_id=first.person_id,
        version_id=first.version_id,
        course_code=first.code,
        course_version=f"{first.major}.{first.minor}",
        category=first.category,
        separate_events=first.separate_events,
        credit_types=tuple(first.credit_types),
        zone=first.zone,
        modules=tuple(DueModule(row.module_id, row.number, row.counted_minutes, row.completed_at) for row in rows),
    )
