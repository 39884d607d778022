"""The clock of a promise in words."""

from datetime import datetime

from assessments.terms.promise import Calendar, days_left, is_broken
from courses.schedule.walltime import local_day
from courses.schedule.words import say_date


def say_clock(promised_at: datetime | None, calendar: Calendar, now: datetime) -> tuple[str, str]:
    """(words, tone) of what is left of a promise, ("", "plain") without one; `now` is the school's clock."""
    if promised_at is None:
        return "", "plain"
    last = say_date(local_day(promised_at, calendar.zone))
    if is_broken(promised_at, now):
        return f"Overdue since {last}", "bad"
    left = days_left(promised_at, calendar, now)
    if not left:
        return f"Promised by the end of {last}", "warn"
    return f"{left} business {'day' if left == 1 else 'days'} left", "warn" if left == 1 else "waiting"
