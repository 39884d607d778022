"""When a session is and what may be done with it: pure rules."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from courses.live.models import LiveSession, Presence, Source
from courses.live.rules import (
    CODE_SIGNS,
    Attended,
    Meeting,
    Mine,
    coming_first,
    module_at,
    moved,
    plain_code,
    series_days,
    unattended,
)
from courses.live.service import new_code
from courses.schedule.rules import all_dates
from courses.schedule.terms import CohortRules

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MEETING = Meeting(
    id="m",
    cohort_id="c",
    title="Clinic",
    section_id=None,
    section="",
    module_number=2,
    on=date(2026, 11, 3),
    at=time(19),
    minutes=60,
    zone="Europe/Berlin",
    join_url="https://meet.example.org",
    recording_url="",
    instructor="",
    required=True,
    code="A2C4E6",
    cancelled_at=None,
    changed_at=datetime(2026, 10, 1, tzinfo=UTC),
    revision=0,
)
STARTS = datetime(2026, 11, 3, 18, tzinfo=UTC)


def attended(presence: Presence) -> Attended:
    return Attended(presence, Source.LIST, "", STARTS)


@pytest.mark.parametrize(
    ("on", "at", "zone", "starts"),
    [
        (date(2026, 11, 3), time(19), "Europe/Berlin", STARTS),
        (date(2027, 3, 28), time(2, 30), "Europe/Berlin", datetime(2027, 3, 28, 1, tzinfo=UTC)),  # skipped
        (date(2026, 10, 25), time(2, 30), "Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first
        (date(2026, 10, 31), time(19), "America/New_York", datetime(2026, 10, 31, 23, tzinfo=UTC)),
        (date(2026, 11, 1), time(19), "America/New_York", datetime(2026, 11, 2, 0, tzinfo=UTC)),
    ],
)
def test_session_begins_on_its_wall_clock(on: date, at: time, zone: str, starts: datetime) -> None:
    found = replace(MEETING, on=on, at=at, zone=zone)
    assert (found.starts_at, found.ends_at) == (starts, starts + 60 * MINUTE)


def test_join_link_is_there_from_a_quarter_of_an_hour_before_to_the_end() -> None:
    instants = (STARTS - 16 * MINUTE, STARTS - 15 * MINUTE, STARTS + 59 * MINUTE, STARTS + 60 * MINUTE)
    assert [MEETING.is_joinable(at) for at in instants] == [False, True, True, False]
    assert not replace(MEETING, cancelled_at=STARTS).is_joinable(STARTS)


def test_code_counts_until_half_an_hour_after_the_end() -> None:
    instants = (STARTS - 16 * MINUTE, STARTS - 15 * MINUTE, STARTS + 89 * MINUTE, STARTS + 90 * MINUTE)
    assert [MEETING.takes_code(at) for at in instants] == [False, True, True, False]
    assert not replace(MEETING, cancelled_at=STARTS).takes_code(STARTS)


@pytest.mark.parametrize(
    ("record", "changes", "missing"),
    [
        (None, {}, {2}),
        (Presence.ABSENT, {}, {2}),
        (Presence.PRESENT, {}, set()),
        (Presence.MADE_UP, {}, set()),
        (None, {"required": False}, set()),
        (None, {"module_number": None}, set()),
        (None, {"cancelled_at": STARTS}, set()),
    ],
)
def test_unattended_modules(record: Presence | None, changes: dict[str, object], missing: set[int]) -> None:
    mine = Mine(replace(MEETING, **changes), attended(record) if record else None)  # type: ignore[arg-type]
    assert unattended([mine]) == missing


def test_coming_sessions_stand_first_and_past_ones_newest_first() -> None:
    days = {name: replace(MEETING, id=name, on=MEETING.on + n * DAY) for name, n in zip("abcd", range(4), strict=True)}
    ordered = coming_first([Mine(one, None) for one in days.values()], STARTS + DAY + 61 * MINUTE)
    assert [one.meeting.id for one in ordered] == ["c", "d", "b", "a"]


def test_series_takes_the_chosen_days_of_its_weeks() -> None:
    tuesday, thursday = 1, 3
    days = series_days(date(2026, 11, 4), (tuesday, thursday), 2)
    assert days == (date(2026, 11, 5), date(2026, 11, 10), date(2026, 11, 12), date(2026, 11, 17))
    assert series_days(date(2026, 11, 4), (), 9) == (date(2026, 11, 4),)


def test_module_at_is_the_one_that_opened_last() -> None:
    rules = CohortRules(date(2026, 11, 2), "UTC", 3)
    dates = all_dates(rules, now=STARTS)
    monday = datetime(2026, 11, 2, 9, tzinfo=UTC)
    found = [module_at(dates, at) for at in (monday - MINUTE, monday, monday + 8 * DAY, monday + 300 * DAY)]
    assert found == [None, 1, 2, 3]


def test_codes_are_read_as_they_are_typed() -> None:
    code = new_code()
    assert (len(code), set(code) <= set(CODE_SIGNS), len(set(CODE_SIGNS))) == (6, True, 27)
    assert plain_code(f" {code[:3].lower()}-{code[3:].lower()} ") == code
    assert plain_code("bSuz") == "85V2"
    assert not set("01BILOSUZ") & set(CODE_SIGNS)


def test_moved_session_keeps_its_plan_and_nothing_of_its_past() -> None:
    row = LiveSession(
        id="m",
        cohort_id="c",
        section_id="s",
        module_number=2,
        title="Clinic",
        on=date(2026, 11, 3),
        at=time(19),
        minutes=60,
        join_url="https://meet.example.org",
        recording_url="https://video.example.org",
        instructor="Ines",
        required=True,
        code="A2C4E6",
        created_at=STARTS,
        changed_at=STARTS,
        cancelled_at=STARTS,
        revision=3,
        moved_at=STARTS,
        moved_from=STARTS,
    )
    new = moved(row, 28)
    assert (new.on, new.at, new.minutes, new.title, new.required) == (date(2026, 12, 1), time(19), 60, "Clinic", True)
    assert (new.cohort_id, new.section_id, new.module_number, new.instructor) == ("c", "s", 2, "Ines")
    assert (new.join_url, new.recording_url, new.code, new.revision) == ("", "", "", 0)
    assert (new.cancelled_at, new.moved_at, new.moved_from) == (None, None, None)
    assert new.id != row.id
