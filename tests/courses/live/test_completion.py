"""Attendance as part of a module's completion: for progress, for credit, for the badge."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from assessments.badges.awarding import award, enrolments_met
from assessments.coursework import AssessmentsCoursework
from assessments.credit.models import CreditEntry
from assessments.credit.service import record_due_credit
from courses.coursework import Work, WorkState, course_met, module_complete
from courses.enrolment.access import LIVE
from courses.learning.home_page import home_page
from courses.learning.overview_page import overview_page
from courses.live.models import Presence
from courses.live.queries import ATTENDANCE, unattended_of_many
from fourweek.database import Database
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import achievement
from tests.courses.live.school import DAY, HOUR, OPENS, STARTS, WEEK, School, attended, now, session
from tests.statements import statements

COURSEWORK = AssessmentsCoursework()
DONE = WorkState.DEMONSTRATED
Rows = Callable[[Any], list[Any]]


def work(number: int, state: WorkState = DONE) -> Work:
    return Work("id", "note", "Note", number, True, state)


def test_module_is_complete_only_with_its_attendance() -> None:
    assert module_complete([work(1)], 1, ())
    assert not module_complete([work(1)], 1, {1})
    assert module_complete([work(1)], 1, {2})
    assert not module_complete([], 1, ())
    assert course_met([work(1), work(2)], ())
    assert not course_met([work(1), work(2)], {2})
    assert not course_met([work(1), work(2, WorkState.SUBMITTED)], ())
    assert not course_met([], ())


@pytest.fixture
def clinic(db: Database, school: School) -> str:
    """A required session of module 1, and its work demonstrated by Alice and Bob."""
    for who in ("alice", "bob"):
        demonstrate(db, school, who, 1, STARTS)
    return db.write_now(session, school, required=True)


def demonstrate(db: Database, school: School, who: str, week: int, at: datetime) -> None:
    handed = db.write_now(make.submission, school.made, school.places[who], week, at)
    db.write_now(make.decided, school.made, handed, school.greta, week, at=at, posted_at=at)


def pills(db: Database, person: str, at: datetime, school: School) -> tuple[str, str, tuple[str, ...]]:
    """What home and the overview say of module 1."""
    visitor = make.visitor(person, at)
    home = db.read_now(home_page, visitor, COURSEWORK, 1)
    row = db.read_now(overview_page, visitor, COURSEWORK, school.cohort).modules[0]
    return home.courses[0].modules[0].pill.words, row.pill.words, row.missing


def credited(rows: Rows) -> list[tuple[str, datetime]]:
    return [(row.enrolment_id, row.completed_at) for row in rows(CreditEntry)]


def test_progress_says_what_is_missing(db: Database, school: School, clinic: str) -> None:
    after = STARTS + 2 * HOUR
    missing = ("Attendance is still missing",) * 2
    assert pills(db, school.alice, STARTS, school) == (*missing, ())
    day = f"{OPENS:%A} {OPENS.day} {OPENS:%B %Y}"
    words = f"Attendance at “Clinic” on {day} was not recorded."
    assert pills(db, school.alice, after, school) == (*missing, (words,))
    db.write_now(attended, school, clinic, presence=Presence.ABSENT)
    absent = f"You were recorded as absent at “Clinic” on {day}."
    assert pills(db, school.alice, after, school) == (*missing, (absent,))
    db.write_now(lambda conn: conn.execute(update(ATTENDANCE).values(presence=Presence.MADE_UP)))
    assert pills(db, school.alice, after, school) == ("Complete", "Complete", ())
    assert pills(db, school.bob, after, school)[0] == "Attendance is still missing"


def test_only_sessions_that_concern_somebody_are_asked_for(db: Database, school: School) -> None:
    db.write_now(session, school, required=True, section_id=school.evenings)
    db.write_now(session, school, required=True, module_number=2, cancelled_at=STARTS)
    db.write_now(session, school, module_number=3)
    alice, bob = school.places["alice"], school.places["bob"]
    assert db.read_now(unattended_of_many, [alice, bob]) == {alice: frozenset(), bob: {1}}


def test_credit_waits_for_attendance_and_counts_from_it(db: Database, school: School, clinic: str, rows: Rows) -> None:
    assert record_due_credit(db, now(STARTS + 3 * HOUR)) == 0
    recorded = STARTS + 26 * HOUR
    db.write_now(attended, school, clinic, at=recorded)
    assert record_due_credit(db, now(STARTS + 2 * DAY)) == 1
    assert credited(rows) == [(school.places["alice"], recorded)]
    assert record_due_credit(db, now(STARTS + 2 * DAY)) == 0


def test_credit_counts_from_the_work_where_that_came_later(db: Database, school: School, rows: Rows) -> None:
    clinic = db.write_now(session, school, required=True)
    db.write_now(attended, school, clinic, at=STARTS + HOUR)
    demonstrate(db, school, "alice", 1, STARTS + 5 * HOUR)
    assert record_due_credit(db, now(STARTS + DAY)) == 1
    assert credited(rows) == [(school.places["alice"], STARTS + 5 * HOUR)]


def test_absence_is_no_attendance(db: Database, school: School, clinic: str) -> None:
    db.write_now(attended, school, clinic, presence=Presence.ABSENT)
    assert record_due_credit(db, now(STARTS + DAY)) == 0
    change = update(ATTENDANCE).values(presence=Presence.MADE_UP, recorded_at=STARTS + DAY)
    db.write_now(lambda conn: conn.execute(change))
    assert record_due_credit(db, now(STARTS + 2 * DAY)) == 1


def test_cancelled_session_is_not_asked_for(db: Database, school: School, clinic: str) -> None:
    db.write_now(lambda conn: conn.execute(update(LIVE).values(cancelled_at=STARTS)))
    assert record_due_credit(db, now(STARTS + DAY)) == 2


def test_every_required_session_of_the_module_counts(db: Database, school: School, clinic: str, rows: Rows) -> None:
    second = db.write_now(session, school, OPENS.date() + DAY, required=True)
    db.write_now(session, school, OPENS.date() + DAY, required=True, module_number=2)
    db.write_now(attended, school, clinic)
    assert record_due_credit(db, now(STARTS + 2 * DAY)) == 0
    db.write_now(attended, school, second, at=STARTS + DAY)
    assert record_due_credit(db, now(STARTS + 2 * DAY)) == 1
    assert credited(rows) == [(school.places["alice"], STARTS + DAY)]


def test_attendance_taken_back_later_undoes_nothing(db: Database, school: School, clinic: str, rows: Rows) -> None:
    alice = school.places["alice"]
    db.write_now(achievement, school.made)
    db.write_now(attended, school, clinic)
    for week in (2, 3, 4):
        demonstrate(db, school, "alice", week, STARTS + week * WEEK)
    later = now(STARTS + 5 * WEEK)
    assert record_due_credit(db, later) == 4
    db.write_now(lambda conn: conn.execute(update(ATTENDANCE).values(presence=Presence.ABSENT)))
    assert (record_due_credit(db, later), len(rows(CreditEntry))) == (0, 4)
    assert list(enrolments_met(db)) == [alice]
    assert db.write_now(award, alice, "Test Institute", later)


def test_badge_waits_for_attendance(db: Database, school: School, clinic: str) -> None:
    db.write_now(achievement, school.made)
    for week in (2, 3, 4):
        demonstrate(db, school, "alice", week, STARTS + week * WEEK)
    later = now(STARTS + 5 * WEEK)
    assert (record_due_credit(db, later), list(enrolments_met(db))) == (3, [])
    db.write_now(attended, school, clinic, at=STARTS + 4 * WEEK + DAY)
    assert (record_due_credit(db, later), list(enrolments_met(db))) == (1, [school.places["alice"]])


def test_pages_ask_a_set_number_more_where_there_are_sessions(db: Database, school: School, house: House) -> None:
    visitor = make.visitor(school.alice, STARTS)
    numbers = []
    for _ in range(2):
        db.read_now(home_page, visitor, COURSEWORK, 1)
        db.read_now(overview_page, visitor, COURSEWORK, school.cohort)
        with statements(db) as home:
            db.read_now(home_page, visitor, COURSEWORK, 1)
        with statements(db) as overview:
            db.read_now(overview_page, visitor, COURSEWORK, school.cohort)
        numbers.append((home.number, overview.number))
        for place in range(30):
            db.write_now(session, school, OPENS.date() + timedelta(days=place % 20), required=True)
    # Who attended; home also asks which session comes next.
    assert numbers[1] == (numbers[0][0] + 2, numbers[0][1] + 1)
    assert numbers[1][1] <= 7
