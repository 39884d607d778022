"""What a lead makes of decisions before they are posted: found ready, or sent back to be rated again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, String, bindparam, select, update

from assessments.evidence.models import Step, SubmissionState
from assessments.grading.access import SUBMISSION, Found, held_submission, need_lead
from assessments.grading.claims import drop
from assessments.grading.items import Item, held_items, item_of
from assessments.grading.models import DecisionReview, Outcome, RatingState, ReviewResult
from assessments.grading.postings import Batch, named
from assessments.grading.queries import RATING
from assessments.grading.rules import reason_problems
from assessments.grading.stages import BY_GRADERS, Stage
from courses.cohorts.scopes import holds_in
from fourweek import outbox
from fourweek.accounts.access import ALLOWS, GRANT, Permission, Visitor
from fourweek.audit.service import record, record_all
from fourweek.database import add
from fourweek.errors import Conflict, Invalid
from fourweek.language import _

_MAY_GRADE = select(GRANT.c.id).where(
    GRANT.c.person_id == bindparam("person"),
    GRANT.c.role.in_([role for role, allowed in ALLOWS.items() if Permission.GRADE in allowed]),
    holds_in(bindparam("cohort", type_=String), bindparam("section", type_=String)),
)


def find_ready(conn: Connection, visitor: Visitor, decision_ids: Sequence[str]) -> Batch:
    """Find these decisions ready to be posted, as the lead of their cohorts; five statements, however many.

    What needs no look is passed over; what can be found ready no more is named, and holds nothing up.
    """
    items, now = held_items(conn, visitor, decision_ids), visitor.now.school
    ready = [item for item in items if not item.is_gone and item.stage(now) is Stage.TO_REVIEW]
    if ready:
        add(conn, *(_review(visitor, item.id, ReviewResult.READY) for item in ready))
        details = {item.id: {"submission": item.submission_id} for item in ready}
        record_all(conn, "decision.ready", "decision", details, at=visitor.now.real, actor_id=visitor.me.id)
    return Batch(
        done=len(ready),
        refused=tuple(named(item, why) for item in items if (why := _refusal(item, now))),
        foreign=len(set(decision_ids)) - len(items),
    )


def find_one_ready(conn: Connection, visitor: Visitor, submission_id: str, decision_id: str) -> Batch:
    """The same for the one decision of a submission. Raises NotFound and Forbidden for whoever does not lead there."""
    need_lead(held_submission(conn, visitor, submission_id))
    return find_ready(conn, visitor, [decision_id])


def send_back(conn: Connection, visitor: Visitor, submission_id: str, decision_id: str, note: str) -> None:
    """Let the grader of a decision that is not posted rate again, with what they had as their draft: leads only.

    The decision stays on record; the next one takes its place with this note as its reason. The same press twice is
    one. Raises Invalid without a note, and Conflict where the decision is another by now, posted or found ready.
    """
    found = held_submission(conn, visitor, submission_id)
    need_lead(found)
    if problems := reason_problems(note):
        raise Invalid({"back": problems["reason"]})
    item = _item_on(conn, found, decision_id)
    if item.stage(visitor.now.school) is Stage.SENT_BACK:
        return
    if why := _stays(item, visitor.now.school):
        raise Conflict(why)
    add(conn, _review(visitor, item.id, ReviewResult.SENT_BACK, note))
    grader_id = _to_draft(conn, str(item.rating_id))
    _to_queue(conn, visitor, found, grader_id)
    _tell(conn, visitor, item, grader_id, note)
    record(
        conn,
        "decision.sent_back",
        "decision",
        item.id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=note,
        detail={"submission": found.id, "grader": grader_id},
    )


def _item_on(conn: Connection, found: Found, decision_id: str) -> Item:
    item = item_of(conn, decision_id)
    if item is None or item.submission_id != found.id or item.is_superseded:
        raise Conflict(_("This decision was changed meanwhile."))
    return item


def _stays(item: Item, now: datetime) -> str:
    """Why a decision cannot be sent back, "" where it can."""
    if item.posted_at is not None:
        if item.posted_at <= now:
            return _("It is posted and counts. A change is a new decision with a reason.")
        return _("It is posted. Take the posting back first. A change is a new decision with a reason.")
    if item.result is ReviewResult.READY:
        return _("It was found ready meanwhile. To say something else, change the decision.")
    if item.way not in BY_GRADERS or item.outcome is Outcome.RETURNED_INCOMPLETE or item.rating_id is None:
        return _("No grader rated this by themselves. To say something else, change the decision.")
    return ""


def _to_draft(conn: Connection, rating_id: str) -> str:
    """Make a rating a draft again, as it was left; whose it is."""
    again = update(RATING).where(RATING.c.id == rating_id).values(state=RatingState.DRAFT, done_at=None)
    return str(conn.execute(again.returning(RATING.c.grader_id)).scalar_one())


def _to_queue(conn: Connection, visitor: Visitor, found: Found, grader_id: str) -> None:
    """Let the submission wait for this grader again; for anybody where they grade there no more."""
    asked = {"person": grader_id, "cohort": found.cohort_id, "section": found.section_id}
    given_to = grader_id if conn.execute(_MAY_GRADE, asked).first() else None
    waits = {"state": SubmissionState.SUBMITTED, "step": Step.RATING}
    given = {"given_to": given_to, "given_by": visitor.me.id, "given_at": visitor.now.school}
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == found.id).values(waits | given))
    drop(conn, found.id)


def _tell(conn: Connection, visitor: Visitor, item: Item, grader_id: str, note: str) -> None:
    data = {
        "title": item.title,
        "course": item.course_title,
        "attempt": item.attempt,
        "receipt": item.receipt,
        "note": note,
        "path": f"/grading/{item.submission_id}",
    }
    outbox.post(conn, f"sent_back:{item.id}", "sent_back", grader_id, now=visitor.now.real, data=data)


def _review(visitor: Visitor, decision_id: str, result: ReviewResult, note: str = "") -> DecisionReview:
    return DecisionReview(
        decision_id=decision_id, result=result, reviewed_by=visitor.me.id, reviewed_at=visitor.now.real, note=note
    )


def _refusal(item: Item, now: datetime) -> str:
    if item.is_gone:
        return item.is_gone
    return _("it is posted already") if item.stage(now) in (Stage.POSTED, Stage.TO_COME) else ""
