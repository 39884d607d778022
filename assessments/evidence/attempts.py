"""Attempts after the first: begun from what was handed in before, or from what was taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, delete, select, update

from assessments.assignments.models import RequirementKind
from assessments.checks.settling import staying
from assessments.evidence.access import CLAIM, Desk, Tried, Where, my_desk
from assessments.evidence.drafts import begin, begun, kept_in
from assessments.evidence.errors import BeingRead, NotTaken, OutOfTime
from assessments.evidence.members import members_of
from assessments.evidence.models import Evidence, SubmissionState
from assessments.evidence.queries import IS_JUDGED, SUBMISSION
from assessments.evidence.rules import slots_to_close
from assessments.evidence.standing import last_handed_in
from assessments.grading.models import DecisionLine, Outcome
from assessments.rubrics.queries import CRITERION
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id, table

LINE = table(DecisionLine)
_JUDGED: Select[Any] = (
    select(CRITERION.c.judged_on, LINE.c.met)
    .outerjoin(LINE, and_(LINE.c.criterion_id == CRITERION.c.id, LINE.c.decision_id == bindparam("decision")))
    .where(CRITERION.c.rubric_id == bindparam("rubric"))
)
_STANDS: Select[Any] = (
    select(SUBMISSION.c.state, CLAIM.c.until, IS_JUDGED.label("is_judged"))
    .outerjoin(CLAIM, CLAIM.c.submission_id == SUBMISSION.c.id)
    .where(SUBMISSION.c.id == bindparam("submission"))
)


def begin_next(conn: Connection, visitor: Visitor, where: Where, *, arrived: datetime | None = None) -> None:
    """Begin a further attempt from the newest one: what was handed in is there again. Safe to ask for twice.

    It opens only what criteria that are not met are judged on. Raises NotTaken where none may be begun.
    """
    desk = my_desk(conn, visitor, where, deciding=True, arrived=arrived)
    if desk.draft is not None:
        return
    newest = last_handed_in(desk.attempts)
    earlier = desk.tried(newest.number) if newest else None
    if earlier is None or not desk.may_begin:
        raise NotTaken
    _begin_from(conn, desk, replace(earlier, closed=_closed_after(conn, desk, earlier), changes=""))


def withdraw(conn: Connection, visitor: Visitor, where: Where, number: int, *, arrived: datetime | None = None) -> None:
    """Take attempt `number` back before anybody judges it; it goes on as a draft. Asked for twice, it is done once.

    Against a grader who claims it at the same instant one of the two wins: both lock the submission first. Raises
    BeingRead for the learner who was too late, OutOfTime where it could not be handed in again.
    """
    desk = my_desk(conn, visitor, where, deciding=True, arrived=arrived)
    tried = desk.tried(number)
    if tried is not None and tried.attempt.is_withdrawn:
        return
    if tried is None or tried.attempt.is_draft or tried.attempt.outcome is not None:
        raise NotTaken
    lock(conn, SUBMISSION, tried.id)
    if _is_read(conn.execute(_STANDS, {"submission": tried.id}).one(), visitor):
        raise BeingRead
    if not desk.takes_again(tried):
        raise OutOfTime
    gone = {"state": SubmissionState.WITHDRAWN, "withdrawn_at": desk.now}
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == tried.id).values(gone))
    conn.execute(delete(CLAIM).where(CLAIM.c.submission_id == tried.id))
    _begin_from(conn, desk, tried)
    at, me, detail = visitor.now.real, visitor.me.id, {"attempt": number, "receipt": tried.receipt}
    record(conn, "submission.withdraw", "submission", tried.id, at=at, actor_id=me, detail=detail)


def _is_read(stands: Row[Any], visitor: Visitor) -> bool:
    """Whether a grader has it, has rated it or has decided; a lease that ended does not count."""
    claimed = stands.until is not None and stands.until > visitor.now.real
    return claimed or bool(stands.is_judged) or stands.state is not SubmissionState.SUBMITTED


def _begin_from(conn: Connection, desk: Desk, earlier: Tried) -> None:
    """A draft with the evidence of `earlier`, its closed slots and its note. What was purged stays behind."""
    draft = replace(begun(desk), closed=earlier.closed, changes=earlier.changes)
    begin(conn, desk, draft, members_of(conn, earlier.id))
    changed = {"submission_id": draft.id, "saved_at": desk.now}
    stays = _checks_that_stay(conn, desk, earlier)
    rows = [row for row in kept_in(conn, earlier.id)[earlier.id].by_id.values() if row.purged_at is None]
    rows = [row for row in rows if row.kind is not RequirementKind.CHECK or row.requirement_id in stays]
    if rows:
        add(conn, *(Evidence(**row._asdict() | changed | {"id": new_id()}) for row in rows))


def _checks_that_stay(conn: Connection, desk: Desk, earlier: Tried) -> frozenset[str]:
    """The knowledge checks that need not be tried again, by the ids of their requirements."""
    checks = [slot.id for slot in desk.task.slots if slot.asked.kind is RequirementKind.CHECK]
    judged = earlier.attempt.state is SubmissionState.DECIDED
    return staying(conn, desk.place.enrolment_id, checks, judged=judged)


def _closed_after(conn: Connection, desk: Desk, earlier: Tried) -> tuple[str, ...]:
    """The keys of the slots that the attempt after `earlier` does not open.

    One that was returned incomplete has no verdict: the next opens what it had opened itself.
    """
    if earlier.attempt.outcome is Outcome.RETURNED_INCOMPLETE:
        return earlier.closed
    judged: Sequence[Row[Any]] = conn.execute(
        _JUDGED, {"decision": earlier.decision_id, "rubric": desk.rubric_id}
    ).all()
    return slots_to_close(
        [slot.asked.key for slot in desk.task.slots], [(row.judged_on, bool(row.met)) for row in judged]
    )
