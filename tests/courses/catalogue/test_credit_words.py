"""What the public page of a course says of its time and its credit."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, update

from courses.catalogue.models import Activity, CourseVersion
from courses.catalogue.rules import say_pilot
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make

VERSION, ACTIVITY = table(CourseVersion), table(Activity)


def _course(conn: Connection, minutes: int, *, separate: bool = False) -> make.MadeCourse:
    made = make.course(conn, minutes=minutes)
    values = {"credit_types": ["PDH"], "separate_events": separate, "minutes_basis": "Measured with a watch."}
    conn.execute(update(VERSION).where(VERSION.c.id == made.version_id).values(values))
    return made


def _pilot(conn: Connection, made: make.MadeCourse) -> None:
    values = {"category": "ethics", "pilot_learners": 8, "pilot_median": 151, "pilot_on": date(2026, 3, 14)}
    conn.execute(update(ACTIVITY).where(ACTIVITY.c.module_id == made.modules[0]).values(values))


def test_a_course_says_what_it_gives(house: House, browser: Any) -> None:
    whole = house.db.write_now(_course, 155)
    apart = house.db.write_now(lambda conn: _course(conn, 155, separate=True))
    pages = [browser().get(f"/courses/{made.code}").text for made in (whole, apart)]
    assert ["1.0 CEU, 10.0 professional development hours" in page for page in pages] == [True, False]
    assert ["1.2 CEU, 10.0 professional development hours" in page for page in pages] == [False, True]
    assert ["Each module is an event of its own and rounded by itself." in page for page in pages] == [False, True]
    assert ["Measured with a watch." in page and "trials" not in page for page in pages] == [True, True]


def test_a_course_says_how_long_its_parts_took_in_trials_and_what_they_are_about(house: House, browser: Any) -> None:
    made = house.db.write_now(lambda conn: _course(conn, 150))
    house.db.write_now(_pilot, made)
    page = browser().get(f"/courses/{made.code}").text
    assert "<dd>Ethics 2 hours 30 minutes; Technical 7 hours 30 minutes</dd>" in page
    trial = "150 minutes counted; median of 8 pilot learners, 151 minutes, March 2026"
    assert f"<dt>Week 1, Work</dt><dd>{trial}</dd>" in page


def test_one_pilot_learner_is_said_as_one() -> None:
    words = "20 minutes counted; median of 1 pilot learner, 21 minutes, December 2026"
    assert say_pilot(20, 1, 21, date(2026, 12, 1)) == words
