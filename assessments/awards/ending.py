"""Which letter is due before a badge ends. Pure: days are counted on the wall calendar of its cohort."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from courses.schedule.walltime import local_day

STEPS: Final = (0, 30, 90)
"""Days before the last one on which its earner is told, the most urgent first."""
LATEST: Final = 7
"""Days after it ended on which its earner is told even so, where no worker ran before."""


def step_due(awarded_at: datetime, valid_until: datetime, here: ZoneInfo, now: datetime) -> int | None:
    """The most urgent step that is due; None for none. One that falls into the first half of a badge's life is none."""
    last = local_day(valid_until, here)
    left = days_left(last, here, now)
    if left < -LATEST:
        return None
    whole = (last - local_day(awarded_at, here)).days
    return next((step for step in STEPS if left <= step and 2 * step < whole), None)


def days_left(last: date, here: ZoneInfo, now: datetime) -> int:
    """Days until the last day that a badge holds: 0 on that day, fewer once it ended."""
    return (last - local_day(now, here)).days
