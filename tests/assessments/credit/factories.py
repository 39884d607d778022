"""Enrolments with work that was judged, for tests of credit, badges and transcripts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from assessments.grading.models import Outcome
from fourweek.accounts.models import Role
from fourweek.clock import Now
from tests import factories as make

DAY = timedelta(days=1)
LATER = make.START + 40 * DAY
NOW = Now(real=LATER, school=LATER)


@dataclass(frozen=True, slots=True)
class Learning:
    """A learner in a cohort of a course, and who grades there."""

    course: make.MadeCourse
    cohort_id: str
    person_id: str
    enrolment_id: str
    grader_id: str


def learning(
    conn: Connection, *, name: str = "Alice Brook", weeks: int = 4, minutes: int = 150, zone: str = "UTC"
) -> Learning:
    """Somebody enrolled with nothing handed in."""
    course = make.course(conn, weeks=weeks, minutes=minutes)
    cohort_id = make.cohort(conn, course, zone=zone)
    person_id = make.person(conn, name)
    grader_id = make.with_role(conn, Role.GRADER, scope_id=cohort_id)
    return Learning(course, cohort_id, person_id, make.enrol(conn, cohort_id, person_id), grader_id)


def one_more(conn: Connection, first: Learning, name: str = "Bob Marsh") -> Learning:
    """Another learner in the same cohort."""
    person_id = make.person(conn, name)
    enrolment_id = make.enrol(conn, first.cohort_id, person_id)
    return Learning(first.course, first.cohort_id, person_id, enrolment_id, first.grader_id)


def demonstrate(conn: Connection, who: Learning, week: int, at: datetime | None = None) -> str:
    """A module's assignment handed in, judged demonstrated and posted at `at`; returns the decision's id."""
    at = at or make.START + week * DAY
    return judge(conn, who, week, at, Outcome.DEMONSTRATED)


def judge(conn: Connection, who: Learning, week: int, at: datetime, outcome: Outcome, attempt: int = 1) -> str:
    handed_in = make.submission(conn, who.course, who.enrolment_id, week, at=at, attempt=attempt)
    return make.decided(conn, who.course, handed_in, who.grader_id, week, outcome, at=at, posted_at=at)


def demonstrate_all(conn: Connection, who: Learning) -> None:
    for week in range(1, len(who.course.modules) + 1):
        demonstrate(conn, who, week)
