"""Hours as people type them, exactly: whole minutes or nothing. Pure."""

import re
from fractions import Fraction
from typing import Final

from fourweek.language import N_, _

MINUTES_AN_HOUR: Final = 60
MOST_MINUTES: Final = 1_000 * MINUTES_AN_HOUR
EXAMPLES: Final = N_("Write hours such as 1.5, or hours and minutes such as 1:30.")
_CLOCK = re.compile(r"([0-9]{1,4}):([0-5][0-9])")
_DECIMAL = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,6}))?")


class NotHours(ValueError):
    """What was typed is no number of hours that is whole minutes; the message says why, for the page."""


def read_hours(typed: str) -> int:
    """Whole minutes of "1:30", "1.5" or "1,5". Raises NotHours for anything else, never rounds."""
    value = typed.strip()
    if clock := _CLOCK.fullmatch(value):
        minutes = Fraction(int(clock[1]) * MINUTES_AN_HOUR + int(clock[2]))
    elif decimal := _DECIMAL.fullmatch(value):
        minutes = Fraction(f"{decimal[1]}.{decimal[2] or 0}") * MINUTES_AN_HOUR
    else:
        raise NotHours(
            _("“{value}” is no number of hours. {examples}", value=value[:40], examples=_(EXAMPLES))
            if value
            else _("Missing. {examples}", examples=_(EXAMPLES))
        )
    if minutes.denominator != 1:
        raise NotHours(_("{value} hours are no whole minutes. Write hours and minutes, such as 1:20.", value=value))
    if minutes > MOST_MINUTES:
        raise NotHours(_("At most 1,000 hours."))
    return int(minutes)
