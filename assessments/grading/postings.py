"""Posting: a decision becomes visible to the learner, and until then it can be undone (law 5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, select

from assessments.grading.access import (
    SOURCE,
    SUBMISSION,
    Found,
    held_submission,
    in_scope,
    need_lead,
    serves,
)
from assessments.grading.models import Outcome, Posting
from assessments.grading.queries import DECISION, POSTING, SUPERSEDED, Current, current_decision
from assessments.grading.words import OUTCOMES
from fourweek import outbox
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.database import add_once
from fourweek.errors import Conflict, Forbidden

IS_POSTED = exists(select(POSTING.c.decision_id).where(POSTING.c.decision_id == DECISION.c.id))
_MANY = (
    select(SUBMISSION.c.id)
    .select_from(SOURCE.join(DECISION, DECISION.c.submission_id == SUBMISSION.c.id))
    .where(DECISION.c.id.in_(bindparam("decisions", expanding=True)), ~SUPERSEDED, ~IS_POSTED, *in_scope())
    .order_by(SUBMISSION.c.id)
)
# A change that was never posted and is itself changed goes out with the newest one: what it took the place of would
# count again otherwise.
_SILENT = select(DECISION.c.id).where(
    DECISION.c.submission_id == bindparam("submission"), DECISION.c.supersedes_id.is_not(None), ~IS_POSTED
)
_ONCE_POSTED = (
    select(POSTING.c.decision_id)
    .join(DECISION, DECISION.c.id == POSTING.c.decision_id)
    .where(DECISION.c.submission_id == bindparam("submission"), POSTING.c.posted_at <= bindparam("now"))
    .limit(1)
)
_TO_COME = select(POSTING.c.decision_id, POSTING.c.posted_by).where(
    POSTING.c.decision_id.in_(select(DECISION.c.id).where(DECISION.c.submission_id == bindparam("submission"))),
    POSTING.c.posted_at > bindparam("now"),
)


def post(conn: Connection, visitor: Visitor, submission_id: str, delay: timedelta) -> datetime:
    """Post the newest decision of a submission; the instant from which it counts (school's clock).

    For whoever decided it, for leads and for the registrar. Posting again changes nothing.
    """
    found = held_submission(conn, visitor, submission_id)
    decision = current_decision(conn, submission_id)
    if decision is None:
        raise Conflict("There is no decision to post yet.")
    if not (found.may_change or decision.decided_by == visitor.me.id):
        raise Forbidden("Only who decided this, or the lead of the cohort, may post it.")
    return put(conn, visitor, found, decision, delay)


def post_many(conn: Connection, visitor: Visitor, decision_ids: Sequence[str], delay: timedelta) -> int:
    """Post a page of decisions as the lead of their cohorts; how many were new. Others are passed over."""
    wanted = serves(visitor, Permission.REVIEW_GRADES) | {"decisions": list(decision_ids)}
    posted = 0
    for submission_id in conn.execute(_MANY, wanted).scalars().all():
        found = held_submission(conn, visitor, submission_id)
        need_lead(found)
        decision = current_decision(conn, submission_id)
        if decision is not None and decision.id in decision_ids:
            put(conn, visitor, found, decision, delay)
            posted += 1
    return posted


def put(conn: Connection, visitor: Visitor, found: Found, decision: Current, delay: timedelta) -> datetime:
    """Write the posting, its audit row and its letter; the caller has locked and authorised."""
    at = visitor.now.school + delay
    changed = conn.execute(_ONCE_POSTED, {"submission": found.id, "now": visitor.now.school}).first() is not None
    silent = conn.execute(_SILENT, {"submission": found.id}).scalars().all()
    for decision_id in {*silent, decision.id}:
        new = add_once(conn, Posting(decision_id=decision_id, posted_at=at, posted_by=visitor.me.id))
        if new and decision_id == decision.id:
            _announce(conn, visitor, found, decision, at=visitor.now.real + delay, changed=changed)
    return at


def undo(conn: Connection, visitor: Visitor, submission_id: str) -> None:
    """Take back a posting that does not count yet. Raises Conflict once it does."""
    found = held_submission(conn, visitor, submission_id)
    rows = conn.execute(_TO_COME, {"submission": submission_id, "now": visitor.now.school}).all()
    if not rows:
        raise Conflict("This is posted and counts. A change is a new decision with a reason.")
    if not (found.may_change or all(row.posted_by == visitor.me.id for row in rows)):
        raise Forbidden("Only who posted this, or the lead of the cohort, may take it back.")
    ids = [row.decision_id for row in rows]
    conn.execute(delete(POSTING).where(POSTING.c.decision_id.in_(ids)))
    outbox.withdraw(conn, *map(_key, ids))
    record(
        conn,
        "posting.undone",
        "submission",
        submission_id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        detail={"decisions": ids},
    )


def _announce(
    conn: Connection, visitor: Visitor, found: Found, decision: Current, *, at: datetime, changed: bool
) -> None:
    """The audit row and the letter of a posting. The letter leaves at `at` (real clock), when the posting counts."""
    record(
        conn,
        "decision.posted",
        "decision",
        decision.id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        detail={"submission": found.id},
    )
    kind = "returned" if decision.outcome is Outcome.RETURNED_INCOMPLETE else "posted"
    data = {
        "title": found.title,
        "course": found.course_title,
        "attempt": found.attempt,
        "outcome": OUTCOMES[decision.outcome],
        "changed": changed,
        "path": f"/cohorts/{found.cohort_id}/modules/{found.module_number}/assignments/{found.assignment_key}",
    }
    outbox.post(conn, _key(decision.id), kind, found.learner_id, now=visitor.now.real, at=at, data=data)


def _key(decision_id: str) -> str:
    return f"posted:{decision_id}"
