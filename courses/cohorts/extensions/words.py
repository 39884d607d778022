"""Extensions in words."""

from datetime import date, datetime, timedelta
from typing import Any

from courses.schedule.words import say_date, say_day_and_time, say_days, say_instant
from courses.schedule.zones import zone
from fourweek.language import _
from fourweek.language.lists import in_a_row

SECOND = timedelta(seconds=1)


def say_grant(row: Any) -> str:
    """Such as "Module 2: 3 days more", from a row with the columns of an extension."""
    what = in_a_row(_parts(row)) or _("nothing")
    if row.module_number:
        return _("Module {number}: {what}", number=row.module_number, what=what)
    return _("Every module: {what}", what=what)


def _parts(row: Any) -> list[str]:
    parts = []
    if row.shift_days:
        days = say_days(row.shift_days)
        parts.append(_("{days}, opening too", days=days) if row.moves_opening else days)
    if row.due_on:
        parts.append(_("due {when}", when=say_day_and_time(row.due_on, row.due_time)))
    if row.closes_on:
        parts.append(_("closes {when}", when=say_day_and_time(row.closes_on, row.closes_time)))
    if row.opens_all:
        parts.append(_("open at once"))
    if row.pause_first:
        parts.append(_pause(row.pause_first, row.pause_last))
    if row.allow_earlier:
        parts.append(_("earlier dates count too"))
    return parts


def _pause(first: date, last: date | None) -> str:
    if last is None:
        return _("a pause from {first} with no end set", first=say_date(first))
    return _("a pause from {first} through {last}", first=say_date(first), last=say_date(last))


def say_hold(expires_at: datetime | None, zone_name: str, now: datetime) -> str:
    """Until when an extension holds, "" where no end is set."""
    if expires_at is None:
        return ""
    if expires_at <= now:
        return _("Ended {when}.", when=say_instant(expires_at, zone(zone_name)).words)
    last = (expires_at - SECOND).astimezone(zone(zone_name))
    return _("Holds through {date}.", date=say_date(last.date()))
