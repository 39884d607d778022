"""Leases: who has a submission on the desk, for how long, and how it changes hands."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from assessments.allocation.order import IN_ORDER, shuffle_of
from assessments.evidence.models import Step
from assessments.grading.access import (
    CLAIM,
    SUBMISSION,
    Found,
    held_submission,
    in_scope,
    need_grader,
    need_lead,
    serves,
)
from assessments.grading.parts import CHOSEN_IDS, FOR_ME, FREE_NOW, IDS, TO_RATE, WAITS
from assessments.grading.rules import reason_problems
from assessments.grading.words import clock
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Invalid
from fourweek.language import N_, _

TRIES = 100
RATED = N_("Your rating is done. Another grader rates this too, without seeing yours.")
TO_SETTLE = N_("Both ratings are in. A lead settles where they differ.")

_FREE = select(SUBMISSION.c.id).select_from(IDS).where(WAITS, TO_RATE, FOR_ME, FREE_NOW, *in_scope(), *CHOSEN_IDS)
# What is promised first is found by its index, and only what is promised with it is put in order.
_SOONEST = _FREE.with_only_columns(SUBMISSION.c.promised_at).order_by(IN_ORDER[0]).limit(1)
# Whoever else is taking the first one right now is passed over, not waited for.
_NEXT = _FREE.order_by(*IN_ORDER).limit(1).with_for_update(of=SUBMISSION, skip_locked=True)
_NEXT_THEN = _NEXT.where(SUBMISSION.c.promised_at == bindparam("promised"))


def claim(conn: Connection, visitor: Visitor, submission_id: str, lasts: timedelta) -> None:
    """Take a waiting submission, or one whose lease has ended. Raises Conflict when somebody else has it."""
    found = held_submission(conn, visitor, submission_id)
    need_grader(found)
    if not found.waits:
        raise Conflict(found.gone_words)
    if found.step is Step.RECONCILING:
        raise Conflict(TO_SETTLE)
    if found.rated:
        raise Conflict(RATED)
    if found.given_to not in (None, visitor.me.id) and not found.may_review:
        raise Conflict(
            _("This was given to {name}.", name=found.given_name),
            what_to_do=_("Ask a lead if you should have it."),
        )
    if not take(conn, visitor, submission_id, lasts):
        raise Conflict(taken_words(found, visitor))


def claim_next(
    conn: Connection,
    visitor: Visitor,
    lasts: timedelta,
    cohort_id: str = "",
    assignment: str = "",
    *,
    unchecked: bool = False,
) -> str | None:
    """Take the first submission of the visitor's queue that is free, of all cohorts served or as chosen.

    Returns its id, None when none waits. What is given to somebody else is left alone.
    """
    wanted = serves(visitor, Permission.GRADE) | {"cohort": cohort_id, "assignment": assignment, "unchecked": unchecked}
    wanted |= {"real": visitor.now.real, "shuffle": shuffle_of(visitor.me.id)}
    for _try in range(TRIES):
        submission_id = _first(conn, wanted)
        if submission_id is None:
            return None
        if take(conn, visitor, submission_id, lasts, own_too=False):
            return submission_id
    return None


def _first(conn: Connection, wanted: dict[str, Any]) -> str | None:
    """The first that is free; where others are taking all that is promised as soon, the first of the rest."""
    promised = conn.execute(_SOONEST, wanted).scalar()
    found = conn.execute(_NEXT_THEN, wanted | {"promised": promised}).scalar() if promised else None
    return found or conn.execute(_NEXT, wanted).scalar()


def take(conn: Connection, visitor: Visitor, submission_id: str, lasts: timedelta, *, own_too: bool = True) -> bool:
    """Hold the lease from now on, unless one that has not ended is held by somebody else; says whether it is held.

    Without `own_too` a running lease of the visitor's own is left alone like anybody's.
    """
    me, real = visitor.me.id, visitor.now.real
    values = {"submission_id": submission_id, "grader_id": me, "claimed_at": real, "until": real + lasts}
    ended, own = CLAIM.c.until <= real, CLAIM.c.grader_id == me
    if not _upsert(conn, values, or_(ended, own) if own_too else ended):
        return False
    record(conn, "claim.taken", "submission", submission_id, at=real, actor_id=me)
    return True


def renew(conn: Connection, visitor: Visitor, submission_id: str, lasts: timedelta) -> None:
    """Let the visitor's own lease run `lasts` from now; the caller has seen that it is theirs."""
    conn.execute(CLAIM.update().where(CLAIM.c.submission_id == submission_id).values(until=visitor.now.real + lasts))


def release(conn: Connection, visitor: Visitor, submission_id: str) -> None:
    """Give a submission back to the queue; the draft rating stays. Nothing happens when somebody else has it."""
    found = held_submission(conn, visitor, submission_id)
    if found.claim is not None and found.claim.grader_id == visitor.me.id:
        drop(conn, submission_id)
        record(conn, "claim.released", "submission", submission_id, at=visitor.now.real, actor_id=visitor.me.id)


def break_claim(conn: Connection, visitor: Visitor, submission_id: str, reason: str) -> None:
    """Take a submission from whoever holds it and put it back into the queue: leads only, with a reason."""
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    if problems := reason_problems(reason):
        raise Invalid(problems)
    if found.claim is None:
        raise Conflict(_("Nobody holds this submission any more."))
    drop(conn, submission_id)
    record(
        conn,
        "claim.broken",
        "submission",
        submission_id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=reason,
        detail={"grader": found.claim.grader_id},
    )


def drop(conn: Connection, submission_id: str) -> None:
    conn.execute(delete(CLAIM).where(CLAIM.c.submission_id == submission_id))


def taken_words(found: Found, visitor: Visitor) -> str:
    """Who has a claimed submission, and until when or since when no longer."""
    if found.claim is None:
        return _("Nobody has this submission.")
    until = clock(found.claim.until, visitor.me.zone)
    if found.claim.lasts(visitor.now.real):
        return _("{name} has this submission until {time}.", name=found.claim.grader_name, time=until)
    return _("{name} had this submission until {time}.", name=found.claim.grader_name, time=until)


def _upsert(conn: Connection, values: dict[str, Any], free: ColumnElement[bool]) -> bool:
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = (
        make(CLAIM)
        .values(values)
        .on_conflict_do_update(
            index_elements=[CLAIM.c.submission_id],
            set_={name: values[name] for name in ("grader_id", "claimed_at", "until")},
            where=free,
        )
    )
    return conn.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1
