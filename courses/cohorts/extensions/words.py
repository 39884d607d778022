"""Extensions in words."""

from datetime import datetime, timedelta
from typing import Any

from courses.schedule.words import say_date, say_days, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.language import _

SECOND = timedelta(seconds=1)


def say_grant(row: Any) -> str:
    """Such as "Module 2: 3 days more", from a row with the columns of an extension."""
    where = _("Module {module_number}", module_number=row.module_number) if row.module_number else _("Every module")
    return f"{where}: {', '.join(_parts(row)) or 'nothing'}"


def _parts(row: Any) -> list[str]:
    parts = []
    if row.shift_days:
        parts.append(say_days(row.shift_days) + (", opening too" if row.moves_opening else ""))
    for label, day, at in (("due", row.due_on, row.due_time), ("closes", row.closes_on, row.closes_time)):
        if day:
            parts.append(f"{label} {say_date(day)}" + (f", {say_time(at)}" if at else ""))
    if row.opens_all:
        parts.append("open at once")
    if row.pause_first:
        end = _("through {pause_last}", pause_last=say_date(row.pause_last)) if row.pause_last else "with no end set"
        parts.append(_("a pause from {pause_first} {end}", pause_first=say_date(row.pause_first), end=end))
    if row.allow_earlier:
        parts.append("earlier dates count too")
    return parts


def say_hold(expires_at: datetime | None, zone_name: str, now: datetime) -> str:
    """Until when an extension holds, "" where no end is set."""
    if expires_at is None:
        return ""
    if expires_at <= now:
        return _("Ended {zone_name}.", zone_name=say_instant(expires_at, zone(zone_name)).words)
    last = (expires_at - SECOND).astimezone(zone(zone_name))
    return _("Holds through {date}.", date=say_date(last.date()))
