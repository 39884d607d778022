"""Finding courses in the catalogue by skill, partner, start, hours and price, on both databases."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from courses.catalogue.filters import Filters
from courses.catalogue.listing import catalogue_page
from courses.catalogue.models import CourseSkill, CourseVersion
from courses.catalogue.publish import publish
from courses.cohorts.models import EnrolmentWay
from courses.schedule.terms import Pacing
from fourweek.clock import Now
from fourweek.database import add, table
from fourweek.edge import House
from tests import factories
from tests.courses.catalogue.packages import parsed
from tests.statements import statements

TODAY = factories.START.date()
VERSION = table(CourseVersion)


def _course(
    conn: Connection, title: str, skills: tuple[str, ...] = (), *, weeks: int = 1, minutes: int = 60, **values: Any
) -> factories.MadeCourse:
    made = factories.course(conn, weeks=weeks, minutes=minutes, title=title)
    if values:
        conn.execute(update(VERSION).where(VERSION.c.id == made.version_id).values(values))
    for skill in skills:
        add(conn, CourseSkill(course_id=made.course_id, key=skill.lower(), skill=skill))
    return made


@pytest.fixture
def shelf(conn: Connection) -> Connection:
    """Four courses: one free and soon, one long and next month, one self-paced, one with nothing to enrol in."""
    pumps = _course(conn, "Pumps", ("Repair", "Reading gauges"), partner="Pump Guild", price="Free of charge")
    roads = _course(conn, "Roads", ("Repair",), weeks=4, minutes=330, partner="Road Office", price="EUR 480")
    wells = _course(conn, "Wells", weeks=4, minutes=150)
    yards = _course(conn, "Yards")
    factories.cohort(conn, pumps, TODAY + timedelta(days=7))
    factories.cohort(conn, pumps, TODAY - timedelta(days=7), name="Under way")
    factories.cohort(conn, roads, date(2026, 12, 7))
    factories.cohort(conn, wells, date(2026, 1, 5), pacing=Pacing.ENROLMENT)
    factories.cohort(conn, yards, TODAY + timedelta(days=3), open_for_enrolment=False)
    factories.cohort(conn, yards, TODAY + timedelta(days=4), capacity=0)
    factories.cohort(conn, yards, TODAY + timedelta(days=5), way=EnrolmentWay.INVITATION)
    factories.cohort(conn, yards, TODAY + timedelta(days=6), enrol_until=TODAY - timedelta(days=1))
    return conn


def _titles(conn: Connection, **chosen: str) -> list[str]:
    return [one.title for one in catalogue_page(conn, factories.visitor(), Filters(**chosen), 1).courses]


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ({}, ["Pumps", "Roads", "Wells", "Yards"]),
        ({"q": "gauges"}, ["Pumps"]),
        ({"q": "road OFFICE"}, ["Roads"]),
        ({"skill": "repair"}, ["Pumps", "Roads"]),
        ({"partner": "Road Office"}, ["Roads"]),
        ({"partner": "Road"}, []),
        ({"price": "FREE"}, ["Pumps"]),
        ({"max_hours": "10"}, ["Pumps", "Wells", "Yards"]),
        ({"max_hours": "9.99"}, ["Pumps", "Yards"]),
        ({"min_hours": "10", "max_hours": "20"}, ["Wells"]),
        ({"min_hours": "10,5"}, ["Roads"]),
        ({"min_hours": "1", "max_hours": "1"}, ["Pumps", "Yards"]),
        ({"min_hours": "many", "max_hours": "10"}, ["Pumps", "Wells", "Yards"]),
        ({"min_hours": "20", "max_hours": "10"}, ["Roads"]),
        ({"starts": "soon"}, ["Pumps", "Wells"]),
        ({"starts": "2026-12"}, ["Roads"]),
        ({"after": "2026-11-10"}, ["Roads"]),
        ({"before": "2026-11-10"}, ["Pumps", "Wells"]),
        ({"sort": "start"}, ["Wells", "Pumps", "Roads", "Yards"]),
        ({"skill": "repair", "min_hours": "20", "sort": "start"}, ["Roads"]),
    ],
)
def test_only_what_fits_is_listed(shelf: Connection, chosen: dict[str, str], titles: list[str]) -> None:
    assert _titles(shelf, **chosen) == titles


def test_lines_say_when_one_can_start_next(shelf: Connection) -> None:
    lines = {one.title: one for one in catalogue_page(shelf, factories.visitor(), Filters(), 1).courses}
    starts = {title: one.starts.words if one.starts else one.has_start for title, one in lines.items()}
    assert starts == {
        "Pumps": "Monday 9 November 2026, 09:00 (UTC)",
        "Roads": "Monday 7 December 2026, 09:00 (UTC)",
        "Wells": True,
        "Yards": False,
    }
    assert (lines["Pumps"].partner, lines["Pumps"].price) == ("Pump Guild", "Free of charge")
    assert lines["Roads"].time == "4 weeks, 22 hours in all"


def test_options_are_counted_once_each(shelf: Connection) -> None:
    page = catalogue_page(shelf, factories.visitor(), Filters(), 1)
    assert page.skills == (("reading gauges", "Reading gauges (1)"), ("repair", "Repair (2)"))
    assert page.partners == (("Pump Guild", "Pump Guild (1)"), ("Road Office", "Road Office (1)"))


def test_publishing_keeps_skills_hours_partner_and_price(house: House, browser: Any) -> None:
    now = Now(real=factories.BEFORE, school=factories.BEFORE)

    def put(**changes: Any) -> None:
        course = parsed(**changes)
        publish(house.db, house.store, course, coursework=AssessmentsCoursework(), author_id=None, now=now)

    put()
    page = browser().get("/courses?skill=maintenance").text
    for words in ("1 course fits.", "Skill: Maintenance: take this out", "2 weeks, 1 hour 30 minutes in all"):
        assert words in page
    for words in ("With The Pump Guild", "Free of charge"):
        assert words in page
    shown = browser().get("/courses/pump-care").text
    assert ("The Pump Guild" in shown, "Free of charge" in shown) == (True, True)
    put(version="1.3", package_sha256="f" * 64, skills=("Welding",))
    assert "No course fits all of this." in browser().get("/courses?skill=maintenance").text
    assert "1 course fits." in browser().get("/courses?skill=welding").text


def test_five_hundred_courses_cost_the_statements_of_one(house: House, browser: Any) -> None:
    def many(conn: Connection, count: int) -> None:
        for number in range(count):
            made = _course(conn, f"Course {number:03d}", (f"Skill {number % 40}", "Judgement"))
            factories.cohort(conn, made, date(2099, 11, 2), capacity=20)

    guest, address = browser(), "/courses?q=course&skill=judgement&after=2099-01-01&sort=start"
    house.db.write_now(many, 1)
    guest.get(address)
    with statements(house.db) as one:
        guest.get(address)
    house.db.write_now(many, 60)
    with statements(house.db) as all_of_them:
        page = guest.get(address).text
    assert one.number == all_of_them.number <= 4
    assert ("61 courses fit." in page, "Page 1 of 3" in page, "Skill 39 (1)" in page) == (True, True, True)


def test_form_says_what_was_chosen_without_a_script(house: House, browser: Any) -> None:
    house.db.write_now(lambda conn: _course(conn, "Pumps", ("Repair",), partner="Pump Guild"))
    page = browser().get("/courses?skill=repair&after=2026-12-01&max_hours=7.5").text
    for part in ('<details class="contents">', '<option value="repair" selected>', 'value="2026-12-01"', 'value="7.5"'):
        assert part in page


def test_hours_that_are_no_number_are_said_beside_their_field(house: House, browser: Any) -> None:
    house.db.write_now(lambda conn: _course(conn, "Pumps"))
    answer = browser().get("/courses?q=pumps&min_hours=many<b>&max_hours=8")
    assert (answer.status_code, ">Pumps</a>" in answer.text) == (422, True)
    for part in (
        '<a href="#field-min_hours">Give a number of hours, such as 8 or 7.5.</a>',
        'id="field-min_hours-error"',
        'value="many&lt;b&gt;"',
        'value="8"',
        '<details class="contents" open>',
        "At most 8 hours: take this out",
    ):
        assert part in answer.text
    assert "At least" not in answer.text
    part = browser().get("/courses?min_hours=many&sort=start", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"]) == (204, "/courses?min_hours=many&sort=start")


def test_most_hours_below_the_fewest_are_said(house: House, browser: Any) -> None:
    answer = browser().get("/courses?min_hours=20&max_hours=10")
    assert answer.status_code == 422
    assert '<a href="#field-max_hours">These are fewer hours than the fewest.</a>' in answer.text
