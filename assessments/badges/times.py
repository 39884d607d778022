"""Instants as credentials write them: RFC 3339 with a zone."""

import re
from datetime import UTC, datetime

_WITH_ZONE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")


def zulu(instant: datetime) -> str:
    """`2026-12-07T08:00:00Z`, to the second. Raises ValueError for a naive time."""
    if instant.tzinfo is None:
        raise ValueError("A time in a credential needs its zone.")
    return instant.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_instant(text: object) -> datetime | None:
    """The UTC instant of a text with date, time and zone; None for anything else."""
    if not isinstance(text, str) or not _WITH_ZONE.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
