"""Schedules for tests: short ways to write instants, rules and grants, and strategies that draw them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from courses.schedule.rules import EffectiveDates, effective_dates
from courses.schedule.terms import CohortRules, DateRange, ModuleDates, Pacing, PersonDates, SectionRules
from courses.schedule.walltime import WallTime
from courses.schedule.zones import zone_names

START = date(2026, 10, 12)
"""A Monday, two weeks before the clocks of Berlin go back and three before those of New York do."""


def utc(text: str) -> datetime:
    """`utc("2026-10-12 07:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cohort(**changes: Any) -> CohortRules:
    given: dict[str, Any] = {"start_date": START, "zone": "Europe/Berlin", "module_count": 4, **changes}
    return CohortRules(**given)


def grant(**changes: Any) -> PersonDates:
    return PersonDates(**{"granted_at": utc("2026-10-14 12:00"), "key": "g", **changes})


def wall(text: str) -> WallTime:
    """`wall("2026-10-20 23:59")`."""
    day, at = text.split()
    return WallTime(date.fromisoformat(day), time.fromisoformat(at))


def dates_of(rules: CohortRules, number: int = 1, at: str = "2026-10-15 12:00", **facts: Any) -> EffectiveDates:
    return effective_dates(rules, number, now=utc(at), **facts)


def module(**changes: Any) -> ModuleDates:
    return ModuleDates(**changes)


ZONES = st.sampled_from(sorted(zone_names()))
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MINUTES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
SEASON = st.dates(date(2026, 8, 1), date(2027, 5, 31))


@st.composite
def ranges(draw: st.DrawFn) -> tuple[DateRange, ...]:
    firsts = draw(st.lists(SEASON, max_size=3))
    return tuple(DateRange(first, first + timedelta(days=draw(st.integers(0, 16)))) for first in firsts)


@st.composite
def cohorts(draw: st.DrawFn) -> CohortRules:
    """Rules by the weekly pattern alone, in any zone, with days off and pauses."""
    return CohortRules(
        start_date=draw(SEASON),
        zone=draw(ZONES),
        module_count=draw(st.integers(1, 6)),
        release_weekday=draw(st.none() | st.integers(0, 6)),
        release_time=draw(MINUTES),
        due_offset_days=draw(st.none() | st.integers(0, 20)),
        due_time=draw(MINUTES),
        late_days=draw(st.none() | st.integers(0, 14)),
        close_days=draw(st.none() | st.integers(0, 30)),
        blackouts=draw(ranges()),
        pauses=draw(ranges()),
        pacing=draw(st.sampled_from(Pacing)),
    )


@st.composite
def sections(draw: st.DrawFn) -> SectionRules | None:
    if draw(st.booleans()):
        return None
    return SectionRules(
        shift_days=draw(st.integers(-10, 10)),
        zone=draw(st.none() | ZONES),
        release_time=draw(st.none() | MINUTES),
        due_offset_days=draw(st.none() | st.integers(0, 20)),
        late_days=draw(st.none() | st.integers(0, 9)),
    )


INSTANTS = st.datetimes(datetime(2026, 8, 1), datetime(2027, 5, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
WALLS = st.builds(WallTime, SEASON, MINUTES)


@st.composite
def grants(draw: st.DrawFn, *, earlier: bool = True, opens_all: bool = True) -> PersonDates:
    first = draw(st.none() | SEASON)
    length = draw(st.none() | st.integers(-2, 30))
    return PersonDates(
        granted_at=draw(INSTANTS),
        key=draw(st.sampled_from("abcdef")),
        module_number=draw(st.none() | st.integers(1, 3)),
        shift_days=draw(st.integers(-20, 20)),
        moves_opening=draw(st.booleans()),
        due=draw(st.none() | WALLS),
        closes=draw(st.none() | WALLS),
        opens_all=opens_all and draw(st.booleans()),
        pause_first=first,
        pause_last=None if first is None or length is None else first + timedelta(days=length),
        expires_at=draw(st.none() | INSTANTS),
        allow_earlier=earlier and draw(st.booleans()),
    )
