"""The arithmetic over every whole number of minutes that a course can have, and every order and split."""

from datetime import date
from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.credit.rulebook import CEU_NEAREST, load_rule
from assessments.credit.rules import (
    Mode,
    Rule,
    ceu_tenths,
    ceu_text,
    contact_hours_text,
    counted_minutes,
    course_lines,
    credit_amount,
    credit_steps,
    line_steps,
)

CEU = load_rule(CEU_NEAREST)
FLOOR = Rule(
    id="ceu-floor",
    credit_type="CEU",
    title="Downwards",
    source="test",
    effective_from=date(2018, 1, 1),
    minutes_per_unit=600,
    step=Fraction(1, 10),
    mode=Mode.FLOOR,
    minimum_minutes=60,
)
PDH = Rule(
    id="pdh-half-hour",
    credit_type="PDH",
    title="Half hours, downwards",
    source="test",
    effective_from=date(2018, 1, 1),
    minutes_per_unit=60,
    step=Fraction(1, 2),
    mode=Mode.FLOOR,
    minimum_minutes=30,
)
MINUTES = range(2001)


@pytest.mark.parametrize(
    ("minutes", "nearest", "floor"),
    [
        (0, 0, 0),
        (29, 0, 0),
        (30, 1, 0),
        (59, 1, 0),
        (60, 1, 1),
        (89, 1, 1),
        (90, 2, 1),
        (150, 3, 2),
        (600, 10, 10),
        (1050, 18, 17),
    ],
)
def test_ceu_tenths_known_values(minutes: int, nearest: int, floor: int) -> None:
    assert (ceu_tenths(minutes), ceu_tenths(minutes, Mode.FLOOR)) == (nearest, floor)


def test_ceu_tenths_nearest_is_half_up_over_the_whole_range() -> None:
    for minutes in MINUTES:
        exact = Fraction(minutes, 60)
        whole, rest = divmod(exact, 1)
        assert ceu_tenths(minutes) == whole + (1 if rest >= Fraction(1, 2) else 0)


def test_ceu_tenths_floor_never_gives_more_than_was_earned() -> None:
    for minutes in MINUTES:
        assert ceu_tenths(minutes, Mode.FLOOR) == minutes // 60 <= Fraction(minutes, 60)


def test_shipped_rule_agrees_with_ceu_tenths() -> None:
    assert [credit_steps(m, CEU) for m in MINUTES] == [ceu_tenths(m) for m in MINUTES]
    assert [credit_steps(m, FLOOR) for m in MINUTES] == [ceu_tenths(m, Mode.FLOOR) for m in MINUTES]


@pytest.mark.parametrize("rule", [CEU, FLOOR, PDH])
def test_credit_never_falls_when_minutes_grow(rule: Rule) -> None:
    steps = [credit_steps(minutes, rule) for minutes in MINUTES]
    assert all(later - earlier in {0, 1} for earlier, later in pairwise(steps))


def test_other_credit_comes_from_minutes_not_from_ceu() -> None:
    assert credit_amount(1050, PDH) == Fraction(35, 2)
    assert ceu_text(credit_steps(1050, CEU)) == "1.8"
    assert [credit_amount(m, PDH) for m in (29, 30, 59, 60)] == [0, Fraction(1, 2), Fraction(1, 2), 1]


def test_step_that_is_no_whole_number_of_minutes_stays_exact() -> None:
    sevenths = Rule(
        id="sevenths",
        credit_type="X",
        title="t",
        source="s",
        effective_from=date(2020, 1, 1),
        minutes_per_unit=60,
        step=Fraction(1, 7),
        mode=Mode.FLOOR,
        minimum_minutes=0,
    )
    assert all(credit_steps(m, sevenths) == m * 7 // 60 for m in MINUTES)


def test_four_modules_of_150_minutes_make_one_ceu_in_any_order() -> None:
    assert course_lines([150] * 4, CEU) == (3, 2, 3, 2)
    assert {sum(course_lines(order, CEU)) for order in permutations([45, 100, 155, 300])} == {10}


@given(
    st.lists(st.integers(0, 500), max_size=12).flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts)))
)
def test_lines_add_up_whatever_the_order_and_split(case: tuple[list[int], list[int]]) -> None:
    parts, shuffled = case
    for rule in (CEU, FLOOR):
        lines = course_lines(shuffled, rule)
        assert sum(lines) == credit_steps(sum(parts), rule)
        assert all(line >= 0 for line in lines)


@given(st.lists(st.integers(0, 500), max_size=12), st.integers(0, 12))
def test_partly_finished_course_yields_the_rounded_sum_so_far(parts: list[int], done: int) -> None:
    assert sum(course_lines(parts, CEU)[:done]) == ceu_tenths(sum(parts[:done]))


def test_module_under_half_a_step_shows_up_in_a_later_line() -> None:
    assert course_lines([20, 20, 20], CEU) == (0, 1, 0)


@pytest.mark.parametrize("wrong", [-1, True, 60.0, "60"])
def test_minutes_are_whole_and_not_negative(wrong: int) -> None:
    with pytest.raises(ValueError, match="whole"):
        ceu_tenths(wrong)
    with pytest.raises(ValueError, match="whole"):
        line_steps(0, wrong, CEU)


def test_counted_minutes_leaves_out_breaks() -> None:
    assert counted_minutes([(60, True), (15, False), (30, True)]) == 90
    assert counted_minutes([]) == 0


@pytest.mark.parametrize(
    ("tenths", "text"), [(0, "0.0"), (3, "0.3"), (10, "1.0"), (27, "2.7"), (120, "12.0"), (-3, "-0.3"), (-10, "-1.0")]
)
def test_ceu_text_has_one_decimal(tenths: int, text: str) -> None:
    assert ceu_text(tenths) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0.0"), (6, "0.1"), (7, "0:07"), (60, "1.0"), (150, "2.5"), (155, "2:35"), (600, "10.0"), (-155, "-2:35")],
)
def test_contact_hours_text_is_decimal_only_where_exact(minutes: int, text: str) -> None:
    assert contact_hours_text(minutes) == text


def test_contact_hours_text_reads_back_to_the_same_minutes() -> None:
    for minutes in MINUTES:
        text = contact_hours_text(minutes)
        hours, rest = text.replace(":", ".").split(".")
        assert int(hours) * 60 + int(rest) * (1 if ":" in text else 6) == minutes
