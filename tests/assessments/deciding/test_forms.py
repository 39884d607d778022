"""What makes a rule, what does not, and what a rule says in words."""

import pytest

from assessments.deciding.forms import TypedRule, reason_problems, rule_problems, rule_typed, typed_of, typed_rule
from assessments.deciding.rules import EVERY, Ladder, Rule
from assessments.deciding.words import EVERY_WORDS, say_rule
from tests.assessments.grading.test_rules import KEYS, RUBRIC

LADDERS = [Ladder("method", KEYS, "meets"), Ladder("result", KEYS, "partly")]
GOOD = {"kind": "weighted", "mark": "40", "weight-method": "2", "weight-result": "1", "number": "0"}


def _problems(**changed: str) -> set[str]:
    return set(
        rule_problems(typed_rule(GOOD | {name.replace("__", "-"): value for name, value in changed.items()}), LADDERS)
    )


def test_a_rule_is_made_of_what_was_typed() -> None:
    typed = typed_rule(GOOD | {"floor-method": "partly", "floor-result": "", "must-result": "1", "reason": " Why. "})
    assert rule_problems(typed, LADDERS) == {}
    rule = rule_typed(typed)
    assert rule == Rule({"method": 2, "result": 1}, 40, {"method": "partly"}, frozenset({"result"}))
    assert (typed.reason, typed.number) == ("Why.", 0)
    assert rule_typed(typed_of(rule, 3)) == rule
    assert rule_typed(TypedRule(kind="every", mark="x")) == EVERY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("weight__method", value) for value in ("0", "-1", "1.5", "", "two", "1001", "٣")),
        *(("mark", value) for value in ("0", "101", "-5", "", "66.6")),
        ("weight__gone", "3"),
        ("floor__gone", "partly"),
        ("must__gone", "1"),
        ("floor__method", "wonderful"),
        ("kind", "lottery"),
    ],
)
def test_what_makes_no_rule_is_said_beside_its_field(name: str, value: str) -> None:
    assert _problems(**{name: value}) == {name.replace("__", "-")}


def test_a_mark_beyond_what_every_criterion_makes_asks_for_nothing() -> None:
    assert _problems(mark="55") == set()
    assert _problems(mark="56") == {"mark"}
    assert _problems(mark="56", floor__method="exceeds") == set()


def test_a_reason_is_needed() -> None:
    assert set(reason_problems(TypedRule())) == set(reason_problems(TypedRule(reason="x" * 501))) == {"reason"}
    assert reason_problems(TypedRule(reason="Agreed.")) == {}


def test_other_terms_or_another_rule_below_are_another_preview() -> None:
    one = typed_rule(GOOD)
    prints = {typed_rule(GOOD | more).print for more in ({}, {"mark": "41"}, {"weight-method": "3"}, {"number": "1"})}
    assert len(prints) == 4
    assert typed_rule(GOOD | {"reason": "Other words.", "seen": "x"}).print == one.print


def test_a_rule_in_words() -> None:
    assert say_rule(EVERY, RUBRIC) == (EVERY_WORDS,)
    words = " ".join(say_rule(Rule({"method": 2}, 60, {"method": "partly", "gone": "x"}), RUBRIC))
    assert "60 %" in words
    assert "“Method” counts 2." in words
    assert "“Method” must reach “Partly” whatever the rest makes." in words
    assert "“Result” must reach its required level" in words
