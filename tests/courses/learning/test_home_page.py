"""Home and the cohort's overview: what is due, what waits, what opens, in words and few statements."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from assessments.grading.models import Outcome
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.learning.home_page import HomePage, home_page
from courses.learning.overview_page import overview_page
from fourweek.accounts.models import Role
from fourweek.database import Database, table
from fourweek.edge import House
from tests import factories as make
from tests.courses.learning.school import DAY, OPENS, WEEK, School, build
from tests.statements import statements

AtTime = Callable[[datetime], None]
COURSEWORK = AssessmentsCoursework()
NOON = OPENS + timedelta(hours=12)


def _home(db: Database, person: str, at: datetime, number: int = 1) -> HomePage:
    return db.read_now(home_page, make.visitor(person, at), COURSEWORK, number)


def test_home_of_nobody_asks_to_sign_in(browser: Any) -> None:
    assert browser().get("/home").headers["location"] == "/sign-in?next=/home"


def test_home_without_courses_says_what_will_appear(school: School, browser: Any) -> None:
    page = browser(school.carol).get("/home").text
    assert "No course yet" in page
    assert 'href="/courses"' in page


def test_home_before_the_start_says_what_opens(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(OPENS - DAY)
    page = browser(school.alice).get("/home").text
    assert "Nothing is due. What opens next stands below." in page
    assert "Module 1: Week 1 in public" in page


def test_home_names_the_nearest_end_first(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        make.enrol(conn, school.other, school.alice)
        return school

    school = db.write_now(fill)
    page = _home(db, school.alice, NOON)
    assert page.first is not None
    here, there = school.at("/modules/1/assignments/note-1"), f"/cohorts/{school.other}/modules/"
    assert [(item.href, item.label) for item in (page.first, *page.due.shown)] == [
        (f"{there}2/assignments/note-2", "Late work is taken until"),
        (here, "Due"),
        (f"{there}3/assignments/note-3", "Due"),
    ]
    assert page.first.when is not None
    assert page.first.when.until == "in 2 days"
    assert [opening.title for opening in page.openings] == ["Module 2: Week 2 in public", "Module 4: Week 4 in public"]
    assert [card.href for card in page.courses] == [school.at(), f"/cohorts/{school.other}"]


def test_home_offers_late_work_and_forgets_what_is_closed(db: Database) -> None:
    school = db.write_now(build)
    late = _home(db, school.dora, OPENS)
    assert [item.label for item in (late.first, *late.due.shown) if item] == ["Late work is taken until", "Due"]
    assert late.first is not None
    assert late.first.href.endswith("/modules/2/assignments/note-2")
    later = _home(db, school.dora, OPENS + 12 * WEEK)
    assert (later.first, later.due.shown, later.openings) == (None, (), ())


def test_home_tells_waiting_from_what_came_back(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        make.submission(conn, school.made, school.enrolment, at=NOON)
        return school

    school = db.write_now(fill)
    waiting = _home(db, school.alice, NOON)
    assert (waiting.first, [item.title for item in waiting.waiting.shown]) == (None, ["Note 1"])
    for outcome, words in (
        (Outcome.RETURNED_INCOMPLETE, "Returned incomplete"),
        (Outcome.NOT_YET, "Not yet demonstrated"),
    ):
        page = _after(db, outcome)
        assert page.first is not None
        assert (page.first.title, page.first.pill.words, page.first.label) == ("Note 1", words, "")
        assert (page.came_back.shown, page.waiting.shown) == ((), ())


def _after(db: Database, outcome: Outcome) -> HomePage:
    def fill(conn: Connection) -> School:
        school = build(conn)
        sent = make.submission(conn, school.made, school.enrolment, at=NOON)
        make.decided(conn, school.made, sent, school.lena, outcome=outcome, at=NOON, posted_at=NOON)
        return school

    return _home(db, db.write_now(fill).alice, NOON)


def test_home_says_progress_of_every_module_in_words(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        sent = make.submission(conn, school.made, school.enrolment, at=NOON)
        make.decided(conn, school.made, sent, school.lena, at=NOON, posted_at=NOON)
        return school

    school = db.write_now(fill)
    (card,) = _home(db, school.alice, NOON).courses
    assert (card.done, card.words) == (1, "1 of 4 modules complete")
    assert [(line.pill.words, line.reading) for line in card.modules] == [
        ("Complete", "0 of 2 lessons read"),
        *[("Not open yet", "")] * 3,
    ]
    assert card.reading == ("Secret lesson 1.0", school.at("/modules/1/lessons/secret-lesson-1-0"))


def test_home_forgets_withdrawn_places(db: Database) -> None:
    school = db.write_now(build)
    assert _home(db, school.bob, NOON).has_courses is False


@pytest.mark.parametrize(
    ("role", "links"),
    [
        (Role.GRADER, ["/grading"]),
        (Role.INSTRUCTOR, ["/staff/questions"]),
        (Role.LEAD, ["/grading", "/staff/questions", "/staff/cohorts"]),
        (Role.AUTHOR, ["/staff/questions", "/staff/cohorts", "/authoring"]),
        (Role.REGISTRAR, ["/record", "/people"]),
        (Role.OPERATOR, ["/people", "/what-next"]),
    ],
)
def test_home_links_staff_to_their_work(db: Database, role: Role, links: list[str]) -> None:
    person = db.write_now(make.with_role, role)
    page = db.read_now(home_page, make.visitor(person, NOON, (role, "")), COURSEWORK, 1)
    assert [one.href for one in page.staff] == links
    assert page.has_dates is (role not in {Role.REGISTRAR, Role.OPERATOR})


def test_home_tells_staff_how_much_waits(db: Database) -> None:
    def fill(conn: Connection) -> str:
        school = build(conn)
        make.submission(conn, school.made, school.enrolment, at=NOON)
        return make.with_role(conn, Role.LEAD)

    visitor = make.visitor(db.write_now(fill), NOON, (Role.LEAD, ""))
    with statements(db) as counted:
        page = db.read_now(home_page, visitor, COURSEWORK, 1)
    assert [one.words for one in page.staff[:2]] == ["1 submission waits for a grader.", "No question waits."]
    assert counted.number == 5


def test_home_statements_do_not_grow_with_enrolments(db: Database) -> None:
    def fill(conn: Connection) -> School:
        school = build(conn)
        for week in range(30):
            made = make.course(conn, title=f"Course {week}")
            cohort = make.cohort(conn, made, start=(OPENS - DAY * week).date(), release_weekday=None)
            make.submission(conn, made, make.enrol(conn, cohort, school.alice))
        return school

    school = db.write_now(fill)
    with statements(db) as many:
        page = _home(db, school.alice, NOON)
    with statements(db) as one:
        _home(db, school.dora, NOON)
    assert (len(page.courses), page.pager.words, page.pager.next) == (25, "Page 1 of 2", "/home?page=2")
    assert len(_home(db, school.alice, NOON, 2).courses) == 6
    assert (many.number, one.number) == (8, 6)
    assert (len(page.waiting.shown), page.waiting.more) == (12, 18)


def test_overview_says_how_every_module_stands(db: Database) -> None:
    school = db.write_now(build)
    page = db.read_now(overview_page, make.visitor(school.dora, NOON), COURSEWORK, school.other)
    assert [(row.number, row.pill.words, row.label) for row in page.modules] == [
        (1, "Closed", ""),
        (2, "Late work is still taken", "Late work is taken until"),
        (3, "Open", "Due"),
        (4, "Not open yet", "Opens"),
    ]
    assert [row.href for row in page.modules][2:] == [f"/cohorts/{school.other}/modules/3", None]
    assert page.go_on is not None
    assert page.go_on.about == "Module 1: Secret lesson 1.0"
    last = page.modules[3]
    assert (last.title, last.summary, last.progress) == ("Week 4 in public", "What week 4 is about.", "")


def test_overview_statements(db: Database, school: School, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    alice.get(school.at())
    with statements(house.db) as count:
        assert alice.get(school.at()).status_code == 200
    assert count.number <= 8


def test_completed_course_stays_readable_and_cannot_be_left(
    school: School, browser: Any, at_time: AtTime, house: House
) -> None:
    at_time(NOON)
    alice, row = browser(school.alice), table(Enrolment)
    assert school.at("/withdraw") in alice.get(school.at()).text
    done = update(row).where(row.c.id == school.enrolment).values(state=EnrolmentState.COMPLETED)
    house.db.write_now(lambda conn: conn.execute(done))
    page = alice.get(school.at())
    assert (page.status_code, school.at("/withdraw") in page.text) == (200, False)
    assert alice.get(school.at("/modules/1/lessons/secret-lesson-1-0")).status_code == 200


def test_overview_for_staff_reads_the_rules(school: School, browser: Any, at_time: AtTime) -> None:
    at_time(OPENS - DAY)
    page = browser(school.lena).get(school.at()).text
    assert "You read this as one of the people who run the cohort." in page
    assert f'href="{school.at("/modules/4")}"' in page
    assert school.at("/withdraw") not in page
