"""Promises: business days on the wall clock, without holidays; they run while the work is with us."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from assessments.terms.promise import Calendar, Span, days_left, is_broken, is_near, promise, read_days, returned_before

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = some.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago")]
)
DAYS = some.dates(date(2026, 1, 1), date(2028, 12, 31))
INSTANTS = some.datetimes(datetime(2026, 1, 1), datetime(2028, 6, 30), timezones=some.just(UTC))  # noqa: DTZ001
CALENDARS = some.builds(Calendar, ZONES, some.frozensets(DAYS, max_size=60))


@pytest.mark.parametrize(
    ("came", "days", "holidays", "last"),
    [
        (MONDAY, 1, (), date(2026, 11, 3)),
        (MONDAY, 5, (), date(2026, 11, 9)),
        (MONDAY + 5 * DAY, 1, (), date(2026, 11, 9)),
        (MONDAY, 1, (date(2026, 11, 3),), date(2026, 11, 4)),
        (MONDAY + 4 * DAY, 1, (date(2026, 11, 9), date(2026, 11, 10)), date(2026, 11, 11)),
    ],
    ids=["next day", "a week", "from a weekend", "over a holiday", "over a long weekend"],
)
def test_promise_ends_with_the_business_day(came: datetime, days: int, holidays: tuple[date, ...], last: date) -> None:
    found = promise(days, Calendar(BERLIN, frozenset(holidays)), came)
    assert found == datetime.combine(last, time(23, 59), BERLIN)


def test_nothing_is_promised_without_days() -> None:
    assert promise(None, Calendar(BERLIN), MONDAY) is None


def test_a_promise_over_a_clock_change_ends_at_the_end_of_the_day_by_the_wall() -> None:
    friday = datetime(2026, 10, 23, 9, tzinfo=UTC)  # Berlin leaves summer time on the Sunday after
    assert promise(1, Calendar(BERLIN), friday) == datetime(2026, 10, 26, 22, 59, tzinfo=UTC)
    south = Calendar(ZoneInfo("America/Santiago"))
    assert promise(1, south, datetime(2026, 9, 4, 12, tzinfo=UTC)) == datetime(2026, 9, 8, 2, 59, tzinfo=UTC)


@settings(max_examples=100)
@given(CALENDARS, INSTANTS, some.integers(1, 20), some.integers(0, 20))
def test_a_promise_ends_on_a_business_day_and_grows_with_its_days(
    calendar: Calendar, came: datetime, days: int, more: int
) -> None:
    found, longer = promise(days, calendar, came), promise(days + more, calendar, came)
    assert found is not None
    assert longer is not None
    local = found.astimezone(calendar.zone)
    assert calendar.works(local.date())
    assert (local.hour, local.minute) == (23, 59)
    assert came < found <= longer
    assert (found == longer) is (more == 0)
    assert days_left(found, calendar, came) == days


@settings(max_examples=100)
@given(CALENDARS, INSTANTS, some.timedeltas(timedelta(0), timedelta(days=40)), some.integers(1, 20))
def test_what_comes_later_is_promised_no_earlier(
    calendar: Calendar, came: datetime, later: timedelta, days: int
) -> None:
    first, second = promise(days, calendar, came), promise(days, calendar, came + later)
    assert first is not None
    assert second is not None
    assert first <= second


@settings(max_examples=100)
@given(CALENDARS, INSTANTS, some.timedeltas(timedelta(0), timedelta(days=10)), some.integers(16, 30))
def test_spans_that_touch_add_up_to_one(calendar: Calendar, came: datetime, went: timedelta, days: int) -> None:
    again = came + went
    assert promise(days, calendar, again, [Span(came, again)]) == promise(days, calendar, came)


@settings(max_examples=100)
@given(CALENDARS, INSTANTS, some.integers(1, 30), some.integers(0, 60), some.integers(0, 60))
def test_the_clock_stands_still_while_work_is_returned_and_leaves_a_day(
    calendar: Calendar, came: datetime, days: int, held: int, away: int
) -> None:
    went, again = came + held * DAY, came + (held + away) * DAY
    found, anew = promise(days, calendar, again, [Span(came, went)]), promise(days, calendar, again)
    used = calendar.between(came.astimezone(calendar.zone).date(), went.astimezone(calendar.zone).date())
    assert found is not None
    assert anew is not None
    assert days_left(found, calendar, again) == max(1, days - used)
    assert found <= anew


def test_only_what_was_returned_goes_on_with_the_same_clock() -> None:
    went, again = MONDAY + DAY, MONDAY + 2 * DAY
    assert returned_before([(MONDAY, went)]) == (Span(MONDAY, went),)
    assert returned_before([(MONDAY, None)]) == ()
    assert returned_before([(MONDAY, None), (again, again + DAY)]) == (Span(again, again + DAY),)
    assert returned_before([(MONDAY, went), (again, None)]) == ()


def test_near_and_broken() -> None:
    calendar = Calendar(ZoneInfo("UTC"))
    promised = promise(3, calendar, MONDAY)
    assert promised is not None
    assert [is_near(promised, calendar, MONDAY + n * DAY, 1) for n in range(4)] == [False, False, True, True]
    assert not is_broken(promised, promised + timedelta(seconds=59))
    assert is_broken(promised, promised + timedelta(seconds=60))


def test_days_are_read_as_the_database_strings_them() -> None:
    assert read_days("2026-12-25,2026-12-26") == {date(2026, 12, 25), date(2026, 12, 26)}
    assert read_days(None) == frozenset()
