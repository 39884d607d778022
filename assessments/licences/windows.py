"""Renewal windows: half-open spans of local days that follow one another without a gap. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from fourweek.light import dataclass

DAY: Final = timedelta(days=1)
MONTHS_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Window:
    """From its first day up to, but without, `end`; local days of the licence's zone."""

    first: date
    end: date

    @property
    def last(self) -> date:
        return self.end - DAY

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end


def window_of(ends_on: date, months: int, starts_on: date | None = None) -> Window:
    """The window whose last day is `ends_on`: `months` long, or from `starts_on` where that is another day."""
    return Window(starts_on or add_months(ends_on + DAY, -months), ends_on + DAY)


def window_before(window: Window, months: int) -> Window:
    """The usual window that ends where this one begins."""
    return Window(add_months(window.first, -months), window.first)


def next_end(ends_on: date, months: int) -> date:
    """The last day of the window after the one that ends on `ends_on`."""
    return add_months(ends_on + DAY, months) - DAY


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last one where it has fewer days."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
