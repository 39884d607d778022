"""Places, ways in and days of enrolment in words."""

from courses.cohorts.models import EnrolmentWay
from courses.enrolment.models import EnrolmentState, RequestKind
from courses.enrolment.rules import Entry, Hindrance, Seats, Step
from courses.schedule.words import say_date

STEPS = {
    Step.ENROL: "Enrol",
    Step.ASK: "Ask for a place",
    Step.WAIT: "Join the waiting list",
    Step.ACCEPT: "Accept the invitation",
}
WAYS = {
    EnrolmentWay.SELF: "You enrol yourself.",
    EnrolmentWay.APPROVAL: "You ask for a place; the people who run the cohort answer.",
    EnrolmentWay.INVITATION: "By invitation.",
}
STANDINGS = {
    RequestKind.WAITLIST: "You are on the waiting list",
    RequestKind.APPROVAL: "You have asked for a place",
    RequestKind.INVITATION: "You are invited",
}
STATES = {
    EnrolmentState.ACTIVE: ("Active", "info"),
    EnrolmentState.COMPLETED: ("Completed", "good"),
    EnrolmentState.WITHDRAWN: ("Withdrawn", "plain"),
}
"""(words, tone) of a pill."""


def say_places(seats: Seats) -> str:
    """Such as "3 of 20 places left"; "" where there is no limit."""
    if seats.left_for_newcomers is None:
        return ""
    if not seats.left_for_newcomers:
        return Hindrance.FULL.value
    return f"{seats.left_for_newcomers} of {seats.capacity} places left"


def say_taken(seats: Seats) -> str:
    """The places for those who run the cohort: "12 enrolled", "12 of 20 places taken", "22 enrolled in 20 places"."""
    if seats.capacity is None:
        return f"{seats.taken} enrolled"
    if seats.taken > seats.capacity:
        return f"{seats.taken} enrolled in {seats.capacity} places"
    return f"{seats.taken} of {seats.capacity} places taken"


def say_hindrance(hindrance: Hindrance, entry: Entry) -> str:
    """Why nothing can be done, with the day where there is one."""
    if hindrance is Hindrance.NOT_YET and entry.first:
        return f"Enrolment opens on {say_date(entry.first)}."
    if hindrance is Hindrance.ENDED and entry.last:
        return f"Enrolment ended on {say_date(entry.last)}."
    return hindrance.value


def say_window(entry: Entry) -> str:
    """Such as "From Monday 2 November 2026 through Friday 13 November 2026"; "" without a limit."""
    if entry.first and entry.last:
        return f"From {say_date(entry.first)} through {say_date(entry.last)}"
    if entry.first:
        return f"From {say_date(entry.first)}"
    return f"Through {say_date(entry.last)}" if entry.last else ""


def say_position(position: int, waiting: int) -> str:
    """Such as "You are number 2 of 5 in line."."""
    return f"You are number {position} of {waiting} in line."
