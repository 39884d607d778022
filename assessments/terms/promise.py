"""Until when a decision is promised: business days on the wall clock of the cohort. Pure.

A business day is a day from Monday to Friday that is no holiday. The day on which work comes in is not counted, the day
on which it goes back is: so spans that touch add up to one that was never broken.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.schedule.walltime import is_past, local_day, local_instant
from fourweek.light import dataclass

END_OF_DAY = time(23, 59)
DAY = timedelta(days=1)
WORKING_WEEK = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which promises run in one cohort."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        return day.weekday() < WORKING_WEEK and day not in self.holidays

    def between(self, after: date, until: date) -> int:
        """How many business days lie after one day, up to and with the other."""
        return sum(self.works(after + n * DAY) for n in range(1, (until - after).days + 1))

    def later(self, after: date, days: int) -> date:
        """The day on which `days` business days have run, `after` not counted; at least one is needed."""
        day, left = after, days
        while left:
            day += DAY
            left -= self.works(day)
        return day


@dataclass(frozen=True, slots=True)
class Span:
    """Work was with those who grade from `came` until it went back."""

    came: datetime
    went: datetime


def promise(days: int | None, calendar: Calendar, came: datetime, before: Iterable[Span] = ()) -> datetime | None:
    """The last minute in which a decision on what came in at `came` is promised, None where nothing is.

    `before` are the spans of this work's earlier attempts that were returned as incomplete: their business days are
    used up, though one day is always left.
    """
    if days is None:
        return None
    used = sum(calendar.between(*_days(span, calendar.zone)) for span in before)
    last = calendar.later(local_day(came, calendar.zone), max(1, days - used))
    return local_instant(last, END_OF_DAY, calendar.zone)


def _days(span: Span, where: ZoneInfo) -> tuple[date, date]:
    return local_day(span.came, where), local_day(span.went, where)


def days_left(promised_at: datetime, calendar: Calendar, now: datetime) -> int:
    """How many business days begin before the promise ends; 0 on its last day and after."""
    here = calendar.zone
    return calendar.between(local_day(now, here), local_day(promised_at, here))


def is_near(promised_at: datetime, calendar: Calendar, now: datetime, warn_days: int) -> bool:
    """Whether those who could still keep a promise are to be warned."""
    return days_left(promised_at, calendar, now) <= warn_days


def is_broken(promised_at: datetime, now: datetime) -> bool:
    """Whether its last minute is over."""
    return is_past(now, promised_at)


def read_days(text: str | None) -> frozenset[date]:
    """Days as the database strings them together: "2026-12-25,2026-12-26"; None for none."""
    return frozenset(map(date.fromisoformat, text.split(","))) if text else frozenset()


def returned_before(attempts: Sequence[tuple[datetime | None, datetime | None]]) -> tuple[Span, ...]:
    """The spans that count before a further attempt, from what came before it, oldest first.

    Each is (handed in, returned as incomplete and posted); anything else that was decided begins a clock anew.
    """
    spans: list[Span] = []
    for came, went in attempts:
        spans = [*spans, Span(came, went)] if came is not None and went is not None else []
    return tuple(spans)
