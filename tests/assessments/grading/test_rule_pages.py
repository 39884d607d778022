"""Decision rules through their pages: who may, what a look shows, and when one holds."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection

from assessments.deciding.forms import rule_typed, typed_rule
from assessments.deciding.models import DecisionRule
from assessments.deciding.queries import rule_for
from assessments.deciding.service import RuleChanged
from assessments.grading.models import Decision, Outcome
from assessments.grading.rejudging import effect_of
from assessments.grading.rule_page import apply_rule, rule_page, rules_page
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database
from fourweek.edge import House
from fourweek.errors import Forbidden, Invalid, NotFound
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, rows, school, waiting
from tests.statements import statements
from tests.visits import forms

LENIENT = {"kind": "weighted", "mark": "35", "weight-criterion-0": "3", "weight-criterion-1": "1", "reason": "Agreed."}
RULE = typed_rule(LENIENT | {"number": "0"})


def _author(conn: Connection) -> Visitor:
    return make.visitor(make.with_role(conn, Role.AUTHOR, "Ada Poe"), NOW, (Role.AUTHOR, ""))


def _decided(conn: Connection, made: School, count: int) -> None:
    """One attempt with the first criterion met alone, and `count` with both."""
    one, *others = [made.submission, *waiting(conn, made, count)]
    make.decided(conn, made.course, one, made.greta, outcome=Outcome.NOT_YET, met=(True, False))
    for other in others:
        make.decided(conn, made.course, other, made.greta)


def test_who_has_no_part_in_the_course_finds_nothing(conn: Connection) -> None:
    made, other = school(conn), school(conn)
    code, key = made.course.code, made.course.keys[0]
    for visitor in (make.visitor(made.alice, NOW), made.grader(), made.registrar(), other.lead()):
        with pytest.raises(NotFound):
            rule_page(conn, visitor, code, key)
        with pytest.raises(NotFound):
            rules_page(conn, visitor, code)
        with pytest.raises(NotFound):
            apply_rule(conn, visitor, code, key, RULE)
    for gone in ((code, "gone"), ("gone", key), ("\0", key)):
        with pytest.raises(NotFound):
            rule_page(conn, made.lead(), *gone)
    assert not rule_page(conn, made.lead(), code, key).may_change
    with pytest.raises(Forbidden):
        apply_rule(conn, made.lead(), code, key, RULE)
    assert rows(conn, DecisionRule, course_id=made.course.course_id) == []


def test_a_rule_holds_for_work_begun_from_then_on(conn: Connection) -> None:
    made, author = school(conn), _author(conn)
    code, key = made.course.code, made.course.keys[0]
    assert apply_rule(conn, author, code, key, RULE) == 1
    (row,) = rows(conn, DecisionRule, course_id=made.course.course_id)
    assert (row.number, row.holds_from, row.made_by, row.reason) == (1, NOW, author.me.id, "Agreed.")
    (act,) = rows(conn, AuditRow, act="rule.made")
    assert (act.reason, act.detail["number"]) == ("Agreed.", 1)
    assignment = made.course.assignments[0]
    assert rule_for(conn, made.enrolment, assignment, NOW).id is None
    later = make.enrol(conn, made.cohort, make.person(conn, "Bob Late"))
    make.submission(conn, made.course, later, at=NOW)
    assert rule_for(conn, later, assignment, NOW).id == row.id
    page = rules_page(conn, made.lead(), code)
    assert [line.words for line in page.lines] == ["Weighted, 35 %", *["Every criterion"] * 3]


def test_a_look_says_what_would_change_and_changes_nothing(conn: Connection) -> None:
    made = school(conn)
    _decided(conn, made, 3)
    lenient = rule_page(conn, made.lead(), made.course.code, made.course.keys[0], RULE, preview=1).effect
    assert lenient is not None
    assert (lenient.looked_at, lenient.stay, lenient.to_demonstrated, lenient.to_not_yet) == (4, 3, 1, 0)
    (row,) = lenient.rows
    assert (row.before, row.now, row.href) == (
        "Not yet demonstrated",
        "Demonstrated",
        f"/grading/{made.submission}",
    )
    strict = typed_rule(LENIENT | {"number": "0", "floor-criterion-1": "exceeds", "mark": "60"})
    effect = rule_page(conn, _author(conn), made.course.code, made.course.keys[0], strict, preview=9).effect
    assert effect is not None
    assert (effect.stay, effect.to_not_yet, {one.href for one in effect.rows}) == (1, 3, {""})
    assert rows(conn, DecisionRule, course_id=made.course.course_id) == []
    assert {row.rule_id for row in rows(conn, Decision)} == {None}


def test_a_look_names_nobody_whom_others_lead(conn: Connection) -> None:
    """A lead of one cohort tries a rule that would change work in another one of the same course."""
    made = school(conn)
    _decided(conn, made, 1)
    elsewhere = make.enrol(conn, make.cohort(conn, made.course), make.person(conn, "Bob Far"))
    work = make.submission(conn, made.course, elsewhere)
    make.decided(conn, made.course, work, made.greta, outcome=Outcome.NOT_YET, met=(True, False))
    code, key = made.course.code, made.course.keys[0]
    own = rule_page(conn, made.lead(), code, key, RULE, preview=1).effect
    every = rule_page(conn, _author(conn), code, key, RULE, preview=1).effect
    assert own is not None
    assert every is not None
    assert ([one.href for one in own.rows], own.outside) == ([f"/grading/{made.submission}"], 1)
    assert (own.looked_at, own.to_demonstrated) == (every.looked_at, every.to_demonstrated) == (3, 2)
    assert (len(every.rows), every.outside) == (2, 0)
    section = make.visitor(made.lena, NOW, (Role.LEAD, "a-section"))
    with pytest.raises(NotFound):
        rule_page(conn, section, code, key, RULE, preview=1)


def test_a_look_takes_as_many_statements_however_many_attempts(db: Database) -> None:
    def some(conn: Connection) -> School:
        made = school(conn)
        _decided(conn, made, 30)
        return made

    made = db.write_now(some)
    with statements(db) as count:
        effect = db.read_now(effect_of, made.course.course_id, made.course.keys[0], rule_typed(RULE))
    assert (effect.looked_at, len(effect.changed)) == (31, 1)
    assert count.number == 2


def test_what_is_no_rule_is_refused(conn: Connection) -> None:
    made, author = school(conn), _author(conn)
    for changed, name in (
        ({"weight-criterion-0": "0"}, "weight-criterion-0"),
        ({"mark": "101"}, "mark"),
        ({"weight-gone": "1"}, "weight-gone"),
        ({"floor-criterion-0": "gone"}, "floor-criterion-0"),
        ({"reason": " "}, "reason"),
    ):
        with pytest.raises(Invalid) as refused:
            apply_rule(
                conn, author, made.course.code, made.course.keys[0], typed_rule(LENIENT | {"number": "0"} | changed)
            )
        assert set(refused.value.fields) == {name}
    assert rows(conn, DecisionRule, course_id=made.course.course_id) == []


def test_of_two_at_once_the_second_sees_the_first(db: Database) -> None:
    def two(conn: Connection) -> tuple[School, Visitor]:
        return school(conn), _author(conn)

    made, author = db.write_now(two)

    def press(_: int) -> str:
        try:
            return str(db.write_now(apply_rule, author, made.course.code, made.course.keys[0], RULE))
        except RuleChanged:
            return "changed"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == ["1", "changed", "changed", "changed"]
    assert len(db.read_now(rows, DecisionRule)) == 1


def test_a_rule_is_tried_out_on_the_page_before_it_holds(browser: Any, made: School, house: House) -> None:
    def author(conn: Connection) -> str:
        _decided(conn, made, 1)
        return make.with_role(conn, Role.AUTHOR, "Ada Poe")

    ada = browser(house.db.write_now(author))
    here = f"/staff/courses/{made.course.code}/assignments/{made.course.keys[0]}/rule"
    assert browser().get(here).headers["location"].startswith("/sign-in")
    assert browser(made.alice).get(here).status_code == 404
    page = ada.submit(here, here, **LENIENT, act="apply")
    assert "Of all 2 decided attempts, <strong>1</strong> would stay" in page.text
    assert house.db.read_now(rows, DecisionRule) == []
    seen = forms(page.text)[here]
    assert ada.post(here, data=seen | {"mark": "0", "act": "preview:1"}).status_code == 422
    assert ada.post(here, data=seen | {"reason": "", "act": "apply"}).status_code == 422
    assert ada.post(here, data=seen | {"act": "apply"}).headers["location"] == here
    again = ada.post(here, data=seen | {"act": "apply"})
    assert again.status_code == 409
    assert "Another rule was made meanwhile" in again.text
    assert forms(again.text)[here]["number"] == "1"
    assert "“Criterion 0” counts 3" in ada.get(here).text
    assert ada.get(f"/staff/courses/{made.course.code}/rules").status_code == 200
    for visitor in (ada, browser(made.lena)):
        assert f"/staff/courses/{made.course.code}/rules" in visitor.get("/staff/courses").text
    assert browser(made.greta).get("/staff/courses").status_code == 404
