"""Dates in words, as screens print them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.schedule.reasons import WORDS, ReasonKind, because
from courses.schedule.rules import ModuleState
from courses.schedule.words import WEEKDAYS, Said, say_apart, say_days, say_instant, say_state, say_until
from courses.schedule.zones import zone
from tests.courses.schedule.factories import INSTANTS, ZONES, utc

BERLIN, NEW_YORK = zone("Europe/Berlin"), zone("America/New_York")


def test_an_instant_is_said_in_its_zone() -> None:
    assert say_instant(utc("2026-12-07 08:00"), BERLIN) == Said(
        iso="2026-12-07T08:00:00Z", words="Monday 7 December 2026, 09:00 (Europe/Berlin)"
    )


def test_a_viewer_elsewhere_reads_the_own_clock_too() -> None:
    said = say_instant(utc("2026-12-07 08:00"), BERLIN, NEW_YORK, now=utc("2026-12-05 07:00"))
    assert (said.second, said.until) == ("03:00 your time (America/New_York)", "in 2 days")
    assert str(said) == "Monday 7 December 2026, 09:00 (Europe/Berlin); 03:00 your time (America/New_York)"


def test_a_viewer_on_another_date_reads_the_date_too() -> None:
    said = say_instant(utc("2026-10-18 21:59"), BERLIN, zone("Asia/Tokyo"))
    assert said.words == "Sunday 18 October 2026, 23:59 (Europe/Berlin)"
    assert said.second == "Monday 19 October, 06:59 your time (Asia/Tokyo)"


@pytest.mark.parametrize("name", ["Europe/Berlin", "Europe/Paris", "Africa/Lagos"])
def test_a_viewer_whose_clock_reads_the_same_is_told_nothing_twice(name: str) -> None:
    said = say_instant(utc("2026-12-07 08:00"), BERLIN, zone(name))
    assert said.second is None
    assert str(said) == said.words


def test_a_time_that_comes_twice_is_said_with_its_offset() -> None:
    first, second = (say_instant(utc(f"2026-10-25 0{hour}:30"), BERLIN).words for hour in (0, 1))
    assert first == "Sunday 25 October 2026, 02:30 (Europe/Berlin, UTC+02:00)"
    assert second == "Sunday 25 October 2026, 02:30 (Europe/Berlin, UTC+01:00)"
    west = say_instant(utc("2026-11-01 05:30"), NEW_YORK).words
    assert west == "Sunday 1 November 2026, 01:30 (America/New_York, UTC−04:00)"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=119, seconds=59), "in 119 minutes"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(hours=47, minutes=59), "in 47 hours"),
        (timedelta(hours=48), "in 2 days"),
        (timedelta(days=9, hours=23), "in 9 days"),
        (timedelta(seconds=-30), "now"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(days=-3, hours=-1), "3 days ago"),
    ],
)
def test_how_long_until(ahead: timedelta, said: str) -> None:
    now = utc("2026-12-07 08:00")
    assert say_until(now + ahead, now) == said


@pytest.mark.parametrize(("days", "said"), [(1, "1 day more"), (3, "3 days more"), (-1, "1 day fewer")])
def test_how_many_days(days: int, said: str) -> None:
    assert say_days(days) == said


def test_every_state_and_reason_has_words() -> None:
    assert [say_state(state) for state in ModuleState] == [
        "Not open yet",
        "Open",
        "Due soon",
        "Late work is still taken",
        "Closed",
    ]
    assert set(WORDS) == set(ReasonKind)
    assert because(ReasonKind.DAY_OFF).words == "Moved past a day off."


@given(INSTANTS, ZONES, st.none() | ZONES)
@settings(max_examples=150, deadline=None)
def test_any_instant_in_any_zone_can_be_said(instant: datetime, name: str, viewer: str | None) -> None:
    said = say_instant(instant, zone(name), zone(viewer) if viewer else None, now=instant)
    local = instant.astimezone(zone(name))
    assert said.words.startswith(f"{WEEKDAYS[local.weekday()]} {local.day} ")
    assert said.until == "now"


@pytest.mark.parametrize(
    ("here", "viewer", "said"),
    [
        ("Europe/Berlin", "Africa/Lagos", ""),
        ("America/New_York", "Asia/Kathmandu", "Your clock (Asia/Kathmandu) is 10 hours 45 minutes ahead now."),
        ("Europe/Berlin", "UTC", "Your clock (UTC) is 1 hour behind now."),
        ("Asia/Kolkata", "Asia/Kathmandu", "Your clock (Asia/Kathmandu) is 15 minutes ahead now."),
    ],
)
def test_how_far_a_viewers_clock_is(here: str, viewer: str, said: str) -> None:
    assert say_apart(zone(here), zone(viewer), utc("2026-12-07 08:00")) == said
