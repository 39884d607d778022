"""Placing and lifting legal holds."""

from typing import Any

from sqlalchemy import Connection, select, update

from assessments.retention.access import holder, one_cohort, one_hold, person_at
from assessments.retention.models import LegalHold
from assessments.retention.queries import HOLD
from courses.cohorts.queries import COHORT
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Invalid
from fourweek.language import _

LONGEST = 500


def hold_person(conn: Connection, visitor: Visitor, address: str, reason: str) -> str:
    """Keep all evidence of whoever has this address; returns the hold's id. Raises Invalid and NotFound.

    The same hold asked for twice is placed once.
    """
    holder(visitor)
    wrong = _wrong_reason(reason)
    person_id = person_at(conn, address)
    if person_id is None:
        wrong = {"address": _("Nobody here has this address.") if address.strip() else _("Give an address."), **wrong}
    if wrong or person_id is None:
        raise Invalid(wrong)
    lock(conn, PERSON, person_id)
    return _place(conn, visitor, reason, person_id=person_id)


def hold_cohort(conn: Connection, visitor: Visitor, cohort_id: str, reason: str) -> str:
    """Keep all evidence of a cohort; as `hold_person`."""
    holder(visitor)
    found = one_cohort(conn, cohort_id)
    if wrong := _wrong_reason(reason):
        raise Invalid(wrong)
    lock(conn, COHORT, found.id)
    return _place(conn, visitor, reason, cohort_id=found.id)


def lift(conn: Connection, visitor: Visitor, hold_id: str, reason: str) -> None:
    """End a hold; what is over its period goes at the next look. Asked for twice, it is done once."""
    found = one_hold(conn, visitor, hold_id)
    if wrong := _wrong_reason(reason):
        raise Invalid(wrong)
    values = {"lifted_at": visitor.now.real, "lifted_by": visitor.me.id, "lift_reason": reason.strip()}
    in_force = update(HOLD).where(HOLD.c.id == found.id, HOLD.c.lifted_at.is_(None))
    if conn.execute(in_force.values(values)).rowcount == 1:
        _note(conn, visitor, "legal_hold.lift", found, reason)


def _place(
    conn: Connection, visitor: Visitor, reason: str, *, person_id: str | None = None, cohort_id: str | None = None
) -> str:
    """Whom it is about is locked, so that the same hold asked for twice is seen."""
    same = select(HOLD.c.id).where(
        HOLD.c.person_id.is_not_distinct_from(person_id),
        HOLD.c.cohort_id.is_not_distinct_from(cohort_id),
        HOLD.c.reason == reason.strip(),
        HOLD.c.lifted_at.is_(None),
    )
    earlier: str | None = conn.execute(same).scalar()
    if earlier is not None:
        return earlier
    hold = LegalHold(
        id=new_id(),
        person_id=person_id,
        cohort_id=cohort_id,
        reason=reason.strip(),
        placed_at=visitor.now.real,
        placed_by=visitor.me.id,
    )
    add(conn, hold)
    _note(conn, visitor, "legal_hold.place", hold, reason)
    return hold.id


def _note(conn: Connection, visitor: Visitor, act: str, hold: Any, reason: str) -> None:
    """`hold` is its row or its model."""
    detail = {"cohort_id": hold.cohort_id} if hold.cohort_id else {"person_id": hold.person_id}
    at, me = visitor.now.real, visitor.me.id
    record(conn, act, "legal_hold", hold.id, at=at, actor_id=me, reason=reason.strip(), detail=detail)


def _wrong_reason(reason: str) -> dict[str, str]:
    if not reason.strip():
        return {"reason": _("Say why.")}
    if len(reason.strip()) > LONGEST:
        return {"reason": _("Keep it to {most} characters.", most=LONGEST)}
    return {}
