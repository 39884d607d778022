"""Reading the people of a session with what was recorded of each. The caller has authorised it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select

from courses.enrolment.access import ENROLMENT, LIVE
from courses.enrolment.models import EnrolmentState
from courses.live.queries import ATTENDANCE, CONCERNS, attended_of
from courses.live.rules import Attended
from courses.paging import PER_PAGE, offset
from fourweek.accounts.access import PERSON
from fourweek.light import dataclass
from fourweek.outbox import EMAIL

_RECORDER = PERSON.alias("recorder")
# Everybody the session concerns who is in the cohort, and whoever left it with a record.
_PEOPLE: Select[Any] = (
    select(
        ENROLMENT.c.id,
        PERSON.c.display_name,
        PERSON.c.learner_number,
        ATTENDANCE.c.presence,
        ATTENDANCE.c.source,
        ATTENDANCE.c.reason,
        ATTENDANCE.c.recorded_at,
        _RECORDER.c.display_name.label("recorder"),
    )
    .select_from(
        LIVE.join(ENROLMENT, CONCERNS)
        .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
        .outerjoin(ATTENDANCE, and_(ATTENDANCE.c.session_id == LIVE.c.id, ATTENDANCE.c.enrolment_id == ENROLMENT.c.id))
        .outerjoin(_RECORDER, _RECORDER.c.id == ATTENDANCE.c.recorded_by)
    )
    .where(
        LIVE.c.id == bindparam("session"),
        or_(ENROLMENT.c.state != EnrolmentState.WITHDRAWN, ATTENDANCE.c.presence.is_not(None)),
    )
    .order_by(PERSON.c.display_name, ENROLMENT.c.id)
)
_PAGE = _PEOPLE.add_columns(func.count().over().label("total")).limit(PER_PAGE).offset(bindparam("skipped"))
_THESE = _PEOPLE.where(ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)))
_NUMBERED = _PEOPLE.where(PERSON.c.learner_number.in_(bindparam("numbers", expanding=True)))
_ADDRESSED = (
    _PEOPLE.add_columns(EMAIL.c.address)
    .join(EMAIL, EMAIL.c.person_id == PERSON.c.id)
    .where(EMAIL.c.address.in_(bindparam("addresses", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody the session concerns; `recorder` is who recorded it, "" where nothing is."""

    enrolment_id: str
    name: str
    learner_number: str
    attended: Attended | None
    recorder: str


def people_page(conn: Connection, session_id: str, number: int) -> tuple[list[Attendee], int]:
    """One page of the people by name, and how many there are."""
    rows = conn.execute(_PAGE, {"session": session_id, "skipped": offset(number)}).all()
    return [_attendee(row) for row in rows], rows[0].total if rows else 0


def everybody(conn: Connection, session_id: str) -> list[Attendee]:
    return [_attendee(row) for row in conn.execute(_PEOPLE, {"session": session_id})]


def these(conn: Connection, session_id: str, enrolment_ids: Collection[str]) -> dict[str, Attended | None]:
    """What is recorded of these enrolments; those that the session does not concern are left out."""
    rows = conn.execute(_THESE, {"session": session_id, "enrolments": sorted(enrolment_ids)})
    return {row.id: attended_of(row) for row in rows}


def named(conn: Connection, session_id: str, names: Collection[str]) -> dict[str, Attendee]:
    """The people behind learner numbers and e-mail addresses, each as it was given; two statements."""
    addresses = {name.lower(): name for name in names if "@" in name}
    numbers = sorted(name for name in names if "@" not in name)
    found = {}
    if numbers:
        rows = conn.execute(_NUMBERED, {"session": session_id, "numbers": numbers})
        found = {row.learner_number: _attendee(row) for row in rows}
    if addresses:
        rows = conn.execute(_ADDRESSED, {"session": session_id, "addresses": sorted(addresses)})
        found |= {addresses[row.address]: _attendee(row) for row in rows}
    return found


def _attendee(row: Row[Any]) -> Attendee:
    return Attendee(row.id, row.display_name, row.learner_number, attended_of(row), row.recorder or "")
