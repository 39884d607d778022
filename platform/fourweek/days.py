"""Days that people type, as date fields send them, and instants that our own forms carry."""

import re
from datetime import UTC, date, datetime

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""A day of any other year is a slip; near the ends of the calendar it also has no instant in every zone."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_day(typed: str) -> date | None:
    """The day such as "2026-12-07", spaces around it aside; None for anything else and for years of no calendar."""
    plain = typed.strip()
    try:
        day = date.fromisoformat(plain) if _DAY.fullmatch(plain) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def read_instant(carried: str) -> datetime | None:
    """The instant, in UTC, that a form of ours carries in ISO form with its offset; None for anything else."""
    try:
        found = datetime.fromisoformat(carried)
    except ValueError:
        return None
    if found.tzinfo is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    return found.astimezone(UTC)
