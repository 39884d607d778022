"""What somebody does for a place of their own: enrol, ask, wait, accept, take it back, withdraw."""

from enum import StrEnum

from sqlalchemy import Connection, bindparam, select, update

from courses.cohorts.queries import COHORT, CohortFacts
from courses.cohorts.scopes import PLANNED_BY, holds_in
from courses.enrolment.errors import EnrolmentRefused, Moved
from courses.enrolment.giving import Cause, answered, ask, fill_places, give_place, stand_in_line
from courses.enrolment.models import EnrolmentState, RequestKind, RequestState
from courses.enrolment.queries import ENROLMENT, REQUEST, MyRequest, Offer, offer
from courses.enrolment.rules import Hindrance, Step
from courses.enrolment.words import say_hindrance
from fourweek.accounts.access import EVERYWHERE, GRANT, Visitor
from fourweek.accounts.models import Role
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _, n_
from fourweek.outbox import post

LONGEST_MESSAGE = 1000
_LEADS = select(GRANT.c.person_id).where(
    holds_in(bindparam("cohort")), GRANT.c.scope_id != EVERYWHERE, GRANT.c.role.in_((Role.LEAD, Role.AUTHOR))
)


class Outcome(StrEnum):
    """How somebody stands after asking for a place."""

    ENROLLED = "enrolled"
    HAD_PLACE = "had a place"
    ASKED = "asked"
    WAITING = "waiting"


def enrol(conn: Connection, visitor: Visitor, cohort_id: str, offered: Step = Step.ENROL, message: str = "") -> Outcome:
    """Take the step towards a place that the visitor was offered; a better one that has come up meanwhile counts.

    Raises NotFound, Invalid for a message that is too long, EnrolmentRefused, and Moved where a lesser step is left.
    """
    if len(message) > LONGEST_MESSAGE:
        raise Invalid(
            {
                "message": n_(
                    "That has {count} character; at most {most} are kept.",
                    "That has {count} characters; at most {most} are kept.",
                    len(message),
                    most=LONGEST_MESSAGE,
                )
            }
        )
    me = visitor.me
    lock(conn, COHORT, cohort_id)
    found = offer(conn, visitor, cohort_id)
    if found is None:
        raise NotFound
    known = _known(found)
    if known is not None:
        return known
    step = found.step(visitor.now.school)
    if isinstance(step, Hindrance):
        raise EnrolmentRefused(say_hindrance(step, found.entry))
    if step in {Step.ENROL, Step.ACCEPT}:
        section_id = found.request.section_id if found.request else None
        give_place(conn, found.facts, me.id, Cause("self", me.id, visitor.now), section_id=section_id)
        return Outcome.ENROLLED
    if found.request and found.request.kind is RequestKind.APPROVAL:
        return Outcome.ASKED
    if offered is not step:
        raise Moved(step)
    return _wait(conn, visitor, found) if step is Step.WAIT else _ask(conn, visitor, found, message)


def take_back(conn: Connection, visitor: Visitor, cohort_id: str) -> RequestKind:
    """Leave the line, take a request back or decline an invitation; says which it was. Raises NotFound without one."""
    lock(conn, COHORT, cohort_id)
    found = offer(conn, visitor, cohort_id)
    if found is None or found.request is None:
        raise NotFound
    _answer_own(conn, visitor, found.request)
    return found.request.kind


def withdraw(conn: Connection, visitor: Visitor, cohort_id: str) -> None:
    """Give the visitor's place back; it goes to the first in line. Raises NotFound without one, Conflict for a course
    that is completed."""
    lock(conn, COHORT, cohort_id)
    found = my_active(conn, visitor, cohort_id)
    assert found.enrolment_id is not None  # noqa: S101
    leave(conn, found.enrolment_id, Cause("self", visitor.me.id, visitor.now))
    fill_places(conn, cohort_id, visitor.now)


