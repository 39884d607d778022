"""Wall clock to instant: tables with exact instants, every clock change of every zone, and properties over all days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.schedule.walltime import WallTime, is_past, local_day, local_instant, zone
from tests.courses.schedule.clock_changes import SECOND, Change, clock_changes, distinct_zones
from tests.courses.schedule.factories import DAYS, MINUTES, ZONES, utc, wall


@pytest.mark.parametrize(
    ("name", "local", "instant"),
    [
        ("UTC", "2026-12-07 09:00", "2026-12-07 09:00"),
        ("Europe/Berlin", "2026-12-07 09:00", "2026-12-07 08:00"),
        ("Asia/Kathmandu", "2026-12-07 09:00", "2026-12-07 03:15"),
        # A time that does not exist is the first instant after the gap, wherever in the gap it lies.
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Berlin", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 02:59", "2026-03-29 01:00"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:00"),
        # One that exists twice is its first.
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        # The south: forward in spring, which is October.
        ("Australia/Sydney", "2026-10-04 02:30", "2026-10-03 16:00"),
        ("Australia/Sydney", "2026-04-05 02:30", "2026-04-04 15:30"),
        # Half an hour.
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30"),
        ("Australia/Lord_Howe", "2026-10-04 02:30", "2026-10-03 15:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        # Midnights that do not exist.
        ("Africa/Cairo", "2026-04-24 00:00", "2026-04-23 22:00"),
        ("Africa/Cairo", "2026-04-24 00:59", "2026-04-23 22:00"),
        ("America/Santiago", "2026-09-06 00:00", "2026-09-06 04:00"),
        ("America/Santiago", "2026-09-05 23:59", "2026-09-06 03:59"),
        # Midnights that exist twice: 23:59 of the day before comes again after 24:00.
        ("America/Santiago", "2026-04-04 23:30", "2026-04-05 02:30"),
        ("Africa/Cairo", "2026-10-29 23:30", "2026-10-29 20:30"),
        # The day that Samoa left out.
        ("Pacific/Apia", "2011-12-29 23:59", "2011-12-30 09:59"),
        ("Pacific/Apia", "2011-12-30 00:00", "2011-12-30 10:00"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00"),
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30 10:00"),
        # The day that Kwajalein left out.
        ("Pacific/Kwajalein", "1993-08-21 09:00", "1993-08-21 12:00"),
    ],
)
def test_local_instant_is(name: str, local: str, instant: str) -> None:
    assert wall(local).instant(zone(name)) == utc(instant)


def test_a_time_with_a_zone_or_fold_of_its_own_is_read_as_the_wall_shows_it() -> None:
    second = time(2, 30, fold=1, tzinfo=UTC)
    assert local_instant(date(2026, 10, 25), second, zone("Europe/Berlin")) == utc("2026-10-25 00:30")


@pytest.mark.parametrize("part", range(8))
def test_every_clock_change_of_every_zone_follows_the_rule(part: int) -> None:
    seen = 0
    for name in distinct_zones()[part::8]:
        where = zone(name)
        for change in clock_changes(where):
            check_change(where, change)
            seen += 1
    assert seen > 100


def check_change(where: ZoneInfo, change: Change) -> None:
    """Wall times at both ends of the jump, in its middle and one second around it, against the rule worked by hand."""
    middle = change.low + (change.high - change.low) / 2
    for local in (change.low - SECOND, change.low, middle, change.high - SECOND, change.high, change.high + SECOND):
        wanted = local.replace(microsecond=0)
        assert local_instant(wanted.date(), wanted.time(), where) == change.first_instant(wanted), (where.key, wanted)


WALL_TIMES = st.builds(WallTime, DAYS, MINUTES)


@given(ZONES, WALL_TIMES)
@settings(max_examples=150, deadline=None)
def test_the_instant_is_the_first_that_reads_the_time_or_later(name: str, local: WallTime) -> None:
    where = zone(name)
    instant = local.instant(where)
    assert instant.tzinfo is UTC
    assert reading(instant, where) >= datetime.combine(local.day, local.at)
    for minutes in range(26 * 60, 0, -7):
        assert reading(instant - timedelta(minutes=minutes), where) < datetime.combine(local.day, local.at)
    assert reading(instant - timedelta(microseconds=1), where) < datetime.combine(local.day, local.at)


def reading(instant: datetime, where: ZoneInfo) -> datetime:
    return instant.astimezone(where).replace(tzinfo=None, fold=0)


@given(ZONES, WALL_TIMES, st.integers(0, 3000))
@settings(deadline=None)
def test_a_later_wall_time_is_never_an_earlier_instant(name: str, local: WallTime, minutes: int) -> None:
    later = datetime.combine(local.day, local.at) + timedelta(minutes=minutes)
    assert local.instant(zone(name)) <= local_instant(later.date(), later.time(), zone(name))


@given(ZONES, st.datetimes(datetime(1995, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
@settings(deadline=None)
def test_reading_the_clock_and_back_is_the_same_minute_or_its_first_occurrence(name: str, instant: datetime) -> None:
    instant = instant.replace(second=0, microsecond=0)
    back = WallTime.of(instant, zone(name)).instant(zone(name))
    assert back <= instant
    assert back == instant or instant.astimezone(zone(name)).fold == 1


def test_local_day_is_the_date_on_that_wall() -> None:
    assert local_day(utc("2026-12-06 23:30"), zone("Europe/Berlin")) == date(2026, 12, 7)
    assert local_day(utc("2026-12-06 23:30"), zone("America/New_York")) == date(2026, 12, 6)


def test_a_deadline_lasts_through_its_minute() -> None:
    due = wall("2026-10-18 23:59").instant(zone("Europe/Berlin"))
    assert not is_past(utc("2026-10-18 21:59:59.999999"), due)
    assert is_past(utc("2026-10-18 22:00"), due)


def test_no_deadline_is_never_past() -> None:
    assert not is_past(utc("2199-01-01 00:00"), None)
