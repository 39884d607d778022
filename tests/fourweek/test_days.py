"""Days as they are typed: what a calendar shows, and nothing else."""

from datetime import UTC, date, datetime

import pytest

from fourweek.days import read_day, read_instant
from tests.hostile import payloads


@pytest.mark.parametrize("typed", ["2026-12-07", " 2026-12-07\n", "1900-01-01", "2199-12-31", "2028-02-29"])
def test_a_day_is_read(typed: str) -> None:
    assert read_day(typed) == date.fromisoformat(typed.strip())


@pytest.mark.parametrize(
    "typed", ["", "7", "20261207", "2026-W50-1", "2026-02-29", "1899-12-31", "9999-12-31", "٢٠٢٦-١٢-٠٧"]
)
def test_what_no_calendar_shows_is_no_day(typed: str) -> None:
    assert read_day(typed) is None


def test_whatever_is_typed_gives_a_day_of_a_calendar_or_none() -> None:
    read = {read_day(typed) for typed in payloads.ALL} - {None}
    assert read == {date(2028, 2, 29), date(2026, 11, 22)}
    assert {at.tzinfo for typed in payloads.ALL if (at := read_instant(typed))} == {UTC}


@pytest.mark.parametrize("carried", ["2026-11-22T10:00", "2026-11-22", "9999-12-31T23:59:00-14:00", "x"])
def test_an_instant_without_its_offset_or_of_no_calendar_is_none(carried: str) -> None:
    assert read_instant(carried) is None


def test_an_instant_is_read_in_utc() -> None:
    assert read_instant("2026-11-22T10:00:00+02:00") == datetime(2026, 11, 22, 8, tzinfo=UTC)
