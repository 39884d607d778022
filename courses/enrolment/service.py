"""Enrolling and withdrawing."""

from sqlalchemy import Connection, update

from courses.cohorts.queries import COHORT
from courses.enrolment.errors import EnrolmentRefused
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.enrolment.queries import ENROLMENT, Offer, offer
from courses.enrolment.rules import hindrance
from courses.schedule.rules import starts_at
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Conflict, NotFound
from fourweek.outbox import post


def enrol(conn: Connection, visitor: Visitor, cohort_id: str) -> bool:
    """Take a place for the visitor; False where there is one already. Raises NotFound or EnrolmentRefused."""
    me = visitor.me
    lock(conn, COHORT, cohort_id)
    found = offer(conn, visitor, cohort_id)
    if found is None:
        raise NotFound
    if found.mine in {EnrolmentState.ACTIVE, EnrolmentState.COMPLETED}:
        return False
    reason = hindrance(found.facts.rules, found.seats, visitor.now.school)
    if reason is not None:
        raise EnrolmentRefused(reason.value)
    enrolment_id = _again(conn, found) if found.enrolment_id else _first(conn, visitor, cohort_id)
    record(conn, "enrolment.enrol", "enrolment", enrolment_id, at=visitor.now.real, actor_id=me.id)
    _tell(conn, visitor, found, enrolment_id)
    return True


def withdraw(conn: Connection, visitor: Visitor, cohort_id: str) -> None:
    """Give the visitor's place back. Raises NotFound without one, Conflict for a course that is completed."""
    found = my_active(conn, visitor, cohort_id)
    left = update(ENROLMENT).where(ENROLMENT.c.id == found.enrolment_id, ENROLMENT.c.state == EnrolmentState.ACTIVE)
    values = {"state": EnrolmentState.WITHDRAWN, "withdrawn_at": visitor.now.school}
    if not conn.execute(left.values(values)).rowcount:
        raise Conflict("Your place had changed meanwhile.")
    assert found.enrolment_id is not None  # noqa: S101
    record(conn, "enrolment.withdraw", "enrolment", found.enrolment_id, at=visitor.now.real, actor_id=visitor.me.id)


def my_active(conn: Connection, visitor: Visitor, cohort_id: str) -> Offer:
    """The cohort in which the visitor has a place that can be given back."""
    visitor.me  # noqa: B018 asks for a sign-in
    found = offer(conn, visitor, cohort_id)
    if found is None or found.mine in {None, EnrolmentState.WITHDRAWN}:
        raise NotFound
    if found.mine is EnrolmentState.COMPLETED:
        raise Conflict("This course is completed; its record stays.", what_to_do="There is nothing left to withdraw.")
    return found


def _first(conn: Connection, visitor: Visitor, cohort_id: str) -> str:
    row = Enrolment(id=new_id(), cohort_id=cohort_id, person_id=visitor.me.id, enrolled_at=visitor.now.school)
    add(conn, row)
    return row.id


def _again(conn: Connection, found: Offer) -> str:
    """Somebody who withdrew comes back: the same enrolment, so that work handed in before is still there.

    Dates are still counted from its first day: whoever leaves and returns does not grant themselves more time.
    """
    assert found.enrolment_id is not None  # noqa: S101
    values = {"state": EnrolmentState.ACTIVE, "withdrawn_at": None}
    conn.execute(update(ENROLMENT).where(ENROLMENT.c.id == found.enrolment_id).values(values))
    return found.enrolment_id


def _tell(conn: Connection, visitor: Visitor, found: Offer, enrolment_id: str) -> None:
    facts = found.facts
    starts = say_instant(starts_at(facts.rules), zone(facts.zone), zone(visitor.me.zone))
    data = {
        "course": facts.course_title,
        "cohort": facts.name,
        "starts": str(starts),
        "path": f"/cohorts/{facts.id}",
    }
    key = f"enrolled:{enrolment_id}:{visitor.now.school.isoformat()}"
    post(conn, key, "enrolled", visitor.me.id, now=visitor.now.real, data=data)
