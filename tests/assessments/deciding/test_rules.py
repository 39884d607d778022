"""How levels become an outcome, for any rubric and any rule."""

from collections.abc import Mapping
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.deciding.models import RuleKind
from assessments.deciding.rules import EVERY, Ladder, Rule, demonstrates, is_met, needed, reaches_mark, rule_of, worth

LEVELS = ("none", "weak", "partly", "meets", "exceeds", "beyond")
Case = tuple[list[Ladder], dict[str, str], Rule]


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    """Two to five criteria with two to six levels, levels reached, and a rule with all its parts."""
    ladders = [
        Ladder(f"c{i}", LEVELS[:count], LEVELS[draw(st.integers(0, count - 1))])
        for i, count in enumerate(draw(st.lists(st.integers(2, 6), min_size=2, max_size=5)))
    ]
    keys = [ladder.key for ladder in ladders]
    weights = {key: draw(st.integers(1, 9)) for key in keys if draw(st.booleans())}
    floors = {one.key: draw(st.sampled_from(one.levels)) for one in ladders if draw(st.booleans())}
    must = frozenset(key for key in keys if draw(st.booleans()))
    levels = {one.key: draw(st.sampled_from(one.levels)) for one in ladders}
    return ladders, levels, Rule(weights, draw(st.integers(1, 100)), floors, must)


def _raised(ladder: Ladder, level: str) -> str:
    return ladder.levels[min(ladder.place(level) + 1, len(ladder.levels) - 1)]


@settings(max_examples=100)
@given(_cases())
def test_a_higher_level_never_makes_it_not_yet(case: Case) -> None:
    ladders, levels, rule = case
    for ladder in ladders:
        higher = levels | {ladder.key: _raised(ladder, levels[ladder.key])}
        assert demonstrates(ladders, levels, rule) <= demonstrates(ladders, higher, rule)
        assert is_met(ladder, levels[ladder.key], rule) <= is_met(ladder, higher[ladder.key], rule)


@settings(max_examples=100)
@given(_cases(), st.integers(2, 50))
def test_weights_times_anything_change_nothing(case: Case, times: int) -> None:
    ladders, levels, rule = case
    scaled = Rule({key: weight * times for key, weight in rule.weights.items()}, rule.mark, rule.floors, rule.must)
    assert demonstrates(ladders, levels, rule) == demonstrates(ladders, levels, scaled)


@settings(max_examples=100)
@given(_cases())
def test_without_weights_only_the_floors_count(case: Case) -> None:
    ladders, levels, rule = case
    plain = Rule(mark=rule.mark, must=rule.must)
    every = all(one.place(levels[one.key]) >= one.place(one.required) for one in ladders)
    assert demonstrates(ladders, levels, plain) == demonstrates(ladders, levels, EVERY) == every
    all_must = Rule(rule.weights, rule.mark, {}, frozenset(one.key for one in ladders))
    assert demonstrates(ladders, levels, all_must) == every


@settings(max_examples=100)
@given(_cases())
def test_what_meets_every_criterion_is_demonstrated_by_every_rule(case: Case) -> None:
    ladders, levels, rule = case
    met = {one.key: one.levels[needed(one, rule)] for one in ladders}
    assert demonstrates(ladders, met, rule)
    assert demonstrates(ladders, levels, rule_of(rule.terms)) == demonstrates(ladders, levels, rule) or not rule.weights


def _thirds(*places: int) -> tuple[list[Ladder], Mapping[str, str]]:
    """Criteria of four levels each, the second highest required, at these places."""
    ladders = [Ladder(f"c{i}", LEVELS[:4], "partly") for i in range(len(places))]
    return ladders, {f"c{i}": LEVELS[place] for i, place in enumerate(places)}


def test_the_mark_is_compared_exactly() -> None:
    ladders, levels = _thirds(3, 1)
    rules = [Rule({"c0": 1, "c1": 1}, mark) for mark in (66, 67, 100)]
    assert worth(ladders, {"c0": 3, "c1": 1}, rules[0]) == Fraction(2, 3)
    assert [reaches_mark(ladders, levels, rule) for rule in rules] == [True, False, False]
    assert [demonstrates(ladders, levels, rule) for rule in rules] == [True, False, False]


def test_exactly_at_the_mark_is_enough() -> None:
    ladders = [Ladder(f"c{i}", LEVELS[:6], "beyond") for i in range(3)]
    levels = {"c0": "exceeds", "c1": "partly", "c2": "meets"}
    assert worth(ladders, {"c0": 4, "c1": 2, "c2": 3}, Rule({"c0": 1, "c1": 1, "c2": 1})) == Fraction(3, 5)
    assert demonstrates(ladders, levels, Rule({"c0": 1, "c1": 1, "c2": 1}, 60))
    assert not demonstrates(ladders, levels, Rule({"c0": 1, "c1": 1, "c2": 1}, 61))


def test_floors_and_musts_bar_whatever_the_sum() -> None:
    ladders, levels = _thirds(3, 1)
    weights = {"c0": 9, "c1": 1}
    assert demonstrates(ladders, levels, Rule(weights, 50))
    assert demonstrates(ladders, levels, Rule(weights, 50, {"c1": "weak"}))
    assert not demonstrates(ladders, levels, Rule(weights, 50, {"c1": "partly"}))
    assert not demonstrates(ladders, levels, Rule(weights, 50, must=frozenset({"c1"})))


def test_a_floor_above_the_required_level_is_what_the_criterion_needs() -> None:
    ladders, levels = _thirds(2, 2)
    assert demonstrates(ladders, levels, Rule({"c0": 1, "c1": 1}, 50))
    strict = Rule({"c0": 1, "c1": 1}, 50, {"c1": "meets"})
    assert not is_met(ladders[1], "partly", strict)
    assert not demonstrates(ladders, levels, strict)


def test_what_the_rule_does_not_weigh_must_be_met_and_what_the_rubric_lacks_says_nothing() -> None:
    ladders, levels = _thirds(3, 1)
    assert not demonstrates(ladders, levels, Rule({"c0": 1}, 10))
    gone = Rule({"c0": 1, "c1": 1, "gone": 50}, 60, {"gone": "meets", "c0": "unknown"}, frozenset({"gone"}))
    assert demonstrates(ladders, levels, gone)


def test_no_criteria_demonstrate_nothing() -> None:
    assert not demonstrates([], {}, Rule({"c0": 1}, 1))


def test_a_rule_is_stored_and_read_as_it_is() -> None:
    rule = Rule({"c0": 2}, 70, {"c0": "weak"}, frozenset({"c1"}))
    assert rule_of(rule.terms) == rule
    assert rule.kind is RuleKind.WEIGHTED
    assert (EVERY.kind, EVERY.terms, rule_of({})) == (RuleKind.EVERY, {}, EVERY)
