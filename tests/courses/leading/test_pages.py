"""The page of who needs a word: who may read it, what it says, how it is chosen from, and its CSV."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from assessments.grading.models import Outcome
from courses.cohorts.models import Section
from courses.leading.pages import Chosen, LeadPage, lead_page
from courses.live.models import Attendance, LiveSession, Presence, Source
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, WEEK, School, build, withdraw
from tests.statements import statements

COURSEWORK = AssessmentsCoursework()
LATER = OPENS + WEEK + 12 * timedelta(hours=1)


@pytest.fixture
def school(house: House) -> School:
    return house.db.write_now(build)


def _lead(db: Database, school: School, at: datetime = LATER, number: int = 1, **chosen: str) -> LeadPage:
    visitor = make.visitor(school.carol, at, (Role.LEAD, school.cohort))
    return db.read_now(lead_page, visitor, COURSEWORK, school.cohort, chosen=Chosen(**chosen), number=number)


def _says(page: LeadPage) -> dict[str, list[str]]:
    return {one.name: [f"{why.label}: {why.words}" for why in one.reasons] for one in page.people}


def _see(conn: Connection, person_id: str, at: datetime) -> None:
    conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(seen_at=at))


def test_progress_is_for_those_who_run_or_teach_the_cohort(school: School, house: House, browser: Any) -> None:
    pages = [f"/staff/cohorts/{school.cohort}/progress", f"/staff/cohorts/{school.cohort}/progress.csv"]
    for page in pages:
        assert browser().get(page).status_code == 303
        for stranger in (school.alice, school.bob, school.carol, school.greta):
            assert browser(stranger).get(page).status_code == 404
        assert browser(school.lena).get(page).status_code == 403
        for role in (Role.LEAD, Role.INSTRUCTOR, Role.AUTHOR):
            person = house.db.write_now(make.with_role, role, scope_id=school.cohort)
            assert browser(person).get(page).status_code == 200
    assert browser(house.db.write_now(make.with_role, Role.LEAD)).get("/staff/cohorts/x/progress").status_code == 404


def test_instructors_get_no_link_to_what_they_may_not_do(school: School, house: House, browser: Any) -> None:
    address = f"/staff/cohorts/{school.other}"
    lead, teacher = (
        house.db.write_now(make.with_role, role, scope_id=school.other) for role in (Role.LEAD, Role.INSTRUCTOR)
    )
    theirs, hers = (browser(one).get(f"{address}/progress").text for one in (lead, teacher))
    of_leads, of_both = (True, False), (True, True)
    for label, rights in (("Extend", of_leads), ("Their place", of_leads), ("See it as they do", of_both)):
        assert tuple(f'aria-label="{label}: Dora Brook"' in page for page in (theirs, hers)) == rights


def test_progress_names_the_reason_with_its_module(db: Database) -> None:
    school = db.write_now(build)
    db.write_now(_see, school.alice, LATER - DAY)
    assert _says(_lead(db, school, OPENS + DAY)) == {}
    assert _says(_lead(db, school)) == {
        "Alice Brook": ["Behind: Module 1: Note 1 was due 12 hours ago and is not in; it is still taken"]
    }


def test_progress_leaves_out_who_withdrew_or_completed(db: Database) -> None:
    school = db.write_now(build)
    assert [one.name for one in _lead(db, school, show="all").people] == ["Alice Brook"]
    db.write_now(withdraw, school.enrolment)
    page = _lead(db, school, show="all")
    assert (page.people, page.active) == ((), 0)


def test_progress_reads_posted_decisions_alone(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        _see(conn, school.alice, LATER)
        for attempt in (1, 2):
            sent = make.submission(conn, school.made, school.enrolment, at=OPENS, attempt=attempt)
            posted = OPENS + DAY if attempt == 1 else LATER + DAY
            make.decided(conn, school.made, sent, school.lena, outcome=Outcome.NOT_YET, at=OPENS, posted_at=posted)
        return school

    school = db.write_now(fill)
    assert _says(_lead(db, school))["Alice Brook"] == ["Waiting for a grader: Module 1: Note 1 came in 7 days ago"]
    assert _says(_lead(db, school, LATER + DAY))["Alice Brook"][0] == "Stuck: Module 1: Note 1 came back 2 times"


def _session(conn: Connection, /, school: School, day: int, **changes: Any) -> str:
    values: dict[str, Any] = {
        "id": new_id(),
        "cohort_id": school.cohort,
        "module_number": 1,
        "title": f"Clinic {day}",
        "on": (OPENS + day * DAY).date(),
        "at": time(18),
        "minutes": 60,
        "required": True,
        "created_at": OPENS,
        "changed_at": OPENS,
    }
    add(conn, row := LiveSession(**(values | changes)))
    return row.id


def test_progress_names_sessions_that_are_over_and_asked_for(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        _see(conn, school.alice, LATER)
        make.submission(conn, school.made, school.enrolment, at=LATER)
        _session(conn, school, 1)
        attended = _session(conn, school, 2)
        _session(conn, school, 3, required=False)
        _session(conn, school, 4, cancelled_at=OPENS)
        _session(conn, school, 30)
        row = Attendance(
            session_id=attended,
            enrolment_id=school.enrolment,
            presence=Presence.PRESENT,
            source=Source.LIST,
            recorded_at=LATER,
            recorded_by=school.lena,
        )
        add(conn, row)
        return school

    school = db.write_now(fill)
    assert _says(_lead(db, school)) == {"Alice Brook": ["Attendance missing: Module 1: Not at “Clinic 1”"]}


def _crowd(conn: Connection, people: int = 30) -> School:
    school = build(conn)
    _see(conn, school.alice, LATER)
    add(conn, Section(id=new_id(), cohort_id=school.cohort, name="Evening"))
    for number in range(people):
        person = make.person(conn, f"Person {number:02d}")
        _see(conn, person, LATER - number * DAY)
        enrolment = make.enrol(conn, school.cohort, person)
        if number % 2:
            make.submission(conn, school.made, enrolment, at=LATER)
    return school


def test_progress_is_chosen_sorted_and_paged(db: Database) -> None:
    school = db.write_now(_crowd)
    page = _lead(db, school)
    counts = {label: number for label, number, _ in page.counts}
    assert counts == {
        "Behind": 16,
        "Stuck": 0,
        "Waiting for a grader": 0,
        "Not seen": 23,
        "Attendance missing": 0,
        "Nothing to say": 3,
        "Completed the course": 0,
    }
    assert (page.found, len(page.people)) == (28, 25)
    assert page.pager.next == "?page=2"
    assert page.people[0].name == "Person 08"
    assert [one.name for one in _lead(db, school, number=2, sort="name").people] == [
        "Person 27",
        "Person 28",
        "Person 29",
    ]
    assert _lead(db, school, show="unseen", sort="seen").people[0].name == "Person 29"
    assert _lead(db, school, show="unseen").pager.next is None
    assert [one.name for one in _lead(db, school, show="fine").people] == ["Person 01", "Person 03", "Person 05"]
    assert _lead(db, school, module="1").found == 16
    assert _lead(db, school, module="2").found == 0
    assert _lead(db, school, show="nonsense", module="9", section="nowhere", sort="x").chosen == Chosen()


def test_progress_asks_as_much_for_many_as_for_few(db: Database) -> None:
    few, many = db.write_now(build), db.write_now(_crowd)
    numbers = []
    for school in (few, many):
        db.write_now(_session, school, 1)
        _lead(db, school)
        with statements(db) as count:
            _lead(db, school, show="all")
        numbers.append(count.number)
    assert numbers[0] == numbers[1]
    assert numbers[1] <= 10


def test_csv_holds_who_was_chosen_and_no_formula(school: School, house: House, browser: Any) -> None:
    eve = house.db.write_now(make.person, "=HYPERLINK(1) Brook")
    house.db.write_now(make.enrol, school.other, eve)
    lead = browser(house.db.write_now(make.with_role, Role.LEAD, scope_id=school.other))
    answer = lead.get(f"/staff/cohorts/{school.other}/progress.csv?show=behind&sort=name")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith('"Name","Section","Modules complete","Last seen","Behind"')
    assert lines[1].startswith('"\'=HYPERLINK(1) Brook","","0 of 4","never","Module 1: Note 1 was due')
    assert (lines[2][:12], len(lines)) == ('"Dora Brook"', 4)


def test_page_of_nobody_says_what_will_stand_there(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> str:
        return make.cohort(conn, make.course(conn))

    cohort = house.db.write_now(fill)
    page = browser(house.db.write_now(make.with_role, Role.LEAD)).get(f"/staff/cohorts/{cohort}/progress").text
    assert "Nobody is under way" in page
