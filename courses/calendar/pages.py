"""What the calendar's page shows."""

from courses.schedule.words import Said
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """`address_id` is of the address in force, "" without one; `address` is shown once, when it was just made."""

    address_id: str
    made: Said | None
    address: str = ""
