"""What the pages of those who run cohorts show."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from courses.cohorts.forms import CohortForm
from courses.paging import Pager
from courses.schedule.rules import EffectiveDates
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class ModuleDatesLine:
    """A module's dates in words; None where no date is set."""

    number: int
    title: str
    opens: Said
    due: Said | None
    late: Said | None
    closes: Said | None


@dataclass(frozen=True, slots=True)
class NewCohortPage:
    """The form, and once it can be kept the dates it makes, with their fingerprint in `seen`. `versions` are
    (value, label), `choices` the options of the other fields by name."""

    typed: CohortForm
    versions: tuple[tuple[str, str], ...]
    choices: Mapping[str, tuple[tuple[str, ...], ...]]
    zones: tuple[str, ...]
    errors: Mapping[str, str]
    dates: tuple[ModuleDatesLine, ...]
    seen: str = ""
    again: bool = False

    @property
    def summary(self) -> tuple[tuple[str, str], ...]:
        return tuple((f"field-{field}", words) for field, words in self.errors.items())


@dataclass(frozen=True, slots=True)
class CohortLine:
    """A cohort of the list; `people` such as "12 of 20". `is_whole`: the visitor runs it, not only a section of it."""

    id: str
    name: str
    course_title: str
    starts: Said
    has_started: bool
    state: str
    tone: str
    people: str
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class CohortsPage:
    cohorts: tuple[CohortLine, ...]
    pager: Pager


@dataclass(frozen=True, slots=True)
class StaffCohortPage:
    """`may_plan`: whether the visitor may plan new cohorts, not only run this one."""

    id: str
    name: str
    course_code: str
    course_title: str
    zone: str
    delivery: str
    identity_check: bool
    instructor: str
    state: str
    tone: str
    people: str
    asking: int
    waiting: int
    invited: int
    may_plan: bool
    dates: tuple[ModuleDatesLine, ...]


def dates_in_words(
    titles: Sequence[str], dates: Sequence[EffectiveDates], here: ZoneInfo, visitor: Visitor
) -> tuple[ModuleDatesLine, ...]:
    """One line a module, in order, in the cohort's zone and the visitor's."""
    own = zone(visitor.me.zone)

    def say(instant: datetime | None) -> Said | None:
        return None if instant is None else say_instant(instant, here, own)

    return tuple(
        ModuleDatesLine(
            number=number,
            title=title,
            opens=say_instant(one.opens_at, here, own, visitor.now.school),
            due=say(one.due_at),
            late=say(one.late_until) if one.late_until != one.due_at else None,
            closes=say(one.closes_at),
        )
        for number, (title, one) in enumerate(zip(titles, dates, strict=True), 1)
    )
