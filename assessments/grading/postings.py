"""Posting: a decision becomes visible to the learner, and until then it can be undone (law 5)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, exists, select

from assessments.grading.access import SOURCE, SUBMISSION, Found, held_submission, in_scope, serves
from assessments.grading.items import Item, held_items, item_of, ready_ids
from assessments.grading.letters import announce, held_before, key_of
from assessments.grading.models import DecisionReview, Posting, ReviewResult
from assessments.grading.queries import DECISION, POSTING, Current, current_decision
from assessments.grading.stages import Stage
from fourweek import outbox
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record_all
from fourweek.database import add, table
from fourweek.errors import Conflict, Forbidden, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

PIECE = 200
REVIEW = table(DecisionReview)
_SEEN, _OTHER = POSTING.alias("seen"), DECISION.alias("other")
# A change that was never posted and is itself changed goes out with the newest one: what it took the place of would
# count again otherwise. What was sent back took the place of nothing that anybody saw.
_SILENT = select(DECISION.c.id).where(
    DECISION.c.submission_id.in_(bindparam("submissions", expanding=True)),
    DECISION.c.id.not_in(bindparam("decisions", expanding=True)),
    DECISION.c.supersedes_id.is_not(None),
    ~exists(select(POSTING.c.decision_id).where(POSTING.c.decision_id == DECISION.c.id)),
    exists(
        select(_SEEN.c.decision_id)
        .join(_OTHER, _OTHER.c.id == _SEEN.c.decision_id)
        .where(_OTHER.c.submission_id == DECISION.c.submission_id)
    ),
    ~exists(
        select(REVIEW.c.decision_id).where(
            REVIEW.c.decision_id == DECISION.c.id, REVIEW.c.result == ReviewResult.SENT_BACK
        )
    ),
)
_TO_COME = select(POSTING.c.decision_id, POSTING.c.posted_by).where(
    POSTING.c.decision_id.in_(select(DECISION.c.id).where(DECISION.c.submission_id == bindparam("submission"))),
    POSTING.c.posted_at > bindparam("now"),
)
_BATCH = (
    select(POSTING.c.decision_id, SUBMISSION.c.id.label("submission_id"))
    .select_from(
        SOURCE.join(DECISION, DECISION.c.submission_id == SUBMISSION.c.id).join(
            POSTING, POSTING.c.decision_id == DECISION.c.id
        )
    )
    .where(
        POSTING.c.posted_at == bindparam("at"),
        POSTING.c.posted_by == bindparam("by"),
        POSTING.c.posted_at > bindparam("now"),
        *in_scope(),
    )
)
_HOLD_BATCH = (
    select(SUBMISSION.c.id)
    .where(SUBMISSION.c.id.in_(bindparam("submissions", expanding=True)))
    .order_by(SUBMISSION.c.id)
    .with_for_update()
)
NEEDS_LEAD = N_("A lead looks at this decision before it is posted.")
WHY_NOT = {
    Stage.TO_REVIEW: N_("a lead looks at it first"),
    Stage.SENT_BACK: N_("it was sent back to its grader"),
    Stage.TO_COME: N_("it is posted already"),
    Stage.POSTED: N_("it is posted already"),
    Stage.READY: "",
}
"""Why a decision in this stage cannot be posted, "" where it can."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What came of many at once: how many were done, from when they count, and what was not done, in words.

    `foreign` counts what was asked for and is not the visitor's to touch, or is not there.
    """

    done: int = 0
    at: datetime | None = None
    refused: tuple[str, ...] = ()
    foreign: int = 0

    def __add__(self, other: "Batch") -> "Batch":
        refused, foreign = self.refused + other.refused, self.foreign + other.foreign
        return Batch(self.done + other.done, other.at or self.at, refused, foreign)


def post(conn: Connection, visitor: Visitor, submission_id: str, delay: timedelta) -> datetime:
    """Post the newest decision of a submission; the instant from which it counts (school's clock).

    For whoever decided it, for leads and for the registrar. Posting again changes nothing. Raises Conflict where there
    is nothing to post, or a lead has to look at it first.
    """
    found = held_submission(conn, visitor, submission_id)
    decision = current_decision(conn, submission_id)
    if decision is None or found.waits:
        raise Conflict(_("There is no decision to post yet."))
    if not (found.may_change or decision.decided_by == visitor.me.id):
        raise Forbidden(_("Only who decided this, or the lead of the cohort, may post it."))
    at = put(conn, visitor, found, decision, delay)
    if at is None:
        raise Conflict(NEEDS_LEAD)
    return at


def put(conn: Connection, visitor: Visitor, found: Found, decision: Current, delay: timedelta) -> datetime | None:
    """Post the decision that holds; from when it counts, None where a lead has to look at it first.

    The caller has locked the submission of `found` and authorised.
    """
    item, now = item_of(conn, decision.id), visitor.now.school
    if item is None or item.submission_id != found.id:
        raise NotFound
    if item.posted_at is not None:
        return item.posted_at
    if item.stage(now) is not Stage.READY:
        return None
    _put_all(conn, visitor, [item], now + delay)
    return now + delay


def post_many(
    conn: Connection, visitor: Visitor, decision_ids: Sequence[str], delay: timedelta, at: datetime | None = None
) -> Batch:
    """Post these decisions as the lead of their cohorts; about ten statements, however many they are.

    What cannot be posted is named, and holds nothing up. They count from `at`, if that is still to come: pieces of one
    batch share it, so that they can be taken back together.
    """
    items = held_items(conn, visitor, decision_ids)
    now = visitor.now.school
    counts = at if at is not None and now < at <= now + delay else now + delay
    ready = [item for item in items if not _refusal(item, now)]
    _put_all(conn, visitor, ready, counts)
    return Batch(
        done=len(ready),
        at=counts if ready else None,
        refused=tuple(named(item, why) for item in items if (why := _refusal(item, now))),
        foreign=len(set(decision_ids)) - len(items),
    )


def post_ready(
    conn: Connection, visitor: Visitor, chosen: tuple[str, str], delay: timedelta, at: datetime | None = None
) -> Batch:
    """Post the next piece of what is ready, of all or of the `chosen` cohort and assignment ("" is any)."""
    return post_many(conn, visitor, ready_ids(conn, visitor, *chosen, PIECE), delay, at)


def undo(conn: Connection, visitor: Visitor, submission_id: str) -> None:
    """Take back a posting that does not count yet. Raises Conflict once it does."""
    found = held_submission(conn, visitor, submission_id)
    rows = conn.execute(_TO_COME, {"submission": submission_id, "now": visitor.now.school}).all()
    if not rows:
        raise Conflict(_("This is posted and counts. A change is a new decision with a reason."))
    if not (found.may_change or all(row.posted_by == visitor.me.id for row in rows)):
        raise Forbidden(_("Only who posted this, or the lead of the cohort, may take it back."))
    _take_back(conn, visitor, {submission_id: [row.decision_id for row in rows]})


def undo_batch(conn: Connection, visitor: Visitor, by: str, at: datetime) -> int:
    """Take back what the person `by` posted to count from `at`, as far as the visitor leads there; how many.

    Raises Conflict once it counts.
    """
    wanted = serves(visitor, Permission.REVIEW_GRADES) | {"by": by, "at": at, "now": visitor.now.school}
    conn.execute(_HOLD_BATCH, {"submissions": [row.submission_id for row in conn.execute(_BATCH, wanted)]})
    taken: dict[str, list[str]] = {}
    for row in conn.execute(_BATCH, wanted):
        taken.setdefault(row.submission_id, []).append(row.decision_id)
    if not taken:
        raise Conflict(_("These are posted and count, or were taken back already."))
    _take_back(conn, visitor, taken)
    return len(taken)


def named(item: Item, why: str) -> str:
    """One decision and why nothing was done with it."""
    return _("“{title}”, receipt {receipt}: {why}", title=item.title, receipt=item.receipt, why=why)


def _refusal(item: Item, now: datetime) -> str:
    """Why this one cannot be posted, "" where it can."""
    return item.is_gone or _(WHY_NOT[item.stage(now)])


def _put_all(conn: Connection, visitor: Visitor, items: Sequence[Item], at: datetime) -> None:
    """Write postings, audit rows and letters; the caller has locked and authorised."""
    if not items:
        return
    submissions, ids = [item.submission_id for item in items], [item.id for item in items]
    before = held_before(conn, items, at)
    silent = conn.execute(_SILENT, {"submissions": submissions, "decisions": ids}).scalars().all()
    add(conn, *(Posting(decision_id=one, posted_at=at, posted_by=visitor.me.id) for one in (*silent, *ids)))
    details = {item.id: {"submission": item.submission_id} for item in items}
    record_all(conn, "decision.posted", "decision", details, at=visitor.now.real, actor_id=visitor.me.id)
    announce(conn, visitor, items, before, visitor.now.real + (at - visitor.now.school))


def _take_back(conn: Connection, visitor: Visitor, taken: dict[str, list[str]]) -> None:
    """Delete postings, {submission id: decision ids}, and the letters about them."""
    ids: Iterable[str] = [one for decisions in taken.values() for one in decisions]
    conn.execute(delete(POSTING).where(POSTING.c.decision_id.in_(ids)))
    outbox.withdraw(conn, *map(key_of, ids))
    details = {submission: {"decisions": decisions} for submission, decisions in taken.items()}
    record_all(conn, "posting.undone", "submission", details, at=visitor.now.real, actor_id=visitor.me.id)
