"""Decisions by the rule that held when the work began."""

from datetime import timedelta

from sqlalchemy import Connection

from assessments.assignments.models import Requirement, RequirementKind
from assessments.deciding.models import DecisionRule
from assessments.deciding.rules import EVERY, Rule
from assessments.grading.claims import take
from assessments.grading.decisions import decide, replace
from assessments.grading.forms import Change
from assessments.grading.models import Decision, DecisionLine, Outcome
from assessments.grading.queries import current_decision
from assessments.grading.rejudging import effect_of
from assessments.grading.rules import Scoring
from fourweek.database import add, new_id
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, claimed, rows, school

LENIENT = Rule({"criterion-0": 3, "criterion-1": 1}, 35)
STRICT = Rule({"criterion-0": 1, "criterion-1": 1}, 60, {"criterion-1": "exceeds"})


def _held(conn: Connection, rule: Rule, made: School) -> str:
    row = DecisionRule(
        id=new_id(),
        course_id=made.course.course_id,
        assignment_key=made.course.keys[0],
        number=1,
        kind=rule.kind,
        terms=rule.terms,
        holds_from=make.BEFORE,
        reason="Agreed.",
    )
    add(conn, row)
    return row.id


def test_a_strong_criterion_makes_up_for_a_weak_one(conn: Connection) -> None:
    made = claimed(conn)
    rule = _held(conn, LENIENT, made)
    result = decide(conn, made.grader(), made.submission, made.typed("meets", "not-yet"), lasts=LEASE)
    assert result.outcome is Outcome.DEMONSTRATED
    (decision,) = rows(conn, Decision)
    assert decision.rule_id == rule
    assert sorted(line.met for line in rows(conn, DecisionLine)) == [False, True]
    change = Change(decision.id, "Misread.", Scoring({"criterion-0": "not-yet", "criterion-1": "meets"}, {}, "Seen."))
    assert replace(conn, made.lead(), made.submission, change) is Outcome.NOT_YET
    held = current_decision(conn, made.submission)
    assert held is not None
    assert [row.rule_id for row in rows(conn, Decision, id=held.id)] == [rule]


def test_a_floor_above_the_required_level_leaves_its_criterion_open(conn: Connection) -> None:
    made = claimed(conn)
    _held(conn, STRICT, made)
    result = decide(
        conn, made.grader(), made.submission, made.typed("meets", "meets"), lasts=LEASE, post_after=timedelta()
    )
    assert result.outcome is Outcome.NOT_YET
    second = make.submission(conn, made.course, made.enrolment, attempt=2, at=NOW)
    assert take(conn, made.grader(), second, LEASE)
    typed = made.typed("", "exceeds", submission=second, attempt=2)
    assert decide(conn, made.grader(), second, typed, lasts=LEASE).outcome is Outcome.DEMONSTRATED


def test_a_look_at_another_rule_knows_of_checks_that_are_not_passed(conn: Connection) -> None:
    made = school(conn)
    make.decided(conn, made.course, made.submission, made.greta, outcome=Outcome.NOT_YET, met=(True, False))
    course, key = made.course.course_id, made.course.keys[0]
    assert [one.now for one in effect_of(conn, course, key, LENIENT).changed] == [Outcome.DEMONSTRATED]
    assert effect_of(conn, course, key, EVERY).changed == ()
    check = Requirement(
        id=new_id(),
        assignment_id=made.course.assignments[0],
        position=2,
        key="quiz",
        title="Quiz",
        kind=RequirementKind.CHECK,
    )
    add(conn, check)
    assert effect_of(conn, course, key, LENIENT).changed == ()
