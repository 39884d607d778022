"""What the calendar's page shows."""

from dataclasses import dataclass

from courses.schedule.words import Said


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """`address_id` is of the address in force, "" without one; `address` is shown once, when it was just made."""

    address_id: str
    made: Said | None
    address: str = ""
