"""Renewal windows follow one another without gap or overlap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.licences.windows import Window, add_months, next_end, window_before, window_of
from tests.assessments.licences.factories import DAYS


@pytest.mark.parametrize(
    ("ends_on", "months", "first", "after"),
    [
        (date(2027, 2, 28), 24, date(2025, 3, 1), date(2029, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 3, 1), date(2029, 2, 28)),
        (date(2028, 4, 30), 24, date(2026, 5, 1), date(2030, 4, 30)),
        (date(2026, 12, 31), 12, date(2026, 1, 1), date(2027, 12, 31)),
        (date(2027, 6, 30), 36, date(2024, 7, 1), date(2030, 6, 30)),
    ],
)
def test_a_window_and_the_next_end(ends_on: date, months: int, first: date, after: date) -> None:
    assert window_of(ends_on, months) == Window(first, ends_on + timedelta(days=1))
    assert next_end(ends_on, months) == after


def test_a_window_that_begins_on_a_day_of_its_own() -> None:
    assert window_of(date(2027, 2, 28), 24, date(2026, 5, 4)).first == date(2026, 5, 4)


@given(DAYS, st.integers(1, 60))
def test_windows_meet_and_no_day_lies_in_two(ends_on: date, months: int) -> None:
    window = window_of(ends_on, months)
    before = window_before(window, months)
    assert (before.end, before.first < before.end, window.last) == (window.first, True, ends_on)
    for day in (window.first, ends_on, before.first, before.last):
        assert (day in window) + (day in before) == 1
    assert ends_on + timedelta(days=1) not in window


@given(DAYS, st.integers(-60, 60))
def test_months_are_added_on_the_wall_calendar(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
