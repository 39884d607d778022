"""Whether a place in a cohort can be had, and what somebody does for one. Pure."""

from datetime import date, datetime
from enum import StrEnum

from courses.cohorts.models import EnrolmentWay
from courses.schedule.rules import is_over
from courses.schedule.terms import CohortRules
from courses.schedule.walltime import local_day
from courses.schedule.zones import zone
from fourweek.language import N_
from fourweek.light import dataclass


class Hindrance(StrEnum):
    """Why somebody can do nothing for a place, in words; `words.say_hindrance` knows the dates too."""

    OVER = N_("This cohort is over.")
    CLOSED = N_("Enrolment is closed.")
    NOT_YET = N_("Enrolment has not opened yet.")
    ENDED = N_("Enrolment has ended.")
    INVITED_ONLY = N_("By invitation only.")
    FULL = N_("All places are taken.")


class Step(StrEnum):
    """What somebody can do for a place: take it, ask for it, stand in line, or say yes to an invitation."""

    ENROL = "enrol"
    ASK = "ask"
    WAIT = "wait"
    ACCEPT = "accept"


@dataclass(frozen=True, slots=True)
class Entry:
    """How people come in. From the first to the last local day of the cohort's zone, both included; None: no limit."""

    way: EnrolmentWay = EnrolmentWay.SELF
    waitlist: bool = False
    is_open: bool = True
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Seats:
    """`capacity` None: no limit. `taken` counts everybody who has not withdrawn, `waiting` those in line."""

    capacity: int | None
    taken: int
    waiting: int = 0

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def left_for_newcomers(self) -> int | None:
        """Free places that nobody in line stands before."""
        return None if self.left is None else max(0, self.left - self.waiting)


def next_step(
    rules: CohortRules, seats: Seats, entry: Entry, now: datetime, *, invited: bool = False
) -> Step | Hindrance:
    """What somebody without a place can do at `now` (the school's clock), or what stands in the way.

    An invitation holds outside of the days of enrolment and where nobody else can enrol, though not beyond the places.
    """
    if is_over(rules, now):
        return Hindrance.OVER
    shut = None if invited else _shut(rules, entry, now) or _by_invitation(entry)
    if shut is not None:
        return shut
    full = seats.left_for_newcomers == 0
    if full and not entry.waitlist:
        return Hindrance.FULL
    if entry.way is EnrolmentWay.APPROVAL and not invited:
        return Step.ASK
    if full:
        return Step.WAIT
    return Step.ACCEPT if invited else Step.ENROL


def line_moves(rules: CohortRules, entry: Entry, now: datetime) -> bool:
    """Whether a free place goes to the first in line: as long as people can enrol at all."""
    return not is_over(rules, now) and _shut(rules, entry, now) is None


def _shut(rules: CohortRules, entry: Entry, now: datetime) -> Hindrance | None:
    today = local_day(now, zone(rules.zone))
    if not entry.is_open:
        return Hindrance.CLOSED
    if entry.first is not None and today < entry.first:
        return Hindrance.NOT_YET
    return Hindrance.ENDED if entry.last is not None and today > entry.last else None


def _by_invitation(entry: Entry) -> Hindrance | None:
    return Hindrance.INVITED_ONLY if entry.way is EnrolmentWay.INVITATION else None
