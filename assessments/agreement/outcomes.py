"""Reading what became of works: how long they waited, and how many decisions an appeal changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, select

from assessments.appeals.models import Appeal, AppealState
from assessments.grading.access import ASSIGNMENT, COHORT, SOURCE, SUBMISSION, VERSION, in_scope
from assessments.grading.queries import DECISION, POSTING
from assessments.terms.models import Holiday
from assessments.terms.promise import Calendar
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.database import table

NEWEST = 1000
"""Works whose waiting is counted: the newest tell how it is now, and a page stays quick."""
APPEAL, HOLIDAY = table(Appeal), table(Holiday)
_EARLIER, _EARLIER_POSTING = DECISION.alias("earlier"), POSTING.alias("earlier_posting")
_POSTED_BEFORE = exists(
    select(_EARLIER.c.id)
    .join(_EARLIER_POSTING, _EARLIER_POSTING.c.decision_id == _EARLIER.c.id)
    .where(_EARLIER.c.submission_id == DECISION.c.submission_id, _EARLIER_POSTING.c.posted_at < POSTING.c.posted_at)
    .correlate(DECISION, POSTING)
)
_OF_ONE = (VERSION.c.course_id == bindparam("course"), ASSIGNMENT.c.key == bindparam("key"))
_WAITS: Select[Any] = (
    select(
        COHORT.c.id.label("cohort_id"),
        COHORT.c.name.label("cohort_name"),
        COHORT.c.zone,
        SUBMISSION.c.submitted_at,
        SUBMISSION.c.promised_at,
        POSTING.c.posted_at,
    )
    .select_from(
        SOURCE.join(DECISION, DECISION.c.submission_id == SUBMISSION.c.id).join(
            POSTING, POSTING.c.decision_id == DECISION.c.id
        )
    )
    .where(*_OF_ONE, POSTING.c.posted_at <= bindparam("now"), ~_POSTED_BEFORE, *in_scope())
    .order_by(POSTING.c.posted_at.desc(), POSTING.c.decision_id.desc())
    .limit(NEWEST)
)
_APPEALED = SOURCE.join(APPEAL, APPEAL.c.submission_id == SUBMISSION.c.id).join(
    DECISION, DECISION.c.id == APPEAL.c.decision_id
)
# Few works are appealed: they are looked up, instead of asking each work of a cohort for its appeals.
_IS_APPEALED = SUBMISSION.c.id.in_(select(APPEAL.c.submission_id))
_ENDED = (AppealState.UPHELD, AppealState.UNCHANGED)
_COUNTS = (
    func.sum(case((APPEAL.c.state.in_(_ENDED), 1), else_=0)).label("ended"),
    func.sum(case((APPEAL.c.state == AppealState.UPHELD, 1), else_=0)).label("upheld"),
    func.sum(case((APPEAL.c.state.in_((AppealState.OPEN, AppealState.RATED)), 1), else_=0)).label("open"),
)
_BY_ASSIGNMENT: Select[Any] = (
    select(VERSION.c.course_id, ASSIGNMENT.c.key, *_COUNTS)
    .select_from(_APPEALED)
    .where(
        VERSION.c.course_id.in_(bindparam("courses", expanding=True)),
        ASSIGNMENT.c.key.in_(bindparam("keys", expanding=True)),
        _IS_APPEALED,
        *in_scope(),
    )
    .group_by(VERSION.c.course_id, ASSIGNMENT.c.key)
)
_BY_PLACE: Select[Any] = (
    select(
        COHORT.c.id.label("cohort_id"),
        DECISION.c.decided_by,
        PERSON.c.display_name,
        *_COUNTS,
    )
    .select_from(_APPEALED.join(PERSON, PERSON.c.id == DECISION.c.decided_by))
    .where(*_OF_ONE, _IS_APPEALED, *in_scope())
    .group_by(COHORT.c.id, DECISION.c.decided_by, PERSON.c.display_name)
)
_HOLIDAYS = select(HOLIDAY.c.day).where(and_(HOLIDAY.c.day >= bindparam("first"), HOLIDAY.c.day <= bindparam("last")))


def waits(conn: Connection, values: dict[str, Any], course_id: str, key: str, now: datetime) -> Sequence[Any]:
    """The newest works of the visitor's cohorts that have been answered; one statement."""
    return conn.execute(_WAITS, values | {"course": course_id, "key": key, "now": now}).all()


def calendars(conn: Connection, rows: Sequence[Any]) -> dict[str, Calendar]:
    """The business days of each zone that these rows lie in; one statement."""
    if not rows:
        return {}
    first, last = min(row.submitted_at for row in rows).date(), max(row.posted_at for row in rows).date()
    days = frozenset(conn.execute(_HOLIDAYS, {"first": first, "last": last}).scalars())
    return {name: Calendar(zone(name), days) for name in {row.zone for row in rows}}


def appeals_by_assignment(
    conn: Connection, values: dict[str, Any], pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], Any]:
    """{(course id, assignment key): ended, upheld and open appeals} in the visitor's cohorts; one statement."""
    if not pairs:
        return {}
    wanted = {"courses": sorted({course for course, _ in pairs}), "keys": sorted({key for _, key in pairs})}
    return {(row.course_id, row.key): row for row in conn.execute(_BY_ASSIGNMENT, values | wanted)}


def appeals_by_place(conn: Connection, values: dict[str, Any], course_id: str, key: str) -> Sequence[Any]:
    """Appeals of one assignment by cohort and by whoever decided first; one statement."""
    return conn.execute(_BY_PLACE, values | {"course": course_id, "key": key}).all()