def leave(conn: Connection, enrolment_id: str, cause: Cause, reason: str = "") -> None:
    """End an active enrolment. Raises Conflict where it is not active any more."""
    left = update(ENROLMENT).where(ENROLMENT.c.id == enrolment_id, ENROLMENT.c.state == EnrolmentState.ACTIVE)
    values = {"state": EnrolmentState.WITHDRAWN, "withdrawn_at": cause.now.school}
    if not conn.execute(left.values(values)).rowcount:
        raise Conflict(_("This place changed meanwhile."))
    record(conn, "enrolment.withdraw", "enrolment", enrolment_id, at=cause.now.real, actor_id=cause.by, reason=reason)


def my_active(conn: Connection, visitor: Visitor, cohort_id: str) -> Offer:
    """The cohort in which the visitor has a place that can be given back."""
    visitor.me  # noqa: B018 asks for a sign-in
    found = offer(conn, visitor, cohort_id)
    if found is None or not found.has_place:
        raise NotFound
    if found.mine is EnrolmentState.COMPLETED:
        raise Conflict(
            _("This course is completed; its record stays."), what_to_do=_("There is nothing left to withdraw.")
        )
    return found


def _known(found: Offer) -> Outcome | None:
    """How somebody stands whom another step brings nothing."""
    if found.has_place:
        return Outcome.HAD_PLACE
    in_line = found.request is not None and found.request.kind is RequestKind.WAITLIST
    return Outcome.WAITING if in_line else None


def _wait(conn: Connection, visitor: Visitor, found: Offer) -> Outcome:
    """Into the line; an invitation that found no place becomes a place in line."""
    cause = Cause("self", visitor.me.id, visitor.now)
    section_id = found.request.section_id if found.request else None
    if found.request:
        mine = update(REQUEST).where(REQUEST.c.id == found.request.id)
        conn.execute(mine.values(**answered(RequestState.ACCEPTED, cause)))
    request_id = stand_in_line(conn, found.facts.id, visitor.me.id, cause, section_id)
    tell_waiting(conn, found.facts, visitor.me.id, request_id, found.seats.waiting + 1, cause)
    return Outcome.WAITING


def _ask(conn: Connection, visitor: Visitor, found: Offer, message: str) -> Outcome:
    me, cohort_id = visitor.me, found.facts.id
    cause = Cause("self", me.id, visitor.now)
    request_id = ask(conn, cohort_id, me.id, RequestKind.APPROVAL, cause, message=message)
    leads = list(conn.execute(_LEADS, {"cohort": cohort_id}).scalars())
    leads = leads or list(conn.execute(PLANNED_BY, {"cohort": cohort_id}).scalars())
    data = {
        "course": found.facts.course_title,
        "cohort": found.facts.name,
        "name": me.name,
        "message": message,
        "path": f"/staff/cohorts/{cohort_id}/roster/requests",
    }
    for lead in sorted(set(leads)):
        post(conn, f"place_asked:{request_id}:{lead}", "place_asked", lead, now=visitor.now.real, data=data)
    return Outcome.ASKED


def tell_waiting(
    conn: Connection, facts: CohortFacts, person_id: str, request_id: str, position: int, cause: Cause
) -> None:
    """The letter to somebody who has come into the line."""
    data = {
        "course": facts.course_title,
        "cohort": facts.name,
        "position": position,
        "path": f"/cohorts/{facts.id}/enrol",
    }
    post(conn, f"waiting:{request_id}", "waiting", person_id, now=cause.now.real, data=data)


def _answer_own(conn: Connection, visitor: Visitor, request: MyRequest) -> None:
    invited = request.kind is RequestKind.INVITATION
    state = RequestState.DECLINED if invited else RequestState.TAKEN_BACK
    cause = Cause("self", visitor.me.id, visitor.now)
    conn.execute(update(REQUEST).where(REQUEST.c.id == request.id).values(**answered(state, cause)))
    act = "place_request.decline" if invited else "place_request.take_back"
    record(conn, act, "place_request", request.id, at=visitor.now.real, actor_id=visitor.me.id)
