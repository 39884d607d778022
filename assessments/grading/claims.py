"""Leases: who has a submission on the desk, for how long, and how it changes hands."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from assessments.evidence.models import SubmissionState
from assessments.grading.access import (
    CLAIM,
    COHORT,
    ENROLMENT,
    IN_ALL_VERSIONS,
    SOURCE,
    SUBMISSION,
    Found,
    held_submission,
    in_scope,
    need_grader,
    need_lead,
    serves,
)
from assessments.grading.rules import reason_problems
from assessments.grading.words import clock
from courses.enrolment.models import EnrolmentState
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Invalid

TRIES = 100

_HELD = exists(
    select(CLAIM.c.submission_id).where(CLAIM.c.submission_id == SUBMISSION.c.id, CLAIM.c.until > bindparam("real"))
)
WAITS = and_(SUBMISSION.c.state == SubmissionState.SUBMITTED, ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
CHOSEN = (
    or_(bindparam("cohort") == "", COHORT.c.id == bindparam("cohort")),
    or_(bindparam("assignment") == "", bindparam("assignment") == IN_ALL_VERSIONS),
)
OLDEST_FIRST = (SUBMISSION.c.submitted_at, SUBMISSION.c.id)
# Whoever else is taking the oldest one right now is passed over, not waited for.
_NEXT = (
    select(SUBMISSION.c.id)
    .select_from(SOURCE)
    .where(WAITS, ~_HELD, *in_scope(), *CHOSEN)
    .order_by(*OLDEST_FIRST)
    .limit(1)
    .with_for_update(of=SUBMISSION, skip_locked=True)
)


def claim(conn: Connection, visitor: Visitor, submission_id: str, lasts: timedelta) -> None:
    """Take a waiting submission, or one whose lease has ended. Raises Conflict when somebody else has it."""
    found = held_submission(conn, visitor, submission_id)
    need_grader(found)
    if not found.waits:
        raise Conflict(found.gone_words)
    if not take(conn, visitor, submission_id, lasts):
        raise Conflict(taken_words(found, visitor))


def claim_next(
    conn: Connection, visitor: Visitor, lasts: timedelta, cohort_id: str = "", assignment: str = ""
) -> str | None:
    """Take the oldest submission that is free, of all cohorts served or as chosen; its id, None when none waits."""
    wanted = serves(visitor, Permission.GRADE) | {"cohort": cohort_id, "assignment": assignment}
    for _ in range(TRIES):
        submission_id = conn.execute(_NEXT, wanted | {"real": visitor.now.real}).scalar()
        if submission_id is None:
            return None
        if take(conn, visitor, submission_id, lasts, own_too=False):
            return str(submission_id)
    return None


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
        raise Conflict("Nobody holds this submission any more.")
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
        return "Nobody has this submission."
    until = clock(found.claim.until, visitor.me.zone)
    if found.claim.lasts(visitor.now.real):
        return f"{found.claim.grader_name} has this submission until {until}."
    return f"{found.claim.grader_name} had this submission until {until}."


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
