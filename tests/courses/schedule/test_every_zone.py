"""The resolver of law 2 in every zone there is, at changes of its clock from 2000 to 2037.

The suite looks at every clock once, whatever names it has, at one change that is picked by its name; `make prove`
looks at all.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zlib import crc32

import pytest

from courses.schedule.rules import EffectiveDates, effective_dates, is_late, is_open, takes_attempt
from courses.schedule.terms import CohortRules, EnrolmentFacts, ModuleDates, Pacing, PersonDates, SectionRules
from courses.schedule.walltime import WallTime, is_past, zone
from tests.courses.schedule.clock_changes import Change, around, clock_changes, distinct_zones

FIRST, LAST = 2000, 2038
MICROSECOND, MINUTE = timedelta(microseconds=1), timedelta(minutes=1)
QUIET = Change(datetime(2010, 6, 15, 12, tzinfo=UTC), timedelta(0), timedelta(0))
"""For zones whose clock never changes in these years: any day will do."""


@cache
def changes_of(name: str) -> tuple[Change, ...]:
    where = zone(name)
    offset = QUIET.at.astimezone(where).utcoffset() or timedelta()
    return tuple(clock_changes(where, FIRST, LAST)) or (Change(QUIET.at, offset, offset),)


def picked(name: str) -> Change:
    changes = changes_of(name)
    return changes[crc32(name.encode()) % len(changes)]


@pytest.mark.parametrize("part", range(4))
def test_every_zone_is_resolved_by_the_rule_at_a_change_of_its_clock(part: int) -> None:
    names = sorted(distinct_zones())[part::4]
    assert len(names) > 80
    for name in names:
        check(name, picked(name))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(16))
def test_every_change_of_every_clock_is_resolved_by_the_rule(part: int) -> None:
    seen = 0
    for name in distinct_zones()[part::16]:
        for change in changes_of(name):
            check(name, change)
            seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Africa/Cairo", "midnight that does not exist"),
        ("America/Santiago", "midnight that does not exist"),
        ("Asia/Beirut", "midnight that does not exist"),
        ("Australia/Lord_Howe", "half an hour"),
        ("Pacific/Apia", "a day left out"),
        ("Pacific/Kwajalein", "a day left out"),
        ("Australia/Sydney", "spring in October"),
    ],
)
def test_the_awkward_clocks_are_among_them(name: str, what: str) -> None:
    """What each is there for, so that the proof above is known to cover it."""
    changes = tuple(clock_changes(zone(name), 1990, LAST))
    jumps = {change.after - change.before for change in changes}
    found = {
        "midnight that does not exist": any(change.skips and change.low.time() == time(0) for change in changes),
        "half an hour": timedelta(minutes=30) in jumps,
        "a day left out": timedelta(hours=24) in jumps,
        "spring in October": any(change.skips and change.low.month == 10 for change in changes),
    }
    assert found[what]
    for change in changes:
        check(name, change)


def check(name: str, change: Change) -> None:
    """Every date of a module at every awkward minute, by every way a date can come about."""
    for wall in around(change):
        expected = change.first_instant(datetime.combine(wall.day, wall.at))
        for way, instant in ways(name, wall):
            assert instant == expected, (name, str(wall), way)
        check_minute(name, wall, expected)


def ways(name: str, wall: WallTime) -> Iterator[tuple[str, datetime | None]]:
    """The same minute on the same wall as an opening, a due date, the end of late work and a closing: of a cohort,
    module, section and person."""
    yield "cohort opens", dates(name, wall, 14, release_time=wall.at, number=3).opens_at
    yield "due", dates(name, wall, 4, due_offset_days=4, due_time=wall.at).due_at
    yield "late", dates(name, wall, 4, due_offset_days=1, due_time=wall.at, late_days=3).late_until
    yield "closes", dates(name, wall, 4, due_offset_days=1, due_time=wall.at, late_days=0, close_days=3).closes_at
    own = ModuleDates(1, opens_on=wall.day, opens_time=wall.at)
    yield "module opens", dates(name, wall, 30, modules=(own,)).opens_at
    own = ModuleDates(1, due_on=wall.day, due_time=wall.at)
    yield "module due", dates(name, wall, 9, modules=(own,)).due_at
    section = SectionRules(shift_days=2, zone=name, release_time=wall.at)
    yield "section opens", dates("UTC", wall, 2, section=section).opens_at
    granted = datetime.combine(wall.day, time(0), UTC) - timedelta(days=8)
    person = PersonDates(granted_at=granted, due=wall)
    yield "person due", dates(name, wall, 9, due_offset_days=2, extensions=(person,)).due_at
    shifted = PersonDates(granted_at=granted, shift_days=3)
    yield "person shifted", dates(name, wall, 4, due_offset_days=1, due_time=wall.at, extensions=(shifted,)).due_at
    enrolled = EnrolmentFacts(datetime.combine(wall.day, time(12), UTC) - timedelta(days=7))
    joined = enrolled.enrolled_at.astimezone(zone(name)).date()
    yield (
        "own pace",
        dates(
            name,
            wall,
            0,
            due_offset_days=(wall.day - joined).days,
            due_time=wall.at,
            pacing=Pacing.ENROLMENT,
            enrolment=enrolled,
        ).due_at,
    )


FACTS = ("section", "enrolment", "extensions")


def dates(name: str, wall: WallTime, ahead: int, number: int = 1, **given: object) -> EffectiveDates:
    """The dates of a module of a cohort that starts some days ahead of `wall`, on any weekday, at noon."""
    facts = {key: value for key, value in given.items() if key in FACTS}
    rules: dict[str, object] = {
        "start_date": wall.day - timedelta(days=ahead),
        "zone": name,
        "module_count": 3,
        "release_weekday": None,
        "release_time": time(12),
        "late_days": None,
        **{key: value for key, value in given.items() if key not in FACTS},
    }
    now = datetime.combine(wall.day, time(12), UTC)
    return effective_dates(CohortRules(**rules), number, now=now, **facts)  # type: ignore[arg-type]


def check_minute(name: str, wall: WallTime, expected: datetime) -> None:
    """Access opens with the minute and not a moment before; a deadline lasts through it, to 59.999999 seconds."""
    opens = dates(name, wall, 0, release_time=wall.at)
    assert (is_open(opens, expected - MICROSECOND), is_open(opens, expected)) == (False, True)
    due = dates(name, wall, 4, due_offset_days=4, due_time=wall.at, late_days=0)
    last = expected + MINUTE - MICROSECOND
    assert (is_late(due, last), is_late(due, last + MICROSECOND)) == (False, True)
    assert (takes_attempt(due, last), takes_attempt(due, last + MICROSECOND)) == (True, False)
    assert not is_past(last, due.due_at)
