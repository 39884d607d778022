"""Reading live sessions: those of a cohort, and those that concern somebody with what was recorded of them."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, or_, select

from courses.cohorts.queries import COHORT
from courses.enrolment.access import ENROLMENT, LIVE, SECTION, Place
from courses.live.models import Attendance, Presence
from courses.live.rules import Attended, Meeting, Mine
from fourweek.database import table

ATTENDANCE = table(Attendance)

MEETING_COLUMNS = (
    LIVE.c.id.label("session_id"),
    LIVE.c.cohort_id,
    LIVE.c.section_id,
    *(
        LIVE.c[name]
        for name in (
            "module_number",
            "title",
            "on",
            "at",
            "minutes",
            "join_url",
            "recording_url",
            "instructor",
            "required",
            "code",
            "cancelled_at",
            "changed_at",
            "revision",
        )
    ),
    COHORT.c.zone.label("cohort_zone"),
    SECTION.c.name.label("section_name"),
    SECTION.c.zone.label("section_zone"),
)
MEETING_SOURCE = LIVE.join(COHORT, COHORT.c.id == LIVE.c.cohort_id).outerjoin(
    SECTION, SECTION.c.id == LIVE.c.section_id
)
CONCERNS: ColumnElement[bool] = and_(
    LIVE.c.cohort_id == ENROLMENT.c.cohort_id,
    or_(LIVE.c.section_id.is_(None), LIVE.c.section_id == ENROLMENT.c.section_id),
)
"""Which sessions concern an enrolment: those of its section and those of everybody."""

ASKED: ColumnElement[bool] = and_(LIVE.c.required, LIVE.c.module_number.is_not(None), LIVE.c.cancelled_at.is_(None))
"""Sessions whose attendance is part of a module's completion."""

ATTENDED: ColumnElement[bool] = exists(
    select(ATTENDANCE.c.session_id).where(
        ATTENDANCE.c.session_id == LIVE.c.id,
        ATTENDANCE.c.enrolment_id == ENROLMENT.c.id,
        ATTENDANCE.c.presence != Presence.ABSENT,
    )
)

_OF_COHORT: Select[Any] = (
    select(*MEETING_COLUMNS).select_from(MEETING_SOURCE).where(LIVE.c.cohort_id == bindparam("cohort"))
)
_ONE = _OF_COHORT.where(LIVE.c.id == bindparam("session"))
_MINE: Select[Any] = (
    select(
        *MEETING_COLUMNS,
        ATTENDANCE.c.presence,
        ATTENDANCE.c.source,
        ATTENDANCE.c.reason,
        ATTENDANCE.c.recorded_at,
    )
    .select_from(
        MEETING_SOURCE.join(ENROLMENT, CONCERNS).outerjoin(
            ATTENDANCE,
            and_(ATTENDANCE.c.session_id == LIVE.c.id, ATTENDANCE.c.enrolment_id == ENROLMENT.c.id),
        )
    )
    .where(ENROLMENT.c.id == bindparam("enrolment"))
)
_MISSING: Select[Any] = (
    select(ENROLMENT.c.id.label("enrolment_id"), LIVE.c.module_number)
    .distinct()
    .select_from(LIVE.join(ENROLMENT, CONCERNS))
    .where(ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)), ASKED, ~ATTENDED)
)
_OF_MANY: Any = (
    select(
        *MEETING_COLUMNS,
        ENROLMENT.c.id.label("enrolment_id"),
        func.row_number().over(partition_by=ENROLMENT.c.id, order_by=(LIVE.c.on, LIVE.c.at, LIVE.c.id)).label("nth"),
    )
    .select_from(MEETING_SOURCE.join(ENROLMENT, CONCERNS))
    .where(
        ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)),
        LIVE.c.on >= bindparam("since"),
        LIVE.c.cancelled_at.is_(None),
    )
    .subquery("of_many")
)
_COMING = select(_OF_MANY).where(_OF_MANY.c.nth <= bindparam("most"))
LAST_DAYS = timedelta(days=2)
"""No session that is not over began on an earlier day, whatever its zone."""
MOST = 20
"""More than ever begin for one person within LAST_DAYS: a session that is still to come is among them."""


def meetings(conn: Connection, cohort_id: str) -> list[Meeting]:
    """Every live session of a cohort, cancelled ones too; the caller has authorised it."""
    return [meeting_of(row) for row in conn.execute(_OF_COHORT, {"cohort": cohort_id})]


def sessions_of_all(conn: Connection, cohort_id: str) -> list[Mine]:
    """`meetings` as they concern nobody in particular: for staff who look at what learners see."""
    return [Mine(one, None) for one in meetings(conn, cohort_id)]


def meeting(conn: Connection, cohort_id: str, session_id: str) -> Meeting | None:
    row = conn.execute(_ONE, {"cohort": cohort_id, "session": session_id}).first()
    return meeting_of(row) if row else None


def my_sessions(conn: Connection, place: Place) -> list[Mine]:
    """Every live session that concerns this place, with what was recorded; one statement, none where it has none."""
    if not place.meets_live:
        return []
    return [Mine(meeting_of(row), attended_of(row)) for row in conn.execute(_MINE, {"enrolment": place.enrolment_id})]


def unattended_of_many(conn: Connection, enrolment_ids: Iterable[str]) -> dict[str, frozenset[int]]:
    """For each enrolment the numbers of the modules that still ask for attendance; at most one statement."""
    found: dict[str, set[int]] = {enrolment: set() for enrolment in enrolment_ids}
    if found:
        for row in conn.execute(_MISSING, {"enrolments": list(found)}):
            found[row.enrolment_id].add(row.module_number)
    return {enrolment: frozenset(numbers) for enrolment, numbers in found.items()}


def coming_of_many(conn: Connection, enrolment_ids: Collection[str], now: datetime) -> dict[str, list[Meeting]]:
    """For each enrolment that has any the live sessions to come or on now, in no order; at most one statement."""
    found: dict[str, list[Meeting]] = {}
    if enrolment_ids:
        wanted = {"enrolments": list(enrolment_ids), "since": now.date() - LAST_DAYS, "most": MOST}
        for row in conn.execute(_COMING, wanted):
            if not (one := meeting_of(row)).is_over(now):
                found.setdefault(row.enrolment_id, []).append(one)
    return found


def meeting_of(row: Row[Any]) -> Meeting:
    """A Meeting from a row that selects MEETING_COLUMNS."""
    return Meeting(
        id=row.session_id,
        cohort_id=row.cohort_id,
        title=row.title,
        section_id=row.section_id,
        section=row.section_name or "",
        module_number=row.module_number,
        on=row.on,
        at=row.at,
        minutes=row.minutes,
        zone=row.section_zone or row.cohort_zone,
        join_url=row.join_url,
        recording_url=row.recording_url,
        instructor=row.instructor,
        required=row.required,
        code=row.code,
        cancelled_at=row.cancelled_at,
        changed_at=row.changed_at,
        revision=row.revision,
    )


def attended_of(row: Row[Any]) -> Attended | None:
    """What was recorded, from a row that selects columns of Attendance by their names; None for an outer row."""
    return Attended(row.presence, row.source, row.reason, row.recorded_at) if row.presence is not None else None
