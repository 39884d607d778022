"""The sum for a board: ours alone, what is stated beside it, and each hour once."""

from dataclasses import replace
from datetime import date

import pytest

from assessments.licences.boards import all_boards
from assessments.packets.estimate import estimate_of
from assessments.transcripts.parts import LineStatus
from assessments.transcripts.scope import Scope
from tests.assessments.certificates.factory import full_lines
from tests.assessments.packets.factory import SCOPE, STATED


def test_what_is_stated_is_in_no_sum_but_the_one_that_names_it() -> None:
    found = estimate_of(SCOPE, [*full_lines(0), *full_lines(1)], STATED)
    assert found is not None
    assert (found.required, found.earned, found.missing, found.with_stated) == ("18.0", "20.0", "0.0", "23.0")
    assert [(need.title, need.needed_hours, need.hours, need.stated_minutes) for need in found.needs] == [
        ("Laws and rules of Florida", "1.0", "0.0", 0),
        ("Ethics", "1.0", "4:50", 60),
        ("Area of practice", "4.0", "15:10", 120),
    ]
    assert (found.rule_id, found.months, found.note) == (
        "us-fl-pe-2017",
        24,
        "This is an estimate; your board decides.",
    )


def test_an_hour_that_is_stated_and_ours_counts_once() -> None:
    lines = full_lines(0)
    twice = replace(STATED[0], title=lines[-1].course_title, completed_on=lines[-1].completed_on)
    found = estimate_of(SCOPE, lines, [twice])
    assert found is not None
    assert (found.earned, found.with_stated) == ("10.0", "")


def test_lines_outside_of_the_period_or_without_credit_do_not_count() -> None:
    lines = full_lines(0)
    revoked = replace(lines[0], status=LineStatus.REVOKED, ceu_tenths=0, credits=())
    found = estimate_of(replace(SCOPE, since=date(2024, 10, 24)), [revoked, *lines[1:]], [])
    assert found is not None
    assert found.earned_minutes == 155 + 145


@pytest.mark.parametrize(
    "scope", [Scope(), replace(SCOPE, board=""), replace(SCOPE, until=None), replace(SCOPE, board="x")]
)
def test_there_is_none_without_a_board_and_a_period(scope: Scope) -> None:
    assert estimate_of(scope, full_lines(0), []) is None


@pytest.mark.parametrize("board", list(all_boards()))
def test_every_shipped_board_has_one(board: str) -> None:
    found = estimate_of(replace(SCOPE, board=board), full_lines(0), STATED)
    assert found is not None
    assert found.board == board
    assert found.earned_minutes == 600
