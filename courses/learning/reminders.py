"""When a learner is written to about a module, and when no more: the stop rules. Pure.

All take a person's own dates, so that an extension moves everything along. Nothing is said of what is locked or past.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from courses.coursework import Work
from courses.progress.rules import is_taken, of_module
from courses.schedule.rules import EffectiveDates, is_open, takes_attempt
from courses.schedule.terms import PersonDates
from courses.schedule.walltime import MINUTE, is_past

STALE = timedelta(days=7)
FIRST, LAST = 72, 24
HOUR = timedelta(hours=1)
NEXT_MORNING = 9 * HOUR
JUST_AFTER = datetime.resolution


def is_news(dates: EffectiveDates, enrolled_at: datetime, now: datetime) -> bool:
    """Whether the module opened within the last week, after the person enrolled: what was open then is no news."""
    return is_open(dates, now) and now - dates.opens_at <= STALE and dates.opens_at > enrolled_at


def hours_left(dates: EffectiveDates, now: datetime) -> int | None:
    """Which reminder is due now, by its hours. The nearer one takes the place of the other."""
    if dates.due_at is None or not is_open(dates, now) or is_past(now, dates.due_at):
        return None
    left = dates.due_at - now
    if left > FIRST * HOUR:
        return None
    return LAST if left <= LAST * HOUR else FIRST


def is_overdue(dates: EffectiveDates, enrolled_at: datetime, now: datetime) -> bool:
    """Whether first evidence was due lately, after the person enrolled, and is still taken."""
    if dates.due_at is None or dates.due_at <= enrolled_at:
        return False
    return NEXT_MORNING <= now - dates.due_at <= STALE and takes_attempt(dates, now)


def missing(works: Sequence[Work], number: int, dates: EffectiveDates, now: datetime) -> tuple[str, ...]:
    """Titles of the module's required work that was never handed in and may be now."""
    return tuple(
        work.title
        for work in of_module(works, number)
        if work.required and work.submitted_at is None and is_taken(work, dates, now)
    )


def unchanged_until(
    all_dates: Sequence[EffectiveDates], extensions: Sequence[PersonDates], now: datetime
) -> datetime | None:
    """Until when `is_news`, `hours_left` and `is_overdue` say of a place what they say at `now`; None: for ever.

    `all_dates` are those at `now`. An open pause moves dates on every day, and so gives `now` itself.
    """
    if any(one.pause_first and not one.pause_last for one in extensions):
        return now
    turns = (turn for dates in all_dates for turn in _turns(dates))
    return min((turn for turn in (*turns, *_grant_turns(extensions)) if turn > now), default=None)


def _turns(dates: EffectiveDates) -> Iterator[datetime]:
    """The instants at which one of the stop rules may change its mind about these dates."""
    yield from (dates.opens_at, dates.opens_at + STALE + JUST_AFTER)
    if dates.due_at is not None:
        yield from (dates.due_at - FIRST * HOUR, dates.due_at - LAST * HOUR, dates.due_at + MINUTE)
        yield from (dates.due_at + NEXT_MORNING, dates.due_at + STALE + JUST_AFTER)
    yield from (end + MINUTE for end in (dates.late_until, dates.closes_at) if end is not None)


def _grant_turns(extensions: Iterable[PersonDates]) -> Iterator[datetime]:
    """When extensions come into force or expire."""
    for one in extensions:
        yield one.granted_at
        if one.expires_at is not None:
            yield one.expires_at
