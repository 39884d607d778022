from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.badges.ends import holds_until, months_later
from courses.schedule.zones import zone


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 12, 7), 36, date(2029, 12, 7)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_the_same_day_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@settings(max_examples=100)
@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240), st.integers(0, 240))
def test_months_never_go_back_and_stay_in_their_month(day: date, first: int, more: int) -> None:
    sooner, later = months_later(day, first), months_later(day, first + more)
    assert day <= sooner <= later
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == first + more


@pytest.mark.parametrize(
    ("awarded_at", "zone_name", "until"),
    [
        (datetime(2026, 12, 7, 9, tzinfo=UTC), "UTC", datetime(2029, 12, 7, 23, 59, 59, tzinfo=UTC)),
        # Already the eighth in Tokyo.
        (datetime(2026, 12, 7, 16, tzinfo=UTC), "Asia/Tokyo", datetime(2029, 12, 8, 14, 59, 59, tzinfo=UTC)),
        # Awarded in winter, ends in summer time.
        (datetime(2026, 1, 15, 12, tzinfo=UTC), "Europe/Berlin", datetime(2029, 1, 15, 22, 59, 59, tzinfo=UTC)),
        (datetime(2026, 7, 15, 12, tzinfo=UTC), "Europe/Berlin", datetime(2029, 7, 15, 21, 59, 59, tzinfo=UTC)),
        # That day has 25 hours: its last one comes twice.
        (datetime(2015, 2, 17, 15, tzinfo=UTC), "America/Sao_Paulo", datetime(2018, 2, 18, 2, 59, 59, tzinfo=UTC)),
        # The next day begins at one o'clock.
        (datetime(2015, 11, 3, 15, tzinfo=UTC), "America/Sao_Paulo", datetime(2018, 11, 4, 2, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_last_day_counts_whole_where_the_cohort_is(awarded_at: datetime, zone_name: str, until: datetime) -> None:
    assert holds_until(awarded_at, 36, zone(zone_name)) == until


def test_without_months_it_holds_for_ever() -> None:
    assert holds_until(datetime(2026, 12, 7, tzinfo=UTC), 0, zone("UTC")) is None
