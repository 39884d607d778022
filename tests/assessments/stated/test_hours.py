"""Hours as typed are whole minutes, exactly, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.credit.rules import contact_hours_text
from assessments.stated.hours import NotHours, read_hours


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("1:30", 90), ("1.5", 90), ("1,5", 90), (" 2 ", 120), ("0.1", 6), ("0:01", 1), ("1.25", 75), ("1000", 60_000)],
)
def test_hours_that_are_read(typed: str, minutes: int) -> None:
    assert read_hours(typed) == minutes


@pytest.mark.parametrize("typed", ["", "1.33", "1:60", "-1", "1e3", "1.", "½", "١", "1001", "1:5", "an hour"])
def test_what_is_no_number_of_whole_minutes_is_refused(typed: str) -> None:
    with pytest.raises(NotHours):
        read_hours(typed)


@given(st.integers(0, 60_000))
def test_what_is_shown_is_read_back(minutes: int) -> None:
    assert read_hours(contact_hours_text(minutes)) == minutes
