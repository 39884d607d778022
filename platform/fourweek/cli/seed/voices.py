"""What each learner writes about: the same reasoning, told of a service of their own."""

import re
from dataclasses import asdict
from fractions import Fraction
from typing import Final

from fourweek.light import dataclass

HOLE: Final = re.compile(r"\{([A-Za-z]+|[0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Voice:
    """The words a learner's service is described with. `scale` is the constant that all counts are multiplied by, as
    the course allows: in whole halves, so that rounded sums stay true.
    """

    service: str
    users: str
    user: str
    act: str
    things: str
    provider: str
    scale: Fraction = Fraction(1)

    def number(self, count: int) -> int:
        return int(count * self.scale + Fraction(1, 2))

    def fill(self, text: str) -> str:
        """`text` with its holes filled: words such as {users} or {Users}, counts such as {429}. Raises KeyError."""
        words = {name: value for name, value in asdict(self).items() if isinstance(value, str)}

        def word(hole: re.Match[str]) -> str:
            name = hole[1]
            if name.isdigit():
                return f"{self.number(int(name)):,}"
            value = words[name.lower()]
            return value[:1].upper() + value[1:] if name[0].isupper() else value

        return HOLE.sub(word, text)


HALF, ONE_AND_A_HALF = Fraction(1, 2), Fraction(3, 2)
PAYMENT = "the payment provider"
VOICES: Final = {
    "amara": Voice(
        "the appointment service of a group of clinics",
        "patients",
        "a patient",
        "book an appointment",
        "bookings",
        "the insurer's eligibility check",
        HALF,
    ),
    "jonas": Voice("Skerry Ferries", "passengers", "a passenger", "book a crossing", "bookings", PAYMENT),
    "priya": Voice(
        "the meter portal of a water company",
        "households",
        "a household",
        "send in a reading",
        "readings",
        "the text message gateway",
        ONE_AND_A_HALF,
    ),
    "daniela": Voice(
        "the refill service of a pharmacy chain",
        "customers",
        "a customer",
        "order a refill",
        "orders",
        "the prescription register",
        Fraction(2),
    ),
    "weiling": Voice(
        "a transit card service", "riders", "a rider", "top up a card", "top-ups", "the card network", Fraction(9, 2)
    ),
    "rafael": Voice(
        "the seat service of a regional bus line",
        "travellers",
        "a traveller",
        "reserve a seat",
        "reservations",
        PAYMENT,
        Fraction(5, 2),
    ),
    "huimin": Voice(
        "the slot service of a container terminal",
        "hauliers",
        "a haulier",
        "reserve a gate slot",
        "reservations",
        "the customs register",
    ),
    "ananya": Voice(
        "the loan service of a university library",
        "readers",
        "a reader",
        "renew a loan",
        "renewals",
        "the identity service",
        Fraction(3),
    ),
    "grace": Voice(
        "the permit office of a county", "residents", "a resident", "apply for a permit", "applications", PAYMENT, HALF
    ),
    "zaneta": Voice(
        "the ticket service of a city theatre",
        "visitors",
        "a visitor",
        "buy a ticket",
        "sales",
        PAYMENT,
        ONE_AND_A_HALF,
    ),
    "kwame": Voice(
        "the enrolment desk of an online school",
        "students",
        "a student",
        "enrol in a class",
        "enrolments",
        PAYMENT,
        Fraction(2),
    ),
    "lukas": Voice(
        "a bicycle rental",
        "customers",
        "a customer",
        "rent a bicycle",
        "rentals",
        PAYMENT,
        Fraction(7, 2),
    ),
    "olivia": Voice(
        "the appointment service of a group of eye clinics",
        "patients",
        "a patient",
        "book an examination",
        "bookings",
        "the insurer's eligibility check",
    ),
    "tunde": Voice(
        "the label service of a parcel company", "senders", "a sender", "buy a label", "labels", PAYMENT, Fraction(5)
    ),
}
