"""What programs read in a person's name: their own credit, courses with dates, and the cohorts they serve."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, update

from assessments.api import own
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.paging import PER_PAGE
from fourweek.accounts.access import SignedIn, Visitor
from fourweek.accounts.models import Role
from fourweek.clock import Now
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.credit.factories import LATER, learning, one_more, recorded

SETTINGS = Settings(home=Path("nowhere"), base_url="https://learn.example")


def test_credit_is_one_s_own_newest_first_with_the_total_of_all(conn: Connection) -> None:
    alice = learning(conn)
    bob = one_more(conn, alice)
    for week in (1, 2, 3):
        recorded(conn, alice, week)
    me = make.visitor(alice.person_id, LATER)
    found = own.my_credit(conn, me, 1, SETTINGS)
    assert ([one.module for one in found.lines], found.total, found.page) == ([3, 2, 1], 3, 1)
    tenths = sum(int(one.ceu.replace(".", "")) for one in found.lines)
    assert found.ceu_total == f"{tenths // 10}.{tenths % 10}"
    assert {one.status for one in found.lines} == {"active"}
    assert own.my_credit(conn, me, 2, SETTINGS).lines == []
    assert own.my_credit(conn, make.visitor(bob.person_id, LATER), 1, SETTINGS).total == 0


def test_courses_come_with_the_dates_that_hold_for_oneself(conn: Connection) -> None:
    alice = learning(conn, weeks=2)
    found = own.my_courses(conn, make.visitor(alice.person_id, make.START + timedelta(days=1)), 1, SETTINGS)
    (course,) = found.courses
    assert (course.cohort, course.state, found.total) == (alice.cohort_id, "active", 1)
    assert course.page == f"https://learn.example/cohorts/{alice.cohort_id}"
    assert [(one.number, one.is_open) for one in course.modules] == [(1, True), (2, False)]
    assert course.modules[0].opens_at == make.START
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == alice.enrolment_id).values(state=EnrolmentState.WITHDRAWN))
    assert own.my_courses(conn, make.visitor(alice.person_id, LATER), 1, SETTINGS).courses == []


def test_courses_are_paged(conn: Connection) -> None:
    made, alice = make.course(conn, weeks=1), make.person(conn)
    for _ in range(PER_PAGE + 1):
        make.enrol(conn, make.cohort(conn, made), alice)
    pages = [own.my_courses(conn, make.visitor(alice, LATER), number, SETTINGS) for number in (1, 2, 3)]
    assert [(len(one.courses), one.total) for one in pages] == [(PER_PAGE, PER_PAGE + 1), (1, PER_PAGE + 1), (0, 26)]
    assert len({course.cohort for page in pages for course in page.courses}) == PER_PAGE + 1


def test_cohorts_are_those_that_one_serves(conn: Connection) -> None:
    alice, other = learning(conn, weeks=1), learning(conn, name="Carl Other", weeks=1)
    one_more(conn, alice)
    grader = make.visitor(alice.grader_id, LATER, (Role.GRADER, alice.cohort_id))
    (served,) = own.my_cohorts(conn, grader, 1, SETTINGS).cohorts
    assert (served.cohort, served.learners) == (alice.cohort_id, 2)
    assert own.my_cohorts(conn, make.visitor(alice.person_id, LATER), 1, SETTINGS).cohorts == []
    author = own.my_cohorts(conn, make.visitor(alice.grader_id, LATER, (Role.AUTHOR, "")), 1, SETTINGS)
    assert {alice.cohort_id, other.cohort_id} <= {one.cohort for one in author.cohorts}
    part = SignedIn("x", "", "Stan", "UTC", parts=frozenset({(Role.GRADER, other.cohort_id)}))
    in_part = own.my_cohorts(conn, Visitor(Now(LATER, LATER), part), 1, SETTINGS)
    assert [one.cohort for one in in_part.cohorts] == [other.cohort_id]
