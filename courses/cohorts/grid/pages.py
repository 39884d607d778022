"""What the table of everybody's dates shows. Pure: places and dates in, words out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from courses.enrolment.access import Place
from courses.enrolment.crowds import Member
from courses.paging import Pager
from courses.schedule.reasons import Reason
from courses.schedule.rules import EffectiveDates, all_dates
from courses.schedule.terms import CohortRules, Pacing, PersonDates, SectionRules
from courses.schedule.walltime import local_day
from courses.schedule.words import say_short
from courses.schedule.zones import zone
from fourweek.light import dataclass

Resolve = Callable[[Place], tuple[EffectiveDates, ...]]


@dataclass(frozen=True, slots=True)
class Cell:
    """A module's dates in short words, "" where there is none. `why` is empty where they are the cohort's own."""

    opens: str
    due: str
    closes: str
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    """One learner; `zone` is named where it is not the cohort's."""

    enrolment_id: str
    name: str
    section: str
    zone: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GridFilters:
    """`sections` are the (value, label) of a select, empty where the cohort has none."""

    search: str
    section: str
    differs: bool
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GridPage:
    """`rule` are the dates of the cohort itself, empty where everybody counts from their own enrolment."""

    cohort_id: str
    cohort_name: str
    course_title: str
    zone: str
    apart: str
    titles: tuple[str, ...]
    rule: tuple[Cell, ...]
    rows: tuple[GridRow, ...]
    filters: GridFilters
    found: int
    query: str
    pager: Pager


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of classmates and those that the cohort's rules alone give them, module by module."""

    own: tuple[EffectiveDates, ...]
    usual: tuple[EffectiveDates, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody in the table; `zone` is the one that their dates are reckoned in."""

    enrolment_id: str
    name: str
    section: str
    zone: str
    dates: Dates
    address: str = ""


def resolver(now: datetime) -> Resolve:
    """The dates of places of one cohort, worked out once for all who share what they hang on."""
    kept: dict[tuple[SectionRules | None, tuple[PersonDates, ...], date], tuple[EffectiveDates, ...]] = {}

    def dates(place: Place) -> tuple[EffectiveDates, ...]:
        where = zone((place.section and place.section.zone) or place.cohort.zone)
        key = (place.section, place.extensions, local_day(place.enrolled_at, where))
        if key not in kept:
            kept[key] = place.all_dates(now)
        return kept[key]

    return dates


def shared_dates(rules: CohortRules, now: datetime) -> Callable[[Member], Dates]:
    """The dates of members of one cohort, worked out once for all who share what they hang on."""
    kept: dict[object, Dates] = {}
    by_rule = all_dates(rules, now=now) if rules.pacing is Pacing.COHORT else None
    home = zone(rules.zone)

    def dates(member: Member) -> Dates:
        joined = member.row.enrolled_at
        days = local_day(joined, zone(member.zone)), local_day(joined, home)
        key = (member.row.section_id, member.grants, days)
        if key not in kept:
            place = member.place()
            own = place.all_dates(now)
            usual = by_rule or replace(place, section=None, extensions=()).all_dates(now)
            kept[key] = Dates(own, usual, any(map(reasons, own, usual)))
        return kept[key]

    return dates


def reasons(own: EffectiveDates, usual: EffectiveDates) -> tuple[Reason, ...]:
    """Why these dates are not the cohort's; empty where they are."""
    pairs = (
        (own.opens_at, usual.opens_at, own.opens_why),
        (own.due_at, usual.due_at, own.due_why),
        (own.late_until, usual.late_until, own.late_why),
        (own.closes_at, usual.closes_at, own.closes_why),
    )
    return tuple(dict.fromkeys(why for mine, theirs, why in pairs if mine != theirs))


def row_of(one: Learner, cohort_zone: str) -> GridRow:
    here, pairs = zone(one.zone), zip(one.dates.own, one.dates.usual, strict=True)
    return GridRow(
        enrolment_id=one.enrolment_id,
        name=one.name,
        section=one.section,
        zone=one.zone if one.zone != cohort_zone else "",
        cells=tuple(cell_of(own, here, reasons(own, usual)) for own, usual in pairs),
    )


def cell_of(dates: EffectiveDates, here: ZoneInfo, why: Sequence[Reason] = ()) -> Cell:
    return Cell(
        opens=say_short(dates.opens_at, here),
        due=say_short(dates.due_at, here) if dates.due_at else "",
        closes=say_short(dates.closes_at, here) if dates.closes_at else "",
        why=tuple(dict.fromkeys(reason.words for reason in why)),
    )
