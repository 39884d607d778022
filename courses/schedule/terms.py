"""The terms of a schedule: local dates, local times and whole days. No instant is stored in a rule."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from courses.schedule.walltime import WallTime
from fourweek.light import dataclass


class Pacing(StrEnum):
    """What the first week is counted from."""

    COHORT = "cohort"
    ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Whole days, both ends included; empty where `last` is before `first`."""

    first: date
    last: date
    title: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class ModuleDates:
    """One module's departure from the rule. None keeps the rule; a given date is taken as it is, holiday or not."""

    number: int
    opens_on: date | None = None
    opens_time: time | None = None
    due_on: date | None = None
    due_time: time | None = None
    late_days: int | None = None
    closes_on: date | None = None


@dataclass(frozen=True, slots=True)
class KeptOpen:
    """A module that had opened at this wall time before the rules were changed: it opens no later than then."""

    number: int
    since: WallTime


@dataclass(frozen=True, slots=True)
class CohortRules:
    """When the modules of a cohort open and what they ask for is due.

    Module 1 opens on the first `release_weekday` (0 is Monday; None: any day) on or after `start_date`, each further
    module seven days on. Work is due `due_offset_days` after the release (None: no due date) through the minute
    `due_time`, taken as late for `late_days` more (0: not at all; None: until the module closes), and the module closes
    for every further attempt `close_days` after the due date, or after the release where nothing is due (None: never).

    Nothing opens or falls due on a day off (`blackouts`): it moves to the next working day and nothing else moves.
    A pause (`pauses`) stops the weekly count: a release that falls in it waits for the next release day after it, and
    all that follows waits with it.

    With pacing by enrolment, the local date of enrolment takes the place of `start_date`. `kept_open` is what changes
    of the rules have left open; it belongs to these rules alone and never to a section of the cohort.
    """

    start_date: date
    zone: str
    module_count: int
    release_weekday: int | None = 0
    release_time: time = time(9)
    due_offset_days: int | None = 6
    due_time: time = time(23, 59)
    late_days: int | None = 0
    close_days: int | None = None
    blackouts: tuple[DateRange, ...] = ()
    pauses: tuple[DateRange, ...] = ()
    modules: tuple[ModuleDates, ...] = ()
    pacing: Pacing = Pacing.COHORT
    kept_open: tuple[KeptOpen, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRules:
    """What a section does differently: None keeps the cohort's rule; `shift_days` moves every date of the rule on."""

    shift_days: int = 0
    start_date: date | None = None
    zone: str | None = None
    release_weekday: int | None = None
    release_time: time | None = None
    due_offset_days: int | None = None
    due_time: time | None = None
    late_days: int | None = None
    close_days: int | None = None
    modules: tuple[ModuleDates, ...] = ()
    kept_open: tuple[KeptOpen, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    """What the schedule must know of an enrolment: since when the person could start (aware UTC)."""

    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class PersonDates:
    """One extension: dates of one person, in force from `granted_at` until `expires_at` (aware UTC, the end excluded).

    Without `module_number` it holds for every module. `shift_days` moves due and closing dates, and the release too
    with `moves_opening`, though never of a module that had opened before the grant. `due` and `closes` are wall times
    in the cohort's zone. A pause runs from `pause_first` through `pause_last`; while the end is open it counts as if it
    ended today, so that nothing opens or falls due in it. `opens_all` opens at once what the grant covers.
    A date counts only where it is later than it would be without it, unless `allow_earlier`.
    """

    granted_at: datetime
    key: str = ""
    module_number: int | None = None
    shift_days: int = 0
    moves_opening: bool = False
    due: WallTime | None = None
    closes: WallTime | None = None
    opens_all: bool = False
    pause_first: date | None = None
    pause_last: date | None = None
    expires_at: datetime | None = None
    allow_earlier: bool = False

    def holds(self, module_number: int, now: datetime) -> bool:
        in_force = self.granted_at <= now and (self.expires_at is None or now < self.expires_at)
        return in_force and self.module_number in (None, module_number)

    def pause_days(self, today: date) -> int:
        """How many days the pause has taken so far; 0 without one."""
        if self.pause_first is None:
            return 0
        return max(0, ((self.pause_last or today) - self.pause_first).days + 1)


def covering(ranges: Sequence[DateRange], day: date) -> DateRange | None:
    return next((r for r in ranges if day in r), None)


def first_free_day(day: date, ranges: Sequence[DateRange], *, step: int = 1) -> tuple[date, DateRange | None]:
    """The first of day, day + step, day + 2·step … outside all ranges, and the last range it was moved past."""
    passed = None
    while found := covering(ranges, day):
        passed = found
        jump = (found.last - day).days // step + 1
        day += timedelta(days=jump * step)
    return day, passed
