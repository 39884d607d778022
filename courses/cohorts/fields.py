"""Reading what was typed into the forms of cohorts; what is wrong is collected by field."""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from courses.schedule.errors import UnknownZone
from courses.schedule.zones import zone
from fourweek.language import _, n_
from fourweek.letters.printing import names_ok

Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_NUMBER = 9
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


class Typed:
    """The values of a form by name, each as text. Every reader says what is wrong in `errors`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.errors: dict[str, str] = {}

    def words(self, name: str, label: str, longest: int, *, required: bool = True, printed: bool = False) -> str:
        """A text on one line. `printed` is for what stands on transcripts: their fonts have all its letters."""
        value = " ".join(self.values[name].split())
        if required and not value:
            self.errors[name] = _("{label} is missing.", label=label)
        elif len(value) > longest:
            self.errors[name] = n_(
                "{label} has {count} character; at most {most} are kept.",
                "{label} has {count} characters; at most {most} are kept.",
                len(value),
                label=label,
                most=longest,
            )
        elif printed and (unprintable := names_ok(value)):
            self.errors[name] = unprintable
        return value

    def day(self, name: str, label: str, *, required: bool = True) -> date | None:
        """A date such as 2026-12-07; None where there is none that can be read."""
        value = self.values[name].strip()
        if not value and not required:
            return None
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass  # said below
        self.errors[name] = (
            _("“{value}” is not a date such as 2026-12-07.", value=value[:40])
            if value
            else _("{label} is missing.", label=label)
        )
        return None

    def clock(self, name: str, label: str, *, required: bool = True) -> time | None:
        """A time of day such as 09:00, to the minute."""
        value = self.values[name].strip()
        if not value and not required:
            return None
        try:
            if CLOCK.fullmatch(value):
                return time.fromisoformat(value).replace(second=0)
        except ValueError:
            pass  # said below
        missing = _("{label} is missing; write it such as 09:00.", label=label)
        self.errors[name] = _("“{value}” is not a time such as 09:00.", value=value[:40]) if value else missing
        return None

    def choice(self, name: str, kinds: type[Choice]) -> Choice:
        """One of these values; the first where something else was sent."""
        try:
            return kinds(self.values[name])
        except ValueError:
            self.errors[name] = _("Choose one of these.")
            return next(iter(kinds))

    def zone(self, name: str, *, required: bool = True) -> str | None:
        """The name of a time zone."""
        value = self.values[name].strip()
        if not value and not required:
            return None
        try:
            zone(value)
        except UnknownZone as wrong:
            self.errors[name] = wrong.fields["zone"]
        return value

    def whole(self, name: str, label: str, low: int, high: int, *, required: bool = True) -> int | None:
        """A whole number from `low` to `high`; None where the field is empty."""
        value = self.values[name].strip().replace("−", "-")
        if not value:
            if required:
                self.errors[name] = _("{label} is missing.", label=label)
            return None
        plain = value.removeprefix("-")
        if plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER and low <= int(value) <= high:
            return int(value)
        self.errors[name] = _("{label} must be a whole number from {low} to {high}.", label=label, low=low, high=high)
        return None
