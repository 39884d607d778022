"""The catalogue and the course page, for anybody."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from courses.catalogue.models import Course
from courses.catalogue.publish import publish
from courses.schedule.terms import Pacing
from fourweek.clock import Now, real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.files import SANDBOX
from tests import factories
from tests.courses.catalogue.packages import parsed
from tests.statements import statements

MOST = 7
FAR = date(2099, 11, 2)


@pytest.fixture
def pump(house: House) -> str:
    """The fixture course, published; its code."""
    now = Now(real=factories.BEFORE, school=factories.BEFORE)
    publish(house.db, house.store, parsed(), coursework=AssessmentsCoursework(), author_id=None, now=now)
    return "pump-care"


def _many_courses(conn: Connection) -> None:
    for number in range(30):
        factories.course(conn, weeks=1, title=f"Course {number:02d}")


def _cohorts(conn: Connection, count: int, zone: str = "UTC") -> str:
    made = factories.course(conn)
    for number in range(count):
        start = FAR + timedelta(days=7 * number)
        factories.cohort(conn, made, start, zone, name=f"Group {number:02d}")
    return made.code


def test_catalogue_is_public_and_says_when_it_is_empty(browser: Any) -> None:
    page = browser().get("/courses")
    assert page.status_code == 200
    assert "Courses appear here as soon as one is published." in page.text


def test_catalogue_is_paged_with_a_constant_number_of_statements(house: House, browser: Any) -> None:
    guest = browser()
    with statements(house.db) as none:
        guest.get("/courses")
    house.db.write_now(_many_courses)
    with statements(house.db) as many:
        page = guest.get("/courses").text
    assert none.number == many.number <= MOST
    assert ("Course 00" in page, "Course 24" in page, "Course 25" in page) == (True, True, False)
    assert "Page 1 of 2" in page
    second = guest.get("/courses?page=2").text
    assert ("Course 24" in second, "Course 29" in second) == (False, True)
    assert guest.get("/courses?page=-1&page=x").status_code == 200


def test_search_asks_for_every_word_and_takes_signs_as_they_are(house: House, pump: str, browser: Any) -> None:
    house.db.write_now(factories.course)
    guest = browser()
    found = guest.get("/courses?q=SMALL+pump").text
    assert ("Care of a Small Pump" in found, "Running a Reliable Service" in found) == (True, False)
    assert ("1 course fits." in found, "“SMALL pump”: take this out" in found) == (True, True)
    for sign in ("%", "_", "pump %"):
        assert "No course fits all of this." in guest.get("/courses", params={"q": sign}).text
    assert "<script>" not in guest.get("/courses", params={"q": "<script>"}).text


def test_search_by_htmx_answers_the_list_alone(pump: str, browser: Any) -> None:
    part = browser().get("/courses?q=pump", headers={"hx-request": "true"}).text
    assert "Care of a Small Pump" in part
    assert "<html" not in part


def test_unknown_course_is_not_found(browser: Any) -> None:
    for address in ("/courses/nothing", "/courses/nothing/files/a.png"):
        assert browser().get(address).status_code == 404


def test_course_without_a_version_is_not_found(house: House, browser: Any) -> None:
    code = house.db.write_now(lambda conn: factories.course(conn).code)
    target = table(Course)
    house.db.write_now(lambda conn: conn.execute(update(target).values(current_version_id=None)))
    assert browser().get(f"/courses/{code}").status_code == 404
    assert code not in browser().get("/courses").text


def test_course_page_says_what_is_public_and_no_lesson(pump: str, browser: Any) -> None:
    page = browser().get("/courses/pump-care").text
    for shown in (
        "What a gauge says.",
        "Counted with a watch.",
        "2 weeks, 1 hour 30 minutes in all",
        "A. Keeper",
        "Looked after pumps.",
        "Pump Keeper",
        "<li>a reading</li>",
        "The reading can be trusted.",
        "Unit and place.",
        "Demonstrated from this level up",
        "Version 1.2. Licence: CC0 1.0.",
        "No dates yet",
        'src="/courses/pump-care/files/week1/fig/pump.svg"',
    ):
        assert shown in page
    for hidden in ("flow-rate", "Flow", "Glossary", "values.csv", "Say <em>where</em>"):
        assert hidden not in page


def test_public_file_is_served_with_care(pump: str, browser: Any) -> None:
    guest, address = browser(), "/courses/pump-care/files/week1/fig/pump.svg"
    got = guest.get(address)
    assert (got.status_code, got.headers["content-type"]) == (200, "image/svg+xml")
    assert got.headers["content-security-policy"] == SANDBOX
    assert got.headers["x-content-type-options"] == "nosniff"
    assert int(got.headers["content-length"]) == len(got.content)
    head = guest.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", got.headers["etag"])
    again = guest.get(address, headers={"if-none-match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["week1/fig/dot.png", "week1/data/values.csv", "../course.toml", "course.toml", ""])
def test_file_of_a_week_is_not_public(pump: str, browser: Any, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert browser().request(method, f"/courses/pump-care/files/{path}").status_code == 404


def test_cohorts_to_come_are_paged_and_cost_the_same(house: House, browser: Any) -> None:
    alone = house.db.write_now(_cohorts, 1)
    crowd = house.db.write_now(_cohorts, 30, "Europe/Berlin")
    alice = browser(house.db.write_now(factories.person, "Alice Brook", "America/New_York"))
    alice.get(f"/courses/{alone}")
    with statements(house.db) as few:
        alice.get(f"/courses/{alone}")
    with statements(house.db) as many:
        page = alice.get(f"/courses/{crowd}").text
    assert few.number == many.number <= MOST
    assert ("Group 00" in page, "Group 24" in page, "Group 25" in page) == (True, True, False)
    assert "Monday 2 November 2099, 09:00 (Europe/Berlin)" in page
    assert "03:00 your time (America/New_York)" in page
    assert "Group 29" in alice.get(f"/courses/{crowd}?cohorts=2").text


def test_a_cohort_at_ones_own_pace_says_so_and_has_no_last_day(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> str:
        made = factories.course(conn)
        long_ago = factories.MONDAY - timedelta(days=400)
        factories.cohort(conn, made, long_ago, name="Any day", pacing=Pacing.ENROLMENT)
        return made.code

    page = browser().get(f"/courses/{house.db.write_now(fill)}").text
    assert ("Any day" in page, "At your own pace" in page, "Last work due" in page) == (True, True, False)


def test_cohort_lines_say_what_stands_in_the_way(house: House, browser: Any) -> None:
    def fill(conn: Connection) -> tuple[str, str, str]:
        made = factories.course(conn)
        later = FAR
        alice = factories.person(conn)
        mine = factories.cohort(conn, made, later, name="Mine")
        factories.enrol(conn, mine, alice)
        factories.cohort(conn, made, later, name="Full one", capacity=0)
        factories.cohort(conn, made, later, name="Hidden one", open_for_enrolment=False)
        factories.cohort(conn, made, factories.MONDAY - timedelta(days=90), name="Over one")
        factories.cohort(conn, made, later, name="Open one", capacity=3)
        factories.cohort(
            conn, made, (real_time() - timedelta(days=2)).date(), name="Running one", capacity=0, release_weekday=None
        )
        return made.code, alice, mine

    code, alice, mine = house.db.write_now(fill)
    page = browser(alice).get(f"/courses/{code}").text
    assert ("Hidden one" in page, "Over one" in page) == (False, False)
    assert (page.count("/enrol"), page.count("All places are taken."), page.count("3 of 3 places left")) == (1, 2, 1)
    assert (page.count("Started "), page.count("Starts ")) == (1, 3)
    assert f'href="/cohorts/{mine}"' in page
    guest = browser().get(f"/courses/{code}").text
    assert (guest.count("/enrol"), guest.count("/sign-in?next=/cohorts/")) == (2, 2)
