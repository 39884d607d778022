"""The file as other programs read it: text that survives, clocks that agree, lines of the right length."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from dateutil.tz import tzical  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.calendar.entries import FIRST, Entry
from courses.calendar.timezones import timezone_of
from courses.calendar.writing import clean, write_calendar
from courses.schedule.walltime import local_instant
from courses.schedule.zones import zone, zone_names
from tests.courses.calendar.reading import events, span

AT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
BASE = "https://school.example.org"
HOUR = timedelta(hours=1)
CHANGING = (date(2026, 3, 29), date(2026, 4, 5), date(2026, 9, 6), date(2026, 10, 25), date(2026, 11, 1))


def _entry(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "uid": "due-e-1",
        "title": "Due: Module 1",
        "starts_at": AT,
        "lines": ("One.", "Two."),
        "path": "/cohorts/c",
        "changed_at": AT,
    }
    return Entry(**values | changes)


def _written(*entries: Entry) -> str:
    return write_calendar(entries, "Harbour; Institute", BASE).decode()


def test_an_entry_as_another_program_reads_it() -> None:
    (event,) = events(_written(_entry(changed_at=FIRST + 5 * HOUR))).values()
    assert event.uid == "due-e-1@school.example.org"
    assert event.sequence == 18_000
    assert event.dtstamp == event.last_modified == FIRST + 5 * HOUR
    assert span(event) == (AT, AT + timedelta(minutes=1))
    assert (event.summary, event.url) == ("Due: Module 1", f"{BASE}/cohorts/c")
    assert event.description == f"One.\nTwo.\n{BASE}/cohorts/c"
    assert (event.status, event.transparency) == ("CONFIRMED", "TRANSPARENT")


def test_session_takes_time_has_a_place_and_can_be_cancelled() -> None:
    link = "https://meet.example.org/a?b=c,d;e"
    session = _entry(uid="session-1", minutes=90, zone="Europe/Berlin", busy=True, join_url=link)
    gone = _entry(uid="session-2", cancelled=True)
    first, second = events(_written(session, gone)).values()
    assert (first.location, first.transparency, first.duration) == (link, "OPAQUE", timedelta(minutes=90))
    assert (second.status, second.location) == ("CANCELLED", None)


def test_the_same_entries_give_the_same_bytes() -> None:
    entries = (_entry(zone="Europe/Berlin"), _entry(uid="due-e-2", zone="Asia/Kolkata"))
    assert _written(*entries) == _written(*entries)


def test_empty_calendar_is_one() -> None:
    assert events(_written()) == {}


def test_the_calendar_has_a_name() -> None:
    assert "\r\nNAME:Harbour\\; Institute\r\n" in _written()


@pytest.mark.parametrize("name", sorted(zone_names())[::25])
def test_wall_clock_of_the_file_agrees_with_ours_where_clocks_change(name: str) -> None:
    """The zone is renamed, so that the reader must take our VTIMEZONE and cannot use what it knows itself."""
    starts = [local_instant(day, time(hour, 30), zone(name)) for day in CHANGING for hour in (1, 2, 3)]
    entries = [_entry(uid=str(n), starts_at=at, minutes=60, zone=name) for n, at in enumerate(starts)]
    text = _written(*entries).replace(f"TZID:{name}", "TZID:Ours").replace(f"TZID={name}", "TZID=Ours")
    found = events(text)
    assert [span(found[f"{n}@school.example.org"]) for n in range(len(starts))] == [(at, at + HOUR) for at in starts]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(zone_names()))
def test_every_zone_runs_as_ours_by_a_third_reader(name: str, tmp_path: Any) -> None:
    file = tmp_path / "zone.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\n" + timezone_of(name, 2026, 2026).to_ical() + b"END:VCALENDAR\r\n")
    theirs: Any = tzical(str(file)).get(name)
    at = datetime(2025, 12, 1, 0, 17)  # noqa: DTZ001 a wall clock without a zone is what is asked
    while at.year < 2027:
        folds = {at.replace(tzinfo=zone(name), fold=fold).utcoffset() for fold in (0, 1)}
        if len(folds) == 1:
            assert at.replace(tzinfo=theirs).utcoffset() in folds, at
        at += 3 * HOUR


@settings(max_examples=300, deadline=None)
@given(title=st.text(max_size=200), line=st.text(max_size=300))
def test_any_text_comes_back_as_it_was(title: str, line: str) -> None:
    text = _written(_entry(title=title, lines=(line,)))
    (event,) = events(text).values()
    assert (event.summary or "") == clean(title)
    assert event.description == clean(f"{line}\n{BASE}/cohorts/c")
    rows = text.encode().split(b"\r\n")
    assert rows.pop() == b""
    assert max(map(len, rows)) <= 75
    assert not any(b"\n" in row or b"\r" in row for row in rows)
