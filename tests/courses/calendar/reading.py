"""Calendars read back with `ical`, which had no part in writing them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event


def events(text: str) -> dict[str, Event]:
    """Every event by its UID; a calendar that repeats one is refused."""
    found = IcsCalendarStream.calendar_from_ics(text).events
    by_uid = {str(event.uid): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def span(event: Event) -> tuple[datetime, datetime]:
    """Beginning and end in UTC."""
    begins: Any = event.dtstart
    lasts = event.duration or timedelta()
    return begins.astimezone(UTC), begins.astimezone(UTC) + lasts
