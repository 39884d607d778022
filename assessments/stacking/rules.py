"""Which of a person's badges meet a series' rule, and how far somebody is. Pure; days are wall-clock days.

A badge counts while it is not revoked, not withdrawn and, at the instant that is asked about, not over. Of one course
one badge counts: the newest of those that fit. Within a period means that the last badge's day is not later than the
same day of the month that many months after the first one's.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from assessments.badges.ends import months_later
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks: `needed` of these courses, all within so many months; 0 for any time.

    Courses are ids in the rule's order. It holds from `since` on: nobody met it before.
    """

    courses: tuple[str, ...]
    needed: int
    within_months: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Earned:
    """A badge of a course that still stands: when it was awarded, on which day in its cohort's zone, and its end."""

    award_id: str
    course_id: str
    at: datetime
    on: date
    valid_until: datetime | None = None

    def holds(self, instant: datetime) -> bool:
        return self.at <= instant and (self.valid_until is None or instant <= self.valid_until)


@dataclass(frozen=True, slots=True)
class Met:
    """The badges that met a rule, in its order of courses, the one that completed it, and when that was."""

    parts: tuple[Earned, ...]
    last: Earned
    at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How many courses count now, of how many that are needed; until which day the rest has to come, None for any."""

    counted: int
    needed: int
    until: date | None = None


def meeting(asked: Asked, earned: Iterable[Earned]) -> Met | None:
    """The first time that the rule was met, with a set of badges that met it; None where there is no such set."""
    ours = sorted((one for one in earned if one.course_id in asked.courses), key=_order)
    for last in ours:
        at = max(last.at, asked.since)
        known = [one for one in ours if _order(one) <= _order(last)]
        fitting = _newest_of_each([one for one in known if one.holds(at) and _within(asked, one.on, last.on)])
        if last.holds(at) and len(fitting) >= asked.needed:
            others = sorted((one for one in fitting if one is not last), key=_order, reverse=True)
            chosen = (last, *others[: asked.needed - 1])
            return Met(tuple(sorted(chosen, key=lambda one: asked.courses.index(one.course_id))), last, at)
    return None


def progress(asked: Asked, earned: Iterable[Earned], now: datetime, today: date) -> Progress:
    """The furthest that somebody is at this moment, with the most time left."""
    holding = sorted((one for one in earned if one.course_id in asked.courses and one.holds(now)), key=_order)
    best = Progress(0, asked.needed)
    for first in holding if asked.within_months else holding[:1]:
        closes = months_later(first.on, asked.within_months) if asked.within_months else None
        if closes is not None and closes < today:
            continue
        counted = _newest_of_each([one for one in holding if one.on >= first.on])
        ends = [one.valid_until.date() for one in counted if one.valid_until]
        until = min((day for day in (closes, *ends) if day is not None), default=None)
        found = Progress(min(len(counted), asked.needed), asked.needed, until)
        if (found.counted, found.until or date.max) > (best.counted, best.until or date.max) or not best.counted:
            best = found
    return best


def _within(asked: Asked, first: date, last: date) -> bool:
    return not asked.within_months or months_later(first, asked.within_months) >= last


def _newest_of_each(known: Sequence[Earned]) -> list[Earned]:
    return list({one.course_id: one for one in sorted(known, key=_order)}.values())


def _order(one: Earned) -> tuple[datetime, str]:
    return one.at, one.award_id
