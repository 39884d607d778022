"""Every rule that ships over every whole number of minutes a course can have, and every order and split of them."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assessments.credit
from assessments.credit.amounts import Part
from assessments.credit.counting import Counted, Event, course_worth, worth
from assessments.credit.rulebook import CEU, TYPES, Book, UnknownRule, all_rules, load_rule, rule_on, rules_in
from assessments.credit.rules import Mode, Rule, course_lines, credit_steps, earns, steps_text
from assessments.credit.words import credit_words
from courses.coursework import CountedCourse

MINUTES = range(2001)
DAY = date(2026, 11, 20)
RULES = tuple(all_rules().values())
SHIPPED = {
    "ceu-floor-2018": (CEU, 600, "1/10", Mode.FLOOR, 60),
    "ceu-nearest-2018": (CEU, 600, "1/10", Mode.NEAREST, 30),
    "clock-hour-2000": ("CLOCK", 60, "1", Mode.FLOOR, 60),
    "hsw-2018": ("HSW", 60, "1/4", Mode.FLOOR, 60),
    "lu-2018": ("LU", 60, "1/4", Mode.FLOOR, 60),
    "nursing-tenth-2013": ("NURSING", 60, "1/10", Mode.FLOOR, 30),
    "pdh-half-hour-2018": ("PDH", 60, "1/2", Mode.FLOOR, 30),
    "pdh-nc-third-2014": ("PDH-NC", 60, "1/3", Mode.NEAREST, 0),
    "pdh-nd-half-2018": ("PDH-ND", 60, "1/2", Mode.FLOOR, 30),
    "pdu-quarter-2018": ("PDU", 60, "1/4", Mode.FLOOR, 15),
}


def test_shipped_rules_are_frozen_and_say_where_they_come_from() -> None:
    """A change here changes what ledgers claim: ship a new file with a new id and day instead."""
    assert {
        rule.id: (rule.credit_type, rule.minutes_per_unit, str(rule.step), rule.mode, rule.minimum_minutes)
        for rule in RULES
    } == SHIPPED
    assert [rule.id for rule in RULES if len(rule.source) < 20 or rule.credit_type not in TYPES] == []
    assert {rule.credit_type for rule in RULES} == set(TYPES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_over_2000_minutes_is_the_exact_fraction_rounded_as_it_says(rule: Rule) -> None:
    before = 0
    for minutes in MINUTES:
        steps = credit_steps(minutes, rule)
        exact = Fraction(minutes, rule.minutes_per_unit) / rule.step
        whole = exact.numerator // exact.denominator
        up = rule.mode is Mode.NEAREST and exact - whole >= Fraction(1, 2)
        assert steps == (0 if minutes < rule.minimum_minutes else whole + up)
        assert steps >= before
        if rule.mode is Mode.FLOOR:
            assert steps * rule.step <= Fraction(minutes, rule.minutes_per_unit)
        before = steps


@pytest.mark.parametrize(
    ("rule_id", "minutes", "text"),
    [
        ("ceu-nearest-2018", 1050, "1.8"),
        ("ceu-floor-2018", 1050, "1.7"),
        ("pdh-half-hour-2018", 1050, "17.5"),
        ("pdh-half-hour-2018", 600, "10.0"),
        ("pdh-nd-half-2018", 29, "0.0"),
        ("pdh-nc-third-2014", 600, "10"),
        ("pdh-nc-third-2014", 70, "1 1/3"),
        ("pdh-nc-third-2014", 20, "1/3"),
        ("pdh-nc-third-2014", 9, "0"),
        ("lu-2018", 59, "0.00"),
        ("lu-2018", 80, "1.25"),
        ("pdu-quarter-2018", 50, "0.75"),
        ("clock-hour-2000", 179, "2"),
        ("nursing-tenth-2013", 155, "2.5"),
    ],
)
def test_known_values_read_as_boards_write_them(rule_id: str, minutes: int, text: str) -> None:
    rule = load_rule(rule_id)
    assert steps_text(credit_steps(minutes, rule), rule) == text


def test_steps_taken_back_read_with_their_sign() -> None:
    thirds, tenths = load_rule("pdh-nc-third-2014"), load_rule("ceu-nearest-2018")
    assert [steps_text(steps, thirds) for steps in (-1, -4, -6)] == ["-1/3", "-1 1/3", "-2"]
    assert [steps_text(steps, tenths) for steps in (-3, -12)] == ["-0.3", "-1.2"]


SPLITS = [(150, 150, 150, 150), (20, 20, 20, 20), (25, 95, 35, 45), (1, 59, 29, 31), (600, 5, 30, 0)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_order_and_split_adds_up_to_the_course(rule: Rule) -> None:
    for split in SPLITS:
        whole = credit_steps(sum(split), rule)
        for order in permutations(split):
            lines = course_lines(order, rule)
            assert (sum(lines), min(lines) >= 0) == (whole, True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=8), st.sampled_from(RULES), st.randoms(use_true_random=False))
def test_any_split_of_any_minutes_adds_up(split: list[int], rule: Rule, shuffled: object) -> None:
    assert sum(course_lines(split, rule)) == sum(course_lines(sorted(split), rule)) == credit_steps(sum(split), rule)


def _line_by_line(minutes: Sequence[int], types: tuple[str, ...]) -> dict[str, int]:
    """What modules completed one after the other come to, each counted from what is frozen before it."""
    so_far: dict[str, Counted] = {}
    for one in minutes:
        counted = worth(Event((Part("technical", sum(minutes)),), types, so_far), one, DAY, Book())
        added = [(CEU, counted.rule.id, counted.tenths)]
        added += [(amount.credit_type, amount.rule_id, amount.steps) for amount in counted.amounts]
        for key, rule_id, steps in added:
            had = so_far.get(key, Counted(0, 0, rule_id))
            so_far[key] = Counted(had.minutes + one, had.steps + steps, rule_id)
    return {key: counted.steps for key, counted in so_far.items()}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=6))
def test_frozen_lines_of_every_type_add_up_to_what_the_course_says(minutes: list[int]) -> None:
    types = tuple(key for key in TYPES if key not in {CEU, "HSW"})
    modules = [[("technical", one)] for one in minutes]
    whole = course_worth(modules, separate=False, types=types, day=DAY, ceu=Mode.NEAREST)
    assert _line_by_line(minutes, types) == {rule.credit_type: steps for rule, steps in whole.items()}


def test_modules_of_their_own_are_rounded_one_by_one() -> None:
    modules = [[("technical", 155)]] * 4
    apart = course_worth(modules, separate=True, types=("PDH",), day=DAY, ceu=Mode.NEAREST)
    assert list(apart.values()) == [12, 20]


def test_a_share_is_reached_or_not_by_exact_minutes() -> None:
    rule = load_rule("hsw-2018")
    events = [(90, 30), (89, 31), (120, 0), (0, 0)]
    assert [earns([("health-safety-welfare", fitting), ("technical", rest)], rule) for fitting, rest in events] == [
        True,
        False,
        True,
        False,
    ]


def test_credit_in_words() -> None:
    course = CountedCourse(({"technical": 30, "ethics": 30},), False, ("PDH", "PDH-NC", "HSW", "NURSING"), DAY)
    assert credit_words(course, Mode.NEAREST) == (
        "0.1 CEU",
        "1.0 professional development hour",
        "1 North Carolina PDH",
        "1.0 nursing contact hour",
    )


def test_a_changed_rule_counts_from_its_day_and_leaves_what_is_frozen(tmp_path: Path) -> None:
    """A rule changes by a new file: what was counted before keeps its rule's id, and that rule is still there."""
    shipped = Path(assessments.credit.__file__).parent / "rules"
    for path in shipped.glob("pdh-half-hour-*.toml"):
        old = path.read_text("utf-8")
        (tmp_path / path.name).write_text(old.replace("effective_from", "effective_until = 2027-01-01\neffective_from"))
        new = old.replace("pdh-half-hour-2018", "pdh-quarter-2027").replace('"1/2"', '"1/4"')
        (tmp_path / "pdh-quarter-2027.toml").write_text(new.replace("2018-01-01", "2027-01-01"))
    rules = rules_in(tmp_path)
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [rule_on("PDH", day, rules=rules).id for day in days] == ["pdh-half-hour-2018", "pdh-quarter-2027"]
    assert [credit_steps(80, rule) for rule in rules.values()] == [2, 5]
    with pytest.raises(UnknownRule):
        rule_on("LU", days[0], rules=rules)
