"""The shipped boards: what they ask for, where it was read, and which rule counts on a day."""

from datetime import date
from fractions import Fraction

import pytest

from assessments.licences.boards import all_boards, parse_board, rule_for
from assessments.licences.counting import Activity, estimate
from assessments.licences.windows import window_of
from assessments.licences.words import SAID
from courses.catalogue.categories import is_category

GIVEN = """
board = "x"
title = "X"
profession = "Engineer"
jurisdiction = "US"
effective_from = 2020-01-01
hours = 10
months = 12
unit = "PDH"
rule = "pdh-half-hour-2018"
carry_hours = 0
[[source]]
title = "Read"
url = "https://example.org"
read_on = 2026-11-22
"""


@pytest.mark.parametrize(
    ("board", "hours", "months", "carry", "minimums", "maximums"),
    [
        ("us-ny-pe", 36, 36, 0, {"Ethics": 1}, {}),
        ("us-fl-pe", 18, 24, 0, {"Laws and rules of Florida": 1, "Ethics": 1, "Area of practice": 4}, {}),
        ("us-tx-pe", 15, 12, 14, {"Ethics, or the Texas Act and board rules": 1}, {}),
        ("us-nj-pe", 24, 24, 12, {"Professional practice ethics": 2}, {"Professional practice ethics": 8}),
        ("us-pa-pe", 24, 24, 12, {}, {}),
        ("us-nc-pe", 15, 12, 15, {}, {}),
        ("ncees-cpc", 15, 12, 0, {"Ethics": 1}, {}),
    ],
)
def test_what_a_board_asks_for(
    board: str, hours: int, months: int, carry: int, minimums: dict[str, int], maximums: dict[str, int]
) -> None:
    asked = all_boards()[board][-1].obligation
    assert (asked.minutes, asked.months, asked.carry_minutes) == (hours * 60, months, carry * 60)
    assert {need.title: need.minutes // 60 for need in asked.minimums} == minimums
    assert {most.title: most.minutes // 60 for most in asked.maximums} == maximums


def test_every_rule_names_its_sources_and_known_categories() -> None:
    for key, rules in all_boards().items():
        for rule in rules:
            assert (rule.board, bool(rule.sources), all(one.url.startswith("http") for one in rule.sources)) == (
                key,
                True,
                True,
            )
            needs = (*rule.obligation.minimums, *rule.obligation.maximums)
            assert all(is_category(category) for need in needs for category in need.categories)


@pytest.mark.parametrize("board", sorted(all_boards()))
def test_every_number_of_minutes_by_the_rule_of_a_board(board: str) -> None:
    """Never more than the minutes are worth, less than a step below what they are, and never less for more of them."""
    rule = all_boards()[board][-1]
    asked, window, before = rule.obligation, window_of(date(2026, 12, 31), rule.obligation.months), -1
    for minutes in range(2_001):
        line = Activity("A course", date(2026, 6, 1), (("technical", minutes),))
        found = estimate(asked, window, [line])
        assert abs(found.earned * asked.rule.step - Fraction(minutes, 60)) < asked.rule.step
        assert (found.earned >= before, found.missing) == (True, max(0, found.required - found.earned))
        before = found.earned


def test_the_usual_end_of_a_window() -> None:
    def after(board: str, day: date) -> date | None:
        return all_boards()[board][-1].next_end(day)

    assert after("us-fl-pe", date(2026, 11, 22)) == date(2027, 2, 28)
    assert after("us-fl-pe", date(2027, 3, 1)) == date(2029, 2, 28)
    assert after("us-nj-pe", date(2026, 4, 30)) == date(2026, 4, 30)
    assert after("us-tx-pe", date(2026, 11, 22)) == date(2026, 12, 31)
    assert after("us-ny-pe", date(2026, 11, 22)) is None


def test_a_changed_rule_counts_for_windows_that_end_under_it() -> None:
    old, new = parse_board("x-2020", GIVEN), parse_board("x-2027", GIVEN.replace("2020-01-01", "2027-01-01"))
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2019, 5, 5))
    assert [rule_for((old, new), day).id for day in days] == ["x-2020", "x-2027", "x-2020"]


BAD = ("magic = 1\n" + GIVEN, GIVEN.replace("hours = 10\n", ""), GIVEN.replace("10", "0"), GIVEN.partition("[[")[0])


@pytest.mark.parametrize("text", BAD)
def test_a_file_that_cannot_be_right_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Board bad:"):
        parse_board("bad", text)


def test_every_word_of_a_shipped_board_can_be_said_in_another_language() -> None:
    rules = [rule for board in all_boards().values() for rule in board]
    needs = [need for rule in rules for need in (*rule.obligation.minimums, *rule.obligation.maximums)]
    said = {rule.profession for rule in rules} | {rule.obligation.unit for rule in rules}
    said |= {need.title for need in needs} | {note for rule in rules for note in rule.notes}
    said |= {measure for rule in rules for measure, _units in rule.conversion}
    assert said - SAID == set()
