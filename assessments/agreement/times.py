"""How long learners wait for a decision, and whether promises are kept. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from assessments.terms.promise import Calendar, is_broken
from courses.schedule.walltime import local_day
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Wait:
    """Handed in, promised (None for no promise) and first posted; school's clock."""

    came: datetime
    promised: datetime | None
    posted: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """Whole days over `works` works: half of them, and nine of ten, were answered within so many.

    `kept` of `promised` promises were kept.
    """

    works: int
    middle_business: int
    most_business: int
    middle_calendar: int
    most_calendar: int
    kept: int
    promised: int


def waits_of(waits: Iterable[Wait], calendar: Calendar) -> Waits | None:
    """None where nothing was posted."""
    all_of_them = list(waits)
    if not all_of_them:
        return None
    spans = [(local_day(one.came, calendar.zone), local_day(one.posted, calendar.zone)) for one in all_of_them]
    business = sorted(calendar.between(*span) for span in spans)
    plain = sorted(max(0, (last - first).days) for first, last in spans)
    due = [one for one in all_of_them if one.promised is not None]
    return Waits(
        works=len(all_of_them),
        middle_business=percentile(business, 50),
        most_business=percentile(business, 90),
        middle_calendar=percentile(plain, 50),
        most_calendar=percentile(plain, 90),
        kept=sum(not is_broken(one.promised, one.posted) for one in due if one.promised is not None),
        promised=len(due),
    )


def percentile(ordered: Sequence[int], share: int) -> int:
    """The smallest value that at least `share` percent of them do not exceed (nearest rank); one value is needed."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]
