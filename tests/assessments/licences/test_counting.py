"""What counts for a licence: exact minutes, rounded once, each hour once."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.credit.rulebook import load_rule
from assessments.credit.rules import credit_steps
from assessments.licences.counting import OUTSIDE, REPEAT, Activity, carry_over, estimate, why_not
from assessments.licences.obligation import Need, Obligation
from assessments.licences.windows import Window, window_before, window_of

HALF, THIRD = load_rule("pdh-half-hour-2018"), load_rule("pdh-nc-third-2014")
ETHICS = frozenset({"ethics"})
BOARD = Obligation(
    unit="PDH",
    rule=HALF,
    minutes=15 * 60,
    months=12,
    minimums=(Need("Ethics", ETHICS, 60),),
    carry_minutes=14 * 60,
)
WINDOW = window_of(date(2026, 12, 31), 12)
DAY = date(2026, 6, 1)
CATEGORIES = st.sampled_from(["technical", "ethics", "management", "laws-rules:US-TX"])
ACTIVITY = st.builds(
    Activity,
    title=st.just("A course"),
    day=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    parts=st.lists(st.tuples(CATEGORIES, st.integers(0, 300)), max_size=3).map(tuple),
    is_stated=st.booleans(),
    why_not=st.sampled_from(["", "", "", REPEAT]),
)
ACTIVITIES = st.lists(ACTIVITY, max_size=12)


def did(minutes: int, category: str = "technical", day: date = DAY, **more: Any) -> Activity:
    return Activity("A course", day, ((category, minutes),), **more)


def test_the_total_is_rounded_once_and_categories_stay_exact() -> None:
    found = estimate(BOARD, WINDOW, [did(20), did(25), did(25, "ethics")])
    assert (found.earned, found.say(found.earned), found.say(found.missing)) == (2, "1.0", "14.0")
    assert [(need.minutes, need.missing) for need in found.needs] == [(25, 35)]


def test_a_third_of_an_hour_where_the_board_says_so() -> None:
    found = estimate(replace(BOARD, rule=THIRD), WINDOW, [did(50)])
    assert (found.say(found.earned), found.say(found.required)) == ("1", "15")


def test_the_first_and_the_last_day_count_and_their_neighbours_do_not() -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [why_not(did(60, day=day), WINDOW, with_stated=False) for day in days] == [OUTSIDE, "", "", OUTSIDE]


def test_repeats_count_nothing_and_stated_credit_only_by_choice() -> None:
    lines = [did(60), replace(did(60), why_not=REPEAT), did(60, is_stated=True)]
    assert [estimate(BOARD, WINDOW, lines, with_stated=chosen).earned for chosen in (False, True)] == [2, 4]


def test_more_of_a_category_than_counts_is_left_out_of_elsewhere_first() -> None:
    most = replace(BOARD, maximums=(Need("Ethics", ETHICS, 8 * 60),))
    lines = [did(5 * 60, "ethics"), did(6 * 60, "ethics", is_stated=True), did(60)]
    found = estimate(most, WINDOW, lines, with_stated=True)
    assert (found.earned_minutes, found.stated_minutes, found.cut) == (6 * 60, 3 * 60, (("Ethics", 3 * 60),))


def test_what_is_cut_of_ones_own_leaves_credit_from_elsewhere_as_it_is() -> None:
    most = replace(BOARD, maximums=(Need("Ethics", ETHICS, 8 * 60),))
    lines = [did(10 * 60, "ethics"), did(5 * 60, is_stated=True)]
    found = estimate(most, WINDOW, lines, with_stated=True)
    assert (found.earned_minutes, found.stated_minutes) == (8 * 60, 5 * 60)


def test_hours_live_are_asked_for_apart() -> None:
    found = estimate(replace(BOARD, live_minutes=120), WINDOW, [did(60, is_live=True), did(900)])
    assert [(need.title, need.missing) for need in found.needs] == [("Ethics", 60), ("Live, with an instructor", 60)]


def test_carried_hours_meet_no_category_and_no_more_than_the_board_allows() -> None:
    before = window_before(WINDOW, 12)
    lines = [did(40 * 60, "ethics", day=before.last)]
    carried = carry_over(BOARD, before, lines, BOARD)
    found = estimate(BOARD, WINDOW, lines, carried)
    assert (carried, found.say(carried), found.say(found.missing)) == (28, "14.0", "1.0")
    assert ([need.missing for need in found.needs], found.is_complete) == ([60], False)
    assert carry_over(replace(BOARD, carry_minutes=0), before, lines, BOARD) == 0
    assert carry_over(BOARD, Window(before.first, before.first), lines, BOARD) == 0


@pytest.mark.parametrize("with_stated", [False, True])
@settings(max_examples=50)
@given(lines=ACTIVITIES)
def test_no_hour_is_lost_or_counted_twice(lines: list[Activity], *, with_stated: bool) -> None:
    """Whatever the lines, the two windows share none, and each total is the rounded sum of minutes that count."""
    before = window_before(WINDOW, 12)
    counts = [one for one in lines if not one.why_not and (with_stated or not one.is_stated)]
    found = [estimate(BOARD, window, lines, with_stated=with_stated) for window in (before, WINDOW)]
    assert sum(one.earned_minutes + one.stated_minutes for one in found) == sum(one.minutes for one in counts)
    for one in found:
        assert one.earned == credit_steps(one.earned_minutes + one.stated_minutes, HALF)
        assert one.needs[0].minutes <= one.earned_minutes + one.stated_minutes
    carried = carry_over(BOARD, before, lines, BOARD, with_stated=with_stated)
    assert carried == min(28, max(0, found[0].earned - 30))


@settings(max_examples=50)
@given(ACTIVITIES, st.randoms(use_true_random=False))
def test_order_and_splitting_change_nothing(lines: list[Activity], shuffler: random.Random) -> None:
    split = [replace(one, parts=(part,)) for one in lines for part in one.parts]
    shuffler.shuffle(split)
    assert estimate(BOARD, WINDOW, split) == estimate(BOARD, WINDOW, lines)


@settings(max_examples=50)
@given(ACTIVITIES, st.integers(1, 400))
def test_an_hour_more_never_makes_the_estimate_worse(lines: list[Activity], days: int) -> None:
    more = [*lines, did(60, day=WINDOW.first + timedelta(days=days % 365))]
    assert estimate(BOARD, WINDOW, more).missing <= estimate(BOARD, WINDOW, lines).missing
