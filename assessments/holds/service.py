"""Placing and lifting holds. Whoever calls holds the person's ledger, so that credit is not recorded meanwhile."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from assessments.credit.ledger import hold_ledger
from assessments.credit.queries import DueCredit
from assessments.holds.models import CreditHold, HoldAct, HoldCause
from assessments.holds.queries import asked_of, is_held, open_holds, stays_away
from assessments.identity_checks.queries import newest_check
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import add, new_id
from fourweek.language import N_, _
from fourweek.language.stored import Kept, in_each_language
from fourweek.outbox import post

IDENTITY = N_("An identity check is asked for here, and none that was passed is on record.")


def held(conn: Connection, person_id: str, enrolment_id: str) -> bool:
    """Whether credit of this enrolment waits for a hold to be lifted; one statement."""
    return is_held(conn, person_id, enrolment_id)


def place_missing_identity(conn: Connection, due: DueCredit, now: Now) -> bool:
    """Hold what is due where the cohort asks for an identity check and the newest on record was not passed.

    At most one such hold is open for an enrolment, and none is placed again after the registrar lifted one by hand.
    Says whether what is due has to wait for another look: a hold was placed, or the enrolment went to another account
    meanwhile, in whose ledger it belongs. The caller holds the person's ledger.
    """
    asked = asked_of(conn, due.enrolment_id)
    if asked is None or asked.person_id != due.person_id:
        return True
    if not asked.identity_check:
        return False
    newest = newest_check(conn, due.person_id)
    if (newest is not None and newest.passed) or stays_away(conn, due.enrolment_id):
        return False
    where = f"{asked.title}, {asked.cohort}"
    place(conn, due.person_id, due.enrolment_id, cause=HoldCause.IDENTITY, why=IDENTITY, at=now.real, where=where)
    return True


def place(
    conn: Connection,
    person_id: str,
    enrolment_id: str | None,
    *,
    cause: HoldCause,
    why: str,
    at: datetime,
    where: Kept,
    by: str | None = None,
) -> str:
    """Add a hold and tell the learner; returns its id. `where` says in words what is held."""
    row = CreditHold(
        id=new_id(),
        person_id=person_id,
        enrolment_id=enrolment_id,
        act=HoldAct.PLACED,
        cause=cause,
        why=why,
        at=at,
        by=by,
    )
    add(conn, row)
    detail = {"person": person_id, "enrolment": enrolment_id, "cause": cause.value}
    record(conn, "credit_hold.place", "credit_hold", row.id, at=at, actor_id=by, reason=why, detail=detail)
    data = {"where": where, "cause": cause.value, "reason": in_each_language(lambda: _(why)), "path": "/transcript"}
    post(conn, f"credit_waits:{row.id}", "credit_waits", person_id, now=at, data=data)
    return row.id


def lift_identity(conn: Connection, person_id: str, at: datetime, by: str) -> int:
    """Lift every hold of a person that waits for an identity check; returns how many. For a check that was passed."""
    hold_ledger(conn, person_id)
    waiting = [row for row in open_holds(conn, person_id) if row.cause is HoldCause.IDENTITY]
    for row in waiting:
        lift(conn, row, cause=HoldCause.IDENTITY, why=N_("An identity check was passed."), at=at, by=by)
    return len(waiting)


def lift(conn: Connection, row: Row[Any], *, cause: HoldCause, why: str, at: datetime, by: str) -> None:
    """Add the event that lifts a hold, once: the database refuses a second one."""
    lifting = CreditHold(
        id=new_id(),
        person_id=row.person_id,
        enrolment_id=row.enrolment_id,
        act=HoldAct.LIFTED,
        cause=cause,
        why=why,
        lifts_id=row.id,
        at=at,
        by=by,
    )
    add(conn, lifting)
    detail = {"person": row.person_id, "enrolment": row.enrolment_id, "cause": cause.value}
    record(conn, "credit_hold.lift", "credit_hold", row.id, at=at, actor_id=by, reason=why, detail=detail)
    where = f"{row.course}, {row.cohort}" if row.course else in_each_language(lambda: _("all courses"))
    data = {"where": where, "reason": in_each_language(lambda: _(why)), "path": "/transcript"}
    post(conn, f"credit_released:{row.id}", "credit_released", row.person_id, now=at, data=data)
