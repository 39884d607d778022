"""What stands in the way of a place."""

from datetime import UTC, datetime, timedelta

import pytest

from courses.enrolment.rules import Hindrance, Seats, hindrance, say_places
from courses.schedule.terms import CohortRules
from tests.factories import MONDAY

RULES = CohortRules(MONDAY, "UTC", 4)
LAST_MINUTE = datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seats", "reason"),
    [
        (Seats(None, 500), None),
        (Seats(2, 1), None),
        (Seats(2, 2), Hindrance.FULL),
        (Seats(2, 3), Hindrance.FULL),
        (Seats(2, 2, open_for_enrolment=False), Hindrance.CLOSED),
    ],
)
def test_hindrance_until_the_last_minute(seats: Seats, reason: Hindrance | None) -> None:
    assert hindrance(RULES, seats, LAST_MINUTE) is reason
    assert hindrance(RULES, seats, LAST_MINUTE + timedelta(seconds=1)) is Hindrance.OVER


@pytest.mark.parametrize(
    ("seats", "words"),
    [(Seats(None, 3), ""), (Seats(20, 17), "3 of 20 places left"), (Seats(2, 4), "All places are taken.")],
)
def test_places_in_words(seats: Seats, words: str) -> None:
    assert say_places(seats) == words
