"""The clock of a promise in words."""

from datetime import datetime

from assessments.terms.promise import Calendar, days_left, is_broken
from courses.schedule.walltime import local_day
from courses.schedule.words import say_date
from fourweek.language import _, n_


def say_clock(promised_at: datetime | None, calendar: Calendar, now: datetime) -> tuple[str, str]:
    """(words, tone) of what is left of a promise, ("", "plain") without one; `now` is the school's clock."""
    if promised_at is None:
        return "", "plain"
    last = say_date(local_day(promised_at, calendar.zone))
    if is_broken(promised_at, now):
        return _("Decision overdue since {day}", day=last), "bad"
    left = days_left(promised_at, calendar, now)
    if not left:
        return _("Promised by the end of {day}", day=last), "warn"
    words = n_("{count} business day left", "{count} business days left", left)
    return words, "warn" if left == 1 else "waiting"
