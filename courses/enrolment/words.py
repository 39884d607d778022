"""Places, ways in and days of enrolment in words."""

from courses.cohorts.models import EnrolmentWay
from courses.enrolment.models import EnrolmentState, RequestKind
from courses.enrolment.rules import Entry, Hindrance, Seats, Step
from courses.schedule.words import say_date
from fourweek.language import N_, NP_, _, n_

STEPS = {
    Step.ENROL: N_("Enrol"),
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
    EnrolmentState.ACTIVE: (N_("Active"), "info"),
    EnrolmentState.COMPLETED: (NP_("an enrolment", "Completed"), "good"),
    EnrolmentState.WITHDRAWN: (NP_("an enrolment", "Withdrawn"), "plain"),
}
"""(words, tone) of a pill."""


def say_places(seats: Seats) -> str:
    """Such as "3 of 20 places left"; "" where there is no limit."""
    if seats.left_for_newcomers is None:
        return ""
    if not seats.left_for_newcomers:
        return _(Hindrance.FULL)
    left, capacity = seats.left_for_newcomers, seats.capacity or 0
    return n_("{left} of {count} place left", "{left} of {count} places left", capacity, left=left)


def say_taken(seats: Seats) -> str:
    """The places for those who run the cohort: "12 enrolled", "12 of 20 places taken", "22 enrolled in 20 places"."""
    if seats.capacity is None:
        return n_("{count} enrolled", "{count} enrolled", seats.taken)
    if seats.taken > seats.capacity:
        return n_(
            "{taken} enrolled in {count} place", "{taken} enrolled in {count} places", seats.capacity, taken=seats.taken
        )
    return n_("{taken} of {count} place taken", "{taken} of {count} places taken", seats.capacity, taken=seats.taken)


def say_hindrance(hindrance: Hindrance, entry: Entry) -> str:
    """Why nothing can be done, with the day where there is one."""
    if hindrance is Hindrance.NOT_YET and entry.first:
        return _("Enrolment opens on {date}.", date=say_date(entry.first))
    if hindrance is Hindrance.ENDED and entry.last:
        return _("Enrolment ended on {date}.", date=say_date(entry.last))
    return _(hindrance)


def say_window(entry: Entry) -> str:
    """Such as "From Monday 2 November 2026 through Friday 13 November 2026"; "" without a limit."""
    if entry.first and entry.last:
        return _("From {first} through {last}", first=say_date(entry.first), last=say_date(entry.last))
    if entry.first:
        return _("From {date}", date=say_date(entry.first))
    return _("Through {date}", date=say_date(entry.last)) if entry.last else ""


def say_position(position: int, waiting: int) -> str:
    """Such as "You are number 2 of 5 in line."."""
    return _("You are number {position} of {waiting} in line.", position=position, waiting=waiting)
