"""VTIMEZONE components of our own zone database, so that a calendar reads the wall clock as we do.

`icalendar` can make them too, but writes the onset of summer time in the new offset where RFC 5545 (3.6.5) asks for the
old one, which puts it an hour late.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from courses.schedule.zones import zone

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
ZERO = timedelta()


@lru_cache(maxsize=256)
def timezone_of(zone_name: str, first_year: int, last_year: int) -> Timezone:
    """What the clock in a zone does from the year before `first_year` to the end of the one after `last_year`."""
    where = zone(zone_name)
    start = datetime(first_year - 1, 1, 1, tzinfo=UTC)
    made = Timezone()
    made.add("tzid", zone_name)
    made.add_component(_observance(start, where, start.astimezone(where).utcoffset() or ZERO))
    for instant, offset_before in changes(where, start, datetime(last_year + 2, 1, 1, tzinfo=UTC)):
        made.add_component(_observance(instant, where, offset_before))
    return made


def changes(where: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Each instant at which the offset changes, in UTC, and the offset before it."""
    day = start
    while day < end:
        before, after = (one.astimezone(where).utcoffset() or ZERO for one in (day, day + DAY))
        if before != after:
            yield _change(where, day, before), before
        day += DAY


def _change(where: ZoneInfo, low: datetime, before: timedelta) -> datetime:
    """The second of a day at which the offset stops being `before`."""
    high = low + DAY
    while high - low > SECOND:
        middle = low + (high - low) // 2 // SECOND * SECOND
        low, high = (middle, high) if middle.astimezone(where).utcoffset() == before else (low, middle)
    return high


def _observance(instant: datetime, where: ZoneInfo, offset_before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    local = instant.astimezone(where)
    made = TimezoneDaylight() if (local.dst() or ZERO) > ZERO else TimezoneStandard()
    onset = (instant + offset_before).replace(tzinfo=None)
    made.add("dtstart", onset)
    made.add("rdate", onset)  # the same once more, for readers that look for onsets among rules and dates alone
    made.add("tzoffsetfrom", offset_before)
    made.add("tzoffsetto", local.utcoffset() or ZERO)
    made.add("tzname", local.tzname() or "")
    return made
