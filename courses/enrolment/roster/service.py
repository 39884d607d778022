"""What those who run a cohort do about requests and places."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from courses.cohorts.access import staff_cohort, staff_part
from courses.enrolment.giving import Cause, Held, answered, fill_places, give_place, hold, stand_in_line
from courses.enrolment.models import EnrolmentState, RequestKind, RequestState
from courses.enrolment.queries import ENROLMENT, REQUEST
from courses.enrolment.service import leave, tell_waiting
from courses.schedule.rules import is_over
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _, n_
from fourweek.light import dataclass
from fourweek.outbox import post

LONGEST_REASON = 500
MOST = 100
_TICKED: Any = (
    select(REQUEST.c.id, REQUEST.c.person_id, REQUEST.c.kind, REQUEST.c.section_id)
    .where(
        REQUEST.c.cohort_id == bindparam("cohort"),
        REQUEST.c.state == RequestState.OPEN,
        REQUEST.c.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(REQUEST.c.made_at, REQUEST.c.id)
)
_PLACE = select(ENROLMENT.c.person_id, ENROLMENT.c.section_id, ENROLMENT.c.state).where(
    ENROLMENT.c.id == bindparam("enrolment"), ENROLMENT.c.cohort_id == bindparam("cohort")
)


@dataclass(frozen=True, slots=True)
class Answered:
    """How many got a place, went into the line, were declined, and had been answered before."""

    placed: int = 0
    lined_up: int = 0
    declined: int = 0
    gone: int = 0


def give_places(
    conn: Connection, visitor: Visitor, cohort_id: str, ids: Sequence[str], *, beyond: bool = False
) -> Answered:
    """Say yes to open requests, the first to come first. Those for whom there is no place go into the line, if the
    cohort has one. Raises Invalid where there is none, unless the places may be exceeded (`beyond`)."""
    held, ticked, gone = _ticked(conn, visitor, cohort_id, ids)
    if is_over(held.facts.rules, visitor.now.school):
        raise Conflict(_("This cohort is over; nobody can be enrolled any more."))
    cause = Cause("approved", visitor.me.id, visitor.now)
    free = len(ticked) if beyond else _free(held, ticked)
    first, rest = ticked[:free], [one for one in ticked[free:] if one.kind is not RequestKind.WAITLIST]
    if len(ticked) > free and not (held.entry.waitlist and len(rest) == len(ticked) - free):
        raise Invalid({"": _too_many(free, len(ticked))})
    for one in first:
        give_place(conn, held.facts, one.person_id, cause, section_id=one.section_id)
    for place, one in enumerate(rest):
        _line_up(conn, held, one, cause, place)
    return Answered(placed=len(first), lined_up=len(rest), gone=gone)


def decline(conn: Connection, visitor: Visitor, cohort_id: str, ids: Sequence[str], reason: str) -> Answered:
    """Say no to open requests, with a reason that those who asked read. Raises Invalid without one."""
    reason = _reason(reason)
    held, ticked, gone = _ticked(conn, visitor, cohort_id, ids)
    cause = Cause("staff", visitor.me.id, visitor.now)
    for one in ticked:
        state = RequestState.TAKEN_BACK if one.kind is RequestKind.INVITATION else RequestState.DECLINED
        conn.execute(update(REQUEST).where(REQUEST.c.id == one.id).values(**answered(state, cause, reason)))
        at, me = visitor.now.real, visitor.me.id
        record(conn, "place_request.decline", "place_request", one.id, at=at, actor_id=me, reason=reason)
        data = {
            "course": held.facts.course_title,
            "cohort": held.facts.name,
            "kind": one.kind.value,
            "reason": reason,
            "path": f"/courses/{held.facts.course_code}",
        }
        post(conn, f"place_declined:{one.id}", "place_declined", one.person_id, now=at, data=data)
    return Answered(declined=len(ticked), gone=gone)


def withdraw_learner(conn: Connection, visitor: Visitor, cohort_id: str, enrolment_id: str, reason: str) -> None:
    """End somebody's place; it goes to the first in line. Raises Invalid without a reason, Conflict for a place that
    is not active."""
    _facts, part = staff_part(conn, visitor, cohort_id)
    held = hold(conn, cohort_id)
    row = conn.execute(_PLACE, {"enrolment": enrolment_id, "cohort": cohort_id}).first()
    if row is None or (part is not None and row.section_id not in part):
        raise NotFound
    if row.state is not EnrolmentState.ACTIVE:
        raise Conflict(_("Only somebody who takes part in the cohort can be withdrawn."))
    reason = _reason(reason)
    leave(conn, enrolment_id, Cause("staff", visitor.me.id, visitor.now), reason)
    data = {
        "course": held.facts.course_title,
        "cohort": held.facts.name,
        "reason": reason,
        "path": f"/courses/{held.facts.course_code}",
    }
    key = f"withdrawn:{enrolment_id}:{visitor.now.school.isoformat()}"
    post(conn, key, "withdrawn", row.person_id, now=visitor.now.real, data=data)
    fill_places(conn, cohort_id, visitor.now)


def _ticked(conn: Connection, visitor: Visitor, cohort_id: str, ids: Sequence[str]) -> tuple[Held, list[Any], int]:
    """The cohort, locked, its ticked requests that are still open, and how many are not. Raises Invalid for none."""
    staff_cohort(conn, visitor, cohort_id)
    if not ids:
        raise Invalid({"": _("Tick at least one person first.")})
    if len(ids) > MOST:
        raise Invalid({"": _("Tick at most {most} people at once.", most=MOST)})
    held = hold(conn, cohort_id)
    ticked = conn.execute(_TICKED, {"cohort": cohort_id, "ids": list(ids)}).all()
    return held, list(ticked), len(set(ids)) - len(ticked)


def _free(held: Held, ticked: Sequence[Any]) -> int:
    """How many of these may have a place: free ones, less those that belong to others in line."""
    if held.seats.left is None:
        return len(ticked)
    if any(one.kind is RequestKind.WAITLIST for one in ticked):
        return held.seats.left
    return held.seats.left_for_newcomers or 0


def _line_up(conn: Connection, held: Held, one: Any, cause: Cause, behind: int) -> None:
    """A request that was approved without a free place: it becomes one at the end of the line."""
    values = answered(RequestState.ACCEPTED, cause)
    conn.execute(update(REQUEST).where(REQUEST.c.id == one.id).values(**values))
    request_id = stand_in_line(conn, held.facts.id, one.person_id, cause, one.section_id)
    tell_waiting(conn, held.facts, one.person_id, request_id, held.seats.waiting + 1 + behind, cause)


def _too_many(free: int, asked: int) -> str:
    if not free:
        return _("There is no free place. Tick “beyond the places” to enrol them anyway.")
    return n_(
        "There is {count} free place, and {ticked} people are ticked. Tick “beyond the places” to enrol them anyway.",
        "There are {count} free places, and {ticked} people are ticked. Tick “beyond the places” to enrol them anyway.",
        free,
        ticked=asked,
    )


def _reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if not reason:
        raise Invalid({"reason": _("Give a reason; the person reads it.")})
    if len(reason) > LONGEST_REASON:
        raise Invalid(
            {
                "reason": n_(
                    "The reason has {count} character; at most {most} are kept.",
                    "The reason has {count} characters; at most {most} are kept.",
                    len(reason),
                    most=LONGEST_REASON,
                )
            }
        )
    return reason
