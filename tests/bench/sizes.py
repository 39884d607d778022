"""What grows, beside the school of 200: a catalogue of 500 courses, a learner in 12 of them, a class of 500 people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product

from sqlalchemy import Connection

from assessments.grading.models import Outcome
from courses.catalogue.models import Course, CourseSkill, CourseVersion, Module
from courses.cohorts.models import Cohort, Extension, Section
from courses.enrolment.models import Enrolment
from fourweek.accounts.models import Role
from fourweek.accounts.service import add_people, grant
from fourweek.database import add, new_id
from tests import factories
from tests.factories import MadeCourse

COURSES, TAKEN, CLASS, MODULES = 500, 12, 500, 8
WEEK = timedelta(weeks=1)
ZONES = ("Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Australia/Sydney", "UTC")
TRADES = (
    *("Pumps", "Lifts", "Cranes", "Boilers", "Welding", "Roofing", "Bridges", "Railways", "Ports", "Water"),
    *("Networks", "Databases", "Firmware", "Gardens", "Kitchens", "Clinics", "Looms", "Kilns", "Radios", "Mills"),
)
SKILLS = (
    *("Measuring", "Planning", "Drawing", "Costing", "Testing", "Repair", "Safety", "Writing", "Teaching", "Audit"),
    *(
        "Contracts",
        "Materials",
        "Logistics",
        "Statistics",
        "Ethics",
        "Diagnosis",
        "Energy",
        "Noise",
        "Waste",
        "Tenders",
    ),
    *("Inspection", "Metering", "Handover", "Sampling", "Scheduling"),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """People's ids, and the cohort of the class."""

    busy: str
    lead: str
    cohort_id: str


def fill(conn: Connection, others: int, now: datetime) -> Sizes:
    """Make them; `others` courses are in the catalogue already."""
    taken = [factories.course(conn, MODULES, title=f"{trade} in practice") for trade in TRADES[:TAKEN]]
    _catalogue(conn, COURSES - others - TAKEN, now)
    lead = factories.person(conn, "Lara Lead")
    grant(conn, lead, Role.LEAD, now=now)
    return Sizes(_busy(conn, taken, lead, now), lead, _class(conn, taken[0], now))


def _catalogue(conn: Connection, count: int, now: datetime) -> None:
    """Courses of four weeks with a cohort to come, two skills and a partner each."""
    names = list(product(TRADES, SKILLS))[:count]
    versions = [_version(number, trade, skill, now) for number, (trade, skill) in enumerate(names)]
    for one in versions:
        one.skills = [one.title.rpartition(" ")[2], "Judgement"]
    coded = enumerate(versions)
    add(
        conn,
        *(Course(id=v.course_id, code=f"bench-{n}", created_at=now, current_version_id=v.id) for n, v in coded),
    )
    add(conn, *versions)
    add(
        conn,
        *(CourseSkill(course_id=v.course_id, key=skill.lower(), skill=skill) for v in versions for skill in v.skills),
    )
    add(
        conn,
        *(
            Module(id=new_id(), version_id=v.id, number=n, title=f"Week {n}", counted_minutes=150)
            for v in versions
            for n in range(1, v.module_count + 1)
        ),
    )
    add(conn, *(_starting(v.id, number, now) for number, v in enumerate(versions)))


def _version(number: int, trade: str, skill: str, now: datetime) -> CourseVersion:
    return CourseVersion(
        id=new_id(),
        course_id=new_id(),
        major=1,
        minor=0,
        title=f"{trade}: {skill}",
        summary=f"What somebody who works with {trade.lower()} has to know of {skill.lower()}, on a case of their own.",
        partner=f"The {trade} Guild",
        price="Free of charge" if number % 3 else "240 euros",
        module_count=4,
        counted_minutes=600,
        achievement={"name": trade, "description": "Can do it.", "criteria": "Four weeks demonstrated."},
        package_sha256=f"{number:064x}",
        published_at=now,
    )


def cohort(version_id: str, name: str, start: date, now: datetime, number: int) -> Cohort:
    """A cohort whose modules open every seven days from `start` on, in one of the zones."""
    return Cohort(
        id=new_id(),
        version_id=version_id,
        name=name,
        zone=ZONES[number % len(ZONES)],
        start_date=start,
        release_weekday=None,
        release_time=time(0),
        due_days=13,
        due_time=time(23, 59),
        late_days=3,
        created_at=now - 8 * WEEK,
    )


def _starting(version_id: str, number: int, now: datetime) -> Cohort:
    made = cohort(version_id, "Spring", now.date() + WEEK * (1 + number % 26), now, number)
    made.capacity = 30 if number % 2 else None
    return made


def _busy(conn: Connection, taken: list[MadeCourse], grader: str, now: datetime) -> str:
    """A learner whose courses began one, two, three … weeks ago: judged, come back, waiting, and still to do."""
    person = factories.person(conn, "Blake Busy", "Europe/Berlin")
    for number, made in enumerate(taken):
        begun = now.date() - WEEK * number
        mine = cohort(made.version_id, "Autumn", begun, now, number)
        add(conn, mine)
        enrolment = factories.enrol(conn, mine.id, person, now - 13 * WEEK)
        for week in range(1, min(number, MODULES) + 1):
            at = now - WEEK * (number - week)
            handed_in = factories.submission(conn, made, enrolment, week, at)
            if week < number:
                outcome = Outcome.DEMONSTRATED if week % 4 else Outcome.NOT_YET
                factories.decided(conn, made, handed_in, grader, week, outcome, at, posted_at=at)
    return person


def _class(conn: Connection, made: MadeCourse, now: datetime) -> str:
    """500 people in their third week: two sections, one in ten with an extension, one in 25 come late."""
    row = cohort(made.version_id, "The large one", now.date() - 2 * WEEK, now, 0)
    add(conn, row)
    enrol_many(conn, row.id, CLASS, now, zone="Asia/Kolkata")
    return row.id


def enrol_many(conn: Connection, cohort_id: str, count: int, now: datetime, *, zone: str | None = None) -> None:
    """So many new people: a third in each of two sections, one in ten with an extension, one in 25 come late.

    One of the sections has a week more for its work, the other is in `zone` if given.
    """
    people = add_people(conn, dict(_named(cohort_id, count)), zone="Europe/Berlin", now=now, actor_id=None)
    sections = [
        Section(id=new_id(), cohort_id=cohort_id, name="Evenings", zone=zone),
        Section(id=new_id(), cohort_id=cohort_id, name="Long weeks", due_days=20),
    ]
    add(conn, *sections)
    rows = [
        Enrolment(
            id=new_id(),
            cohort_id=cohort_id,
            person_id=person,
            section_id=(None, *(one.id for one in sections))[number % 3],
            enrolled_at=now - timedelta(days=30 if number % 25 else 3),
        )
        for number, person in enumerate(people.values())
    ]
    add(conn, *rows)
    add(conn, *(_extension(row.id, now) for row in rows[::10]))


def _named(cohort_id: str, count: int) -> Iterator[tuple[str, str]]:
    for number in range(count):
        yield f"{cohort_id}-{number}@example.org", f"Learner Number{number}"


def _extension(enrolment_id: str, now: datetime) -> Extension:
    return Extension(
        id=new_id(),
        enrolment_id=enrolment_id,
        module_number=2,
        shift_days=5,
        reason="Ill for some days.",
        granted_at=now - timedelta(days=2),
    )
