"""A cohort that began today at midnight (UTC), with a section in New York and somebody who teaches it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, update

from courses.cohorts.models import Section
from courses.enrolment.access import ENROLMENT
from courses.live.models import Attendance, LiveSession, Presence, Source
from fourweek.accounts.models import Role
from fourweek.clock import Now, real_time
from fourweek.database import add, new_id
from tests import factories as make
from tests.courses.learning.school import withdraw

OPENS = datetime.combine(real_time().date(), time(0), UTC)
MINUTE, HOUR, DAY, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
TODAY, AT = OPENS.date(), time(10)
STARTS = OPENS + 10 * HOUR


@dataclass(slots=True)
class School:
    """Alice learns; Bob learns in the section Evenings; Carol withdrew; Dora has no place; Ines teaches; Greta
    grades."""

    made: make.MadeCourse
    cohort: str
    evenings: str
    alice: str
    bob: str
    carol: str
    dora: str
    ines: str
    greta: str
    places: dict[str, str]

    def teacher(self, at: datetime = STARTS) -> Any:
        return make.visitor(self.ines, at, (Role.INSTRUCTOR, self.cohort))

    def staff(self, rest: str = "") -> str:
        return f"/staff/cohorts/{self.cohort}/sessions{rest}"

    def page(self, rest: str = "") -> str:
        return f"/cohorts/{self.cohort}/sessions{rest}"


def build(conn: Connection, /, **changes: Any) -> School:
    made = make.course(conn)
    values = {"start": OPENS.date(), "release_weekday": None, "release_time": time(0)} | changes
    cohort = make.cohort(conn, made, **values)
    evenings = Section(id=new_id(), cohort_id=cohort, name="Evenings", zone="America/New_York")
    add(conn, evenings)
    people = {name: make.person(conn, f"{name.title()} Brook") for name in ("alice", "bob", "carol", "dora")}
    places = {name: make.enrol(conn, cohort, people[name]) for name in ("alice", "bob", "carol")}
    withdraw(conn, places["carol"])
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == places["bob"]).values(section_id=evenings.id))
    ines = make.with_role(conn, Role.INSTRUCTOR, "Ines Ortiz", cohort)
    greta = make.with_role(conn, Role.GRADER, "Greta Grader", cohort)
    return School(made, cohort, evenings.id, **people, ines=ines, greta=greta, places=places)


def session(conn: Connection, /, school: School, on: date = TODAY, **changes: Any) -> str:
    """A session of everybody, today from 10:00 to 11:00, in module 1; returns its id."""
    values: dict[str, Any] = {
        "id": new_id(),
        "cohort_id": school.cohort,
        "module_number": 1,
        "title": "Clinic",
        "on": on,
        "at": AT,
        "minutes": 60,
        "join_url": "https://meet.example.org/clinic",
        "recording_url": "https://video.example.org/clinic",
        "instructor": "Ines Ortiz",
        "created_at": OPENS - WEEK,
        "changed_at": OPENS - WEEK,
    }
    row = LiveSession(**values | changes)
    add(conn, row)
    return row.id


def attended(
    conn: Connection,
    school: School,
    session_id: str,
    who: str = "alice",
    presence: Presence = Presence.PRESENT,
    at: datetime = STARTS,
) -> None:
    row = Attendance(
        session_id=session_id,
        enrolment_id=school.places[who],
        presence=presence,
        source=Source.LIST,
        recorded_at=at,
        recorded_by=school.ines,
    )
    add(conn, row)


def now(at: datetime) -> Now:
    return Now(real=at, school=at)
