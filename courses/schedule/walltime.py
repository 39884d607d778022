"""Wall clock to instant and back. Days are added on the wall clock; this is the conversion that comes last (law 3).

A deadline names a minute and lasts through it. "23:59" is kept as the instant at which that minute begins, so that
screens print what the author typed; `is_past` is true from the start of the *next* minute on, which means that
23:59:59.999999 is still in time and 00:00:00 is not.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from courses.schedule.zones import zone, zone_names
from fourweek.light import dataclass

__all__ = ["MINUTE", "WallTime", "is_past", "local_day", "local_instant", "zone", "zone_names"]

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, order=True)
class WallTime:
    """A date and a time as a clock on the wall shows them, in a zone that the holder knows."""

    day: date
    at: time

    def plus(self, days: int) -> "WallTime":
        """The same time of day, `days` later (or earlier)."""
        return WallTime(self.day + timedelta(days=days), self.at)

    def instant(self, where: ZoneInfo) -> datetime:
        return local_instant(self.day, self.at, where)

    @classmethod
    def of(cls, instant: datetime, where: ZoneInfo) -> "WallTime":
        """What the wall clock in `where` reads at this instant, to the minute, since that is what a schedule knows."""
        local = instant.astimezone(where)
        return cls(local.date(), local.time().replace(second=0, microsecond=0, fold=0))


def local_instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """The first instant, in UTC, at which a wall clock in `where` reads this date and time or later.

    A time that exists twice gives its first; one that the clock jumps over gives the first instant after the jump.
    """
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), where)
    instant = local.astimezone(UTC)
    if instant.astimezone(where).replace(tzinfo=None, fold=0) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), instant, where)


def _end_of_gap(before: datetime, after: datetime, where: ZoneInfo) -> datetime:
    """The second at which the offset changes, in (before, after]: the two readings of a time that does not exist.

    Both readings lie on their side of the jump by construction: the one with the offset of before it comes out after.
    """
    old = before.astimezone(where).utcoffset()
    start = before.replace(microsecond=0)
    seconds = range(ceil((after - start) / SECOND) + 1)
    jump = bisect_left(seconds, True, key=lambda n: (start + n * SECOND).astimezone(where).utcoffset() != old)
    return start + jump * SECOND


def local_day(instant: datetime, where: ZoneInfo) -> date:
    """The date on a wall calendar in `where` at this instant."""
    return instant.astimezone(where).date()


def is_past(instant: datetime, deadline: datetime | None) -> bool:
    """Whether the named minute is over: from the start of the next one on. No deadline is never past."""
    return deadline is not None and instant >= deadline + MINUTE
