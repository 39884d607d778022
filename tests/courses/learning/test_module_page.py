"""The module page: what is shared is rendered once, what is personal never gets into it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.coursework import AssessmentsCoursework
from assessments.grading.models import Outcome
from courses.catalogue.models import Lesson
from courses.learning.lesson_page import set_mark
from courses.learning.module_page import module_facts
from courses.learning.outline import outline
from courses.schedule.walltime import MINUTE
from fourweek.database import Database, add, new_id
from fourweek.edge import House
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, School, build
from tests.statements import statements

AtTime = Callable[[datetime], None]
COURSEWORK = AssessmentsCoursework()
NOON = OPENS + timedelta(hours=12)


def _more_lessons(conn: Connection, school: School, count: int) -> None:
    rows = [
        Lesson(
            id=new_id(),
            module_id=school.made.modules[0],
            position=10 + n,
            slug=f"more-{n}",
            title=f"More {n}",
            html="<p>More.</p>",
        )
        for n in range(count)
    ]
    add(conn, *rows)


def test_statements_are_the_same_for_a_large_class_and_a_large_module(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        _more_lessons(conn, school, 60)
        for _ in range(40):
            make.submission(conn, school.made, make.enrol(conn, school.cohort, make.person(conn)))
        return school

    school = db.write_now(fill)
    alice = make.visitor(school.alice, NOON)
    with statements(db) as cold:
        facts = db.read_now(module_facts, alice, COURSEWORK, school.cohort, 1)
    with statements(db) as warm:
        assert db.read_now(module_facts, alice, COURSEWORK, school.cohort, 1) == facts
    assert len(facts.outline.lessons) == 62
    assert (cold.number, warm.number) == (8, 4)  # and one for the visitor


def test_whole_request_takes_six_statements_at_most(house: House, school: School, browser: Any) -> None:
    alice = browser(school.alice)
    alice.get(school.at("/modules/1"))
    with statements(house.db) as count:
        assert alice.get(school.at("/modules/1")).status_code == 200
    assert count.number <= 6


def test_page_shows_lessons_references_work_and_time(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(NOON)
    page = browser(school.alice).get(school.at("/modules/1")).text
    lessons, looked_up = page.split('id="references"')
    assert 'href="1/lessons/secret-lesson-1-0"' in lessons
    assert lessons.count("Not read yet") == 2
    assert "0 of 2 lessons read" in lessons
    assert 'href="1/lessons/secret-terms-1"' in looked_up
    assert school.at("/modules/1/assignments/note-1") in page
    assert "Due <span" in page
    assert '<th scope="row"><bdi>Work</bdi></th><td>Exercise</td><td class="number">150</td>' in page
    assert "Counted for credit (2 hours 30 minutes)" in page
    assert "Start reading" in page


def test_marks_are_personal_though_rows_are_shared(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    house.db.write_now(set_mark, make.visitor(school.alice, NOON), school.cohort, 1, "secret-lesson-1-0", is_read=True)
    alice = browser(school.alice).get(school.at("/modules/1")).text
    dora = browser(school.dora).get(school.at("/modules/1", school.other)).text
    lena = browser(school.lena).get(school.at("/modules/1")).text
    assert ("1 of 2 lessons read" in alice, alice.count("Not read yet"), "Go on reading" in alice) == (True, 1, True)
    assert ("0 of 2 lessons read" in dora, dora.count("Not read yet")) == (True, 2)
    assert ("lessons read" in lena, lena.count("Not read yet"), ">Read<" in lena) == (False, 0, False)
    for address in (school.cohort, school.enrolment):
        assert address not in dora


def test_next_step_is_the_assignment_when_all_is_read(
    school: School, browser: Any, at_time: AtTime, house: House
) -> None:
    at_time(NOON)
    for place in (0, 1):
        slug = f"secret-lesson-1-{place}"
        house.db.write_now(set_mark, make.visitor(school.alice, NOON), school.cohort, 1, slug, is_read=True)
    page = browser(school.alice).get(school.at("/modules/1")).text
    assert "All lessons read" in page
    assert "Go to the assignment" in page


def _state(browser: Any, school: School) -> list[str]:
    """The words of the pills, the module's own first."""
    page = browser(school.alice).get(school.at("/modules/1")).text
    return [part.split("</svg><span>")[1].split("</span>")[0] for part in page.split('<span class="pill')[1:]]


def test_pills_follow_posted_decisions_only(school: School, browser: Any, at_time: AtTime, house: House) -> None:
    at_time(NOON)
    db = house.db
    assert _state(browser, school)[0] == "Open"
    sent = db.write_now(make.submission, school.made, school.enrolment, at=NOON)
    assert (_state(browser, school)[0], _state(browser, school)[-1]) == ("Waiting for a grader",) * 2
    posted = NOON + MINUTE
    db.write_now(make.decided, school.made, sent, school.lena, outcome=Outcome.NOT_YET, at=NOON, posted_at=posted)
    assert _state(browser, school)[0] == "Waiting for a grader"
    at_time(posted)
    assert (_state(browser, school)[0], _state(browser, school)[-1]) == (
        "More evidence is asked for",
        "Not yet demonstrated",
    )
    second = db.write_now(make.submission, school.made, school.enrolment, at=posted, attempt=2)
    db.write_now(make.decided, school.made, second, school.lena, at=posted, posted_at=posted)
    assert (_state(browser, school)[0], _state(browser, school)[-1]) == ("Complete", "Demonstrated")


def test_dates_are_said_in_the_cohort_zone_and_the_readers_own(
    db: Database, app: Any, browser: Any, at_time: AtTime
) -> None:
    def fill(conn: Connection) -> tuple[School, str]:
        school = build(conn, zone="Asia/Tokyo")
        erin = make.person(conn, "Erin Brook", zone="America/New_York")
        make.enrol(conn, school.cohort, erin)
        return school, erin

    school, erin = db.write_now(fill)
    at_time(NOON)
    page = browser(erin).get(school.at("/modules/1")).text
    assert "23:59 (Asia/Tokyo)" in page
    assert "your time (America/New_York)" in page


def test_staff_read_without_leaving_marks(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(OPENS - DAY)
    lena = browser(school.lena)
    page = lena.get(school.at("/modules/4"))
    assert page.status_code == 200
    assert "Secret lesson 4.0" in page.text
    assert "You read this as one of the people who run the cohort." in page.text
    lesson = lena.get(school.at("/modules/4/lessons/secret-lesson-4-0"))
    assert (lesson.status_code, "Mark as read" in lesson.text) == (200, False)
    assert lena.get(school.at("/modules/4/files/secret-4.txt")).text == "secret text"
    token = page.text.split('name="form_token" value="')[1].split('"')[0]
    path = school.at("/modules/4/lessons/secret-lesson-4-0/read")
    assert lena.post(path, data={"form_token": token, "read": "1"}).status_code == 403


def test_outline_of_a_version_is_read_once(db: Database) -> None:
    made = db.write_now(make.course)
    with statements(db) as count:
        first = db.read_now(outline, made.version_id)
        assert db.read_now(outline, made.version_id) is first
    assert count.number == 1
    assert [(one.number, one.title, one.counted_minutes) for one in first] == [
        (n, f"Week {n} in public", 150) for n in (1, 2, 3, 4)
    ]
