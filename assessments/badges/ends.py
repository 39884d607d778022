"""Until when an award holds: months are counted on the wall calendar, and the last day counts whole."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.schedule.walltime import local_day, local_instant

_MIDNIGHT = time()


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def holds_until(awarded_at: datetime, months: int, where: ZoneInfo) -> datetime | None:
    """The last second of the same day `months` later, in UTC; None for 0, which means for ever.

    It is the one before the next day begins, also where the clocks are set at midnight.
    """
    if not months:
        return None
    day_after = months_later(local_day(awarded_at, where), months) + timedelta(days=1)
    return local_instant(day_after, _MIDNIGHT, where) - timedelta(seconds=1)
