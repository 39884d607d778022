"""Which rule holds for whose work."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from assessments.deciding.models import DecisionRule
from assessments.deciding.queries import Holding, rule_by, rule_for
from assessments.deciding.rules import EVERY, Rule
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, school

HALF = Rule({"criterion-0": 1, "criterion-1": 1}, 50)


def _rule(conn: Connection, made: School, number: int, at: datetime, rule: Rule = HALF, week: int = 1) -> str:
    row = DecisionRule(
        id=new_id(),
        course_id=made.course.course_id,
        assignment_key=made.course.keys[week - 1],
        number=number,
        kind=rule.kind,
        terms=rule.terms,
        holds_from=at,
        made_by=made.lena,
        reason="Agreed by the board.",
    )
    add(conn, row)
    return row.id


def test_the_newest_that_held_when_the_first_attempt_began(conn: Connection) -> None:
    made, week = school(conn), make.START
    keys = (made.enrolment, made.course.assignments[0], NOW)
    assert rule_for(conn, *keys) == Holding(None, 0, EVERY)
    _rule(conn, made, 1, week - timedelta(days=9))
    second = _rule(conn, made, 2, week, EVERY)
    _rule(conn, made, 3, week + timedelta(seconds=1))
    other = _rule(conn, made, 1, week - timedelta(days=9), week=2)
    assert rule_for(conn, *keys) == Holding(second, 2, EVERY)
    make.submission(conn, made.course, made.enrolment, attempt=2, at=NOW)
    assert rule_for(conn, *keys).number == 2
    assert rule_by(conn, second) == Holding(second, 2, EVERY)
    assert rule_by(conn, None) == Holding()
    assert rule_for(conn, made.enrolment, made.course.assignments[1], NOW) == Holding(other, 1, HALF)


def test_work_that_nobody_began_is_under_the_one_of_now(conn: Connection) -> None:
    made = school(conn)
    for number, days in ((1, 1), (2, 3)):
        _rule(conn, made, number, make.START + timedelta(days=days), week=3)
    assert rule_for(conn, made.enrolment, made.course.assignments[2], NOW).number == 1
    assert rule_for(conn, made.enrolment, made.course.assignments[2], NOW + timedelta(days=1)).number == 2
