"""Entries as an iCalendar file (RFC 5545)."""

import re
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vText

from courses.calendar.entries import Entry
from courses.calendar.timezones import timezone_of
from courses.schedule.zones import zone

PRODUCT = "-//Fourweek//Calendar 1//EN"
REFRESH = timedelta(hours=1)
_CONTROLS = re.compile("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029]")


def write_calendar(entries: Sequence[Entry], name: str, base_url: str) -> bytes:
    """The whole file, always the same bytes for the same entries. `base_url` is where this school answers."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", vText(clean(name)))
    calendar.add("x-wr-calname", vText(clean(name)))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for zone_name in sorted({entry.zone for entry in entries if entry.zone}):
        days = [entry.starts_at.date() for entry in entries if entry.zone == zone_name]
        calendar.add_component(timezone_of(zone_name, min(days).year, max(days).year))
    for entry in entries:
        calendar.add_component(_event(entry, base_url))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, base_url: str) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{urlsplit(base_url).hostname}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.replace(microsecond=0))
    event.add("last-modified", entry.changed_at.replace(microsecond=0))
    event.add("dtstart", entry.starts_at.astimezone(zone(entry.zone)) if entry.zone else entry.starts_at)
    event.add("duration", timedelta(minutes=entry.minutes))
    event.add("summary", clean(entry.title))
    event.add("description", clean("\n".join((*entry.lines, f"{base_url}{entry.path}"))))
    event.add("url", f"{base_url}{entry.path}")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    if entry.join_url:
        event.add("location", clean(entry.join_url))
    return event


def clean(text: str) -> str:
    """Text without the control characters that the format has no place for; line breaks stay."""
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n"))
