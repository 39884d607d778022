"""Whether a place in a cohort can be had. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from courses.schedule.rules import ends_at
from courses.schedule.terms import CohortRules
from courses.schedule.walltime import is_past


class Hindrance(StrEnum):
    """Why a cohort takes nobody, in words."""

    OVER = "This cohort is over."
    CLOSED = "Enrolment is closed."
    FULL = "All places are taken."


@dataclass(frozen=True, slots=True)
class Seats:
    """`capacity` None: no limit. `taken` counts everybody who has not withdrawn."""

    capacity: int | None
    taken: int
    open_for_enrolment: bool = True

    @property
    def left(self) -> int | None:
        return None if self.capacity is None else max(0, self.capacity - self.taken)


def hindrance(rules: CohortRules, seats: Seats, now: datetime) -> Hindrance | None:
    """What stands in the way of enrolling at `now` (the school's clock); None where nothing does."""
    if is_past(now, ends_at(rules)):
        return Hindrance.OVER
    if not seats.open_for_enrolment:
        return Hindrance.CLOSED
    return Hindrance.FULL if seats.left == 0 else None


def say_places(seats: Seats) -> str:
    """Such as "3 of 20 places left"; "" where there is no limit."""
    if seats.left is None:
        return ""
    return f"{seats.left} of {seats.capacity} places left" if seats.left else Hindrance.FULL.value
