"""What stands in the way of a place, and what is to be done for one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.cohorts.models import EnrolmentWay
from courses.enrolment.rules import Entry, Hindrance, Seats, Step, line_moves, next_step
from courses.enrolment.words import say_hindrance, say_places, say_window
from courses.schedule.terms import CohortRules, Pacing
from tests.factories import MONDAY

RULES = CohortRules(MONDAY, "UTC", 4)
LAST_MINUTE = datetime(2026, 11, 29, 23, 59, 59, tzinfo=UTC)
NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
FREE, FULL = Seats(20, 3), Seats(20, 20)
APPROVAL, INVITATION = Entry(EnrolmentWay.APPROVAL), Entry(EnrolmentWay.INVITATION)


@pytest.mark.parametrize(
    ("seats", "entry", "step"),
    [
        (Seats(None, 500), Entry(), Step.ENROL),
        (Seats(2, 1), Entry(), Step.ENROL),
        (Seats(2, 2), Entry(), Hindrance.FULL),
        (Seats(2, 3), Entry(), Hindrance.FULL),
        (Seats(2, 2), Entry(waitlist=True), Step.WAIT),
        (Seats(2, 1, waiting=1), Entry(waitlist=True), Step.WAIT),
        (Seats(2, 2), Entry(is_open=False, waitlist=True), Hindrance.CLOSED),
        (FREE, APPROVAL, Step.ASK),
        (FULL, APPROVAL, Hindrance.FULL),
        (FULL, Entry(EnrolmentWay.APPROVAL, waitlist=True), Step.ASK),
        (FREE, INVITATION, Hindrance.INVITED_ONLY),
        (FULL, INVITATION, Hindrance.INVITED_ONLY),
    ],
)
def test_next_step_until_the_last_minute(seats: Seats, entry: Entry, step: Step | Hindrance) -> None:
    assert next_step(RULES, seats, entry, LAST_MINUTE) is step
    assert next_step(RULES, seats, entry, LAST_MINUTE + timedelta(seconds=1)) is Hindrance.OVER


@pytest.mark.parametrize(
    ("seats", "entry", "step"),
    [
        (FREE, INVITATION, Step.ACCEPT),
        (FREE, Entry(is_open=False), Step.ACCEPT),
        (FREE, Entry(last=date(2026, 1, 1)), Step.ACCEPT),
        (FREE, APPROVAL, Step.ACCEPT),
        (FULL, INVITATION, Hindrance.FULL),
        (FULL, Entry(EnrolmentWay.INVITATION, waitlist=True), Step.WAIT),
    ],
)
def test_an_invitation_opens_every_door_but_adds_no_chair(seats: Seats, entry: Entry, step: Step | Hindrance) -> None:
    assert next_step(RULES, seats, entry, NOW, invited=True) is step


def test_days_of_enrolment_are_the_cohorts_and_both_count() -> None:
    rules = CohortRules(MONDAY, "Pacific/Auckland", 4)
    entry = Entry(first=date(2026, 10, 20), last=date(2026, 10, 21))
    midnight = datetime(2026, 10, 19, 11, tzinfo=UTC)  # Auckland is 13 hours ahead
    after = midnight + timedelta(days=2)
    second = timedelta(seconds=1)
    answers = [next_step(rules, FREE, entry, at) for at in (midnight - second, midnight, after - second, after)]
    assert answers == [Hindrance.NOT_YET, Step.ENROL, Step.ENROL, Hindrance.ENDED]
    assert [line_moves(rules, entry, at) for at in (midnight, after)] == [True, False]
    assert say_hindrance(Hindrance.NOT_YET, entry) == "Enrolment opens on Tuesday 20 October 2026."
    assert say_hindrance(Hindrance.ENDED, entry) == "Enrolment ended on Wednesday 21 October 2026."
    assert say_window(entry) == "From Tuesday 20 October 2026 through Wednesday 21 October 2026"


def test_at_ones_own_pace_a_cohort_is_never_over() -> None:
    rules = CohortRules(MONDAY, "UTC", 4, pacing=Pacing.ENROLMENT)
    assert next_step(rules, FREE, Entry(), LAST_MINUTE + timedelta(days=400)) is Step.ENROL


@given(
    st.builds(Seats, st.integers(0, 5) | st.none(), st.integers(0, 7), st.integers(0, 3)),
    st.builds(Entry, st.sampled_from(EnrolmentWay), st.booleans()),
)
def test_nobody_takes_a_place_that_is_not_there(seats: Seats, entry: Entry) -> None:
    for invited in (False, True):
        step = next_step(RULES, seats, entry, NOW, invited=invited)
        if step in {Step.ENROL, Step.ACCEPT}:
            assert seats.capacity is None or seats.taken + seats.waiting < seats.capacity
        if step is Step.WAIT:
            assert entry.waitlist


@pytest.mark.parametrize(
    ("seats", "words"),
    [
        (Seats(None, 3), ""),
        (Seats(20, 17), "3 of 20 places left"),
        (Seats(2, 4), "All places are taken."),
        (Seats(2, 1, waiting=1), "All places are taken."),
    ],
)
def test_places_in_words(seats: Seats, words: str) -> None:
    assert say_places(seats) == words
