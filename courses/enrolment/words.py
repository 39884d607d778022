"""Places, ways in and days of enrolment in words."""

from courses.cohorts.models import EnrolmentWay
from courses.enrolment.models import EnrolmentState, RequestKind
from courses.enrolment.rules import Entry, Hindrance, Seats, Step
from courses.schedule.words import say_date
from fourweek.language import N_, _

STEPS = {
    Step.ENROL: "Enrol",
    Step.ASK: N_("Ask for a place"),
    Step.WAIT: N_("Join the waiting list"),
    Step.ACCEPT: N_("Accept the invitation"),
}
WAYS = {
    EnrolmentWay.SELF: N_("You enrol yourself."),
    EnrolmentWay.APPROVAL: N_("You ask for a place; the people who run the cohort answer."),
    EnrolmentWay.INVITATION: N_("By invitation."),
}
STANDINGS = {
    RequestKind.WAITLIST: N_("You are on the waiting list"),
    RequestKind.APPROVAL: N_("You have asked for a place"),
    RequestKind.INVITATION: N_("You are invited"),
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
    return _(
        "{left_for_newcomers} of {capacity} places left",
        left_for_newcomers=seats.left_for_newcomers,
        capacity=seats.capacity,
    )


def say_taken(seats: Seats) -> str:
    """The places for those who run the cohort: "12 enrolled", "12 of 20 places taken", "22 enrolled in 20 places"."""
    if seats.capacity is None:
        return _("{taken} enrolled", taken=seats.taken)
    if seats.taken > seats.capacity:
        return _("{taken} enrolled in {capacity} places", taken=seats.taken, capacity=seats.capacity)
    return _("{taken} of {capacity} places taken", taken=seats.taken, capacity=seats.capacity)


def say_hindrance(hindrance: Hindrance, entry: Entry) -> str:
    """Why nothing can be done, with the day where there is one."""
    if hindrance is Hindrance.NOT_YET and entry.first:
        return _("Enrolment opens on {first}.", first=say_date(entry.first))
    if hindrance is Hindrance.ENDED and entry.last:
        return _("Enrolment ended on {last}.", last=say_date(entry.last))
    return hindrance.value


def say_window(entry: Entry) -> str:
    """Such as "From Monday 2 November 2026 through Friday 13 November 2026"; "" without a limit."""
    if entry.first and entry.last:
        return _("From {first} through {last}", first=say_date(entry.first), last=say_date(entry.last))
    if entry.first:
        return _("From {first}", first=say_date(entry.first))
    return _("Through {last}", last=say_date(entry.last)) if entry.last else ""


def say_position(position: int, waiting: int) -> str:
    """Such as "You are number 2 of 5 in line."."""
    return _("You are number {position} of {waiting} in line.", position=position, waiting=waiting)
