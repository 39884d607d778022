"""The rules of last term on a new start date. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum

from courses.schedule.terms import CohortRules, DateRange, ModuleDates, SectionRules
from fourweek.light import dataclass

WEEK = 7
DATES = ("opens_on", "due_on", "closes_on")


class Fate(StrEnum):
    """What becomes of dates that stand in the rules."""

    DROP = "drop"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Moving:
    """By how many whole weeks dates move, and which of them do."""

    weeks: int
    blackouts: Fate = Fate.DROP
    pauses: Fate = Fate.DROP
    modules: Fate = Fate.DROP
    window: Fate = Fate.DROP

    def day(self, day: date) -> date:
        return day + timedelta(weeks=self.weeks)


def whole_weeks(old_start: date, new_start: date) -> int:
    """The weeks between two starts, to the nearest."""
    return round((new_start - old_start).days / WEEK)


def moved_rules(rules: CohortRules, start: date, moving: Moving) -> CohortRules:
    """The same offsets from the new start; dates that stand in the rules moved by whole weeks, or dropped."""
    return replace(
        rules,
        start_date=start,
        blackouts=moved_ranges(rules.blackouts, moving.blackouts, moving),
        pauses=moved_ranges(rules.pauses, moving.pauses, moving),
        modules=moved_modules(rules.modules, moving),
        kept_open=(),
    )


def moved_section(section: SectionRules, moving: Moving) -> SectionRules:
    """A section's own offsets; its own start moves as many whole weeks as the cohort's."""
    start = None if section.start_date is None else moving.day(section.start_date)
    return replace(section, start_date=start, modules=moved_modules(section.modules, moving), kept_open=())


def moved_ranges(ranges: Sequence[DateRange], fate: Fate, moving: Moving) -> tuple[DateRange, ...]:
    if fate is Fate.DROP:
        return ()
    return tuple(DateRange(moving.day(one.first), moving.day(one.last), one.title) for one in ranges)


def moved_modules(modules: Sequence[ModuleDates], moving: Moving) -> tuple[ModuleDates, ...]:
    """What a module's row says apart from dates, such as its days for late work, is an offset and stays."""
    found = (_moved_module(own, moving) for own in modules)
    return tuple(own for own in found if own != ModuleDates(own.number))


def _moved_module(own: ModuleDates, moving: Moving) -> ModuleDates:
    given = {name: day for name in DATES if (day := getattr(own, name)) is not None}
    new: dict[str, date | None] = {
        name: None if moving.modules is Fate.DROP else moving.day(day) for name, day in given.items()
    }
    return replace(own, **new)  # type: ignore[arg-type]
