"""Deciding: the one outcome of a submission, and the new one that takes its place (law 5)."""

from datetime import timedelta

from sqlalchemy import Connection, update

from assessments.checks.graded import unpassed_checks
from assessments.deciding.queries import Holding, rule_for
from assessments.evidence.models import SubmissionState
from assessments.grading.access import SUBMISSION, Found, held_submission, need_grader
from assessments.grading.carrying import still_asked, with_carried
from assessments.grading.claims import drop
from assessments.grading.errors import Clashed, Kept
from assessments.grading.forms import Change, Typed
from assessments.grading.models import Decision, DecisionLine, Outcome, RatingState, Way
from assessments.grading.postings import put
from assessments.grading.queries import (
    RATING,
    Current,
    carried_into,
    criteria_of,
    current_decision,
    decided_scoring,
    kept_rating,
)
from assessments.grading.ratings import Desk, at_desk, keep
from assessments.grading.rules import (
    Criterion,
    Line,
    decision_problems,
    draft_problems,
    judge,
    reason_problems,
    return_problems,
    same,
)
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, new_id
from fourweek.errors import Conflict, Forbidden, Invalid


def decide(
    conn: Connection,
    visitor: Visitor,
    submission_id: str,
    typed: Typed,
    *,
    lasts: timedelta,
    post_after: timedelta | None = None,
) -> Outcome:
    """Decide by the levels given, and post too when `post_after` says how long it may still be undone.

    Raises Invalid for what is missing and Clashed as `ratings.save` does. The same press twice decides once.
    """
    desk = _desk(conn, visitor, submission_id, typed)
    if isinstance(desk, Current):
        return desk.outcome
    unpassed, holds = _unpassed(conn, desk.found), _rule(conn, visitor, desk.found)
    if problems := decision_problems(desk.criteria, typed.scoring, unpassed, holds.rule):
        raise Invalid(problems)
    verdict = judge(desk.rubric, with_carried(typed.scoring, desk.carried), unpassed, holds.rule)
    decision = _decision(desk.found, visitor, verdict.outcome, typed.scoring.comment)
    decision.rule_id = holds.id
    _close(conn, visitor, desk, typed, decision, verdict.lines, lasts)
    if post_after is not None:
        put(conn, visitor, desk.found, _current(decision), post_after)
    return verdict.outcome


def give_back(
    conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, *, lasts: timedelta, post_after: timedelta
) -> Outcome:
    """Return evidence as incomplete: no verdict, no attempt used; posted with its message at once."""
    desk = _desk(conn, visitor, submission_id, typed)
    if isinstance(desk, Current):
        return desk.outcome
    problems = draft_problems(desk.criteria, typed.scoring) | return_problems(typed.message)
    if problems:
        raise Invalid(problems)
    decision = _decision(desk.found, visitor, Outcome.RETURNED_INCOMPLETE, typed.message)
    _close(conn, visitor, desk, typed, decision, (), lasts)
    put(conn, visitor, desk.found, _current(decision), post_after)
    return decision.outcome


def replace(
    conn: Connection,
    visitor: Visitor,
    submission_id: str,
    change: Change,
    *,
    post_after: timedelta | None = None,
) -> Outcome:
    """Put a new decision in the place of the one the page showed: leads and the registrar only, with a reason.

    Raises Invalid for what is missing and Clashed when the decision is another by now. The same press twice is one.
    """
    found = held_submission(conn, visitor, submission_id)
    if not found.may_change:
        raise Forbidden("Only the lead of this cohort or the registrar may change a decision.")
    now = current_decision(conn, submission_id)
    if now is None:
        raise Conflict("There is no decision to change yet.")
    rubric, carried = criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school)
    criteria = still_asked(rubric, carried)
    if now.id != change.decision_id:
        if _changed_here(conn, visitor, now, criteria, change):
            return now.outcome
        raise Clashed("This decision was changed meanwhile.")
    unpassed, holds = _unpassed(conn, found), _rule(conn, visitor, found)
    problems = decision_problems(criteria, change.scoring, unpassed, holds.rule) | reason_problems(change.reason)
    if problems:
        raise Invalid(problems)
    verdict = judge(rubric, with_carried(change.scoring, carried), unpassed, holds.rule)
    decision = _decision(found, visitor, verdict.outcome, change.scoring.comment)
    decision.supersedes_id, decision.reason, decision.way = now.id, change.reason, Way.CHANGED
    decision.rule_id = holds.id
    _write(conn, visitor, decision, verdict.lines)
    if post_after is not None:
        put(conn, visitor, found, _current(decision), post_after)
    return verdict.outcome


def _unpassed(conn: Connection, found: Found) -> tuple[str, ...]:
    """Titles of required knowledge checks that are not passed."""
    return unpassed_checks(conn, found.enrolment_id, found.assignment_id, found.attempt)


def _rule(conn: Connection, visitor: Visitor, found: Found) -> Holding:
    """The rule by which levels become the outcome of this work."""
    return rule_for(conn, found.enrolment_id, found.assignment_id, visitor.now.school)


def _desk(conn: Connection, visitor: Visitor, submission_id: str, typed: Typed) -> Desk | Current:
    """What may be decided, or the decision that this very page made a moment ago (a second press)."""
    found = held_submission(conn, visitor, submission_id)
    need_grader(found)
    if not found.waits:
        made = current_decision(conn, submission_id)
        kept = kept_rating(conn, submission_id, visitor.me.id)
        if made is not None and kept is not None and _made_here(conn, visitor, found, made, kept, typed):
            return made
    return at_desk(conn, visitor, found, typed)


def _made_here(conn: Connection, visitor: Visitor, found: Found, made: Current, kept: Kept, typed: Typed) -> bool:
    own = made.rating_id == kept.id and kept.version == typed.version + 1
    asked = still_asked(criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school))
    return own and same(asked, kept.scoring, typed.scoring)


def _changed_here(
    conn: Connection, visitor: Visitor, now: Current, criteria: tuple[Criterion, ...], change: Change
) -> bool:
    own = (now.supersedes_id, now.decided_by, now.reason) == (change.decision_id, visitor.me.id, change.reason)
    return own and same(criteria, decided_scoring(conn, now), change.scoring)


def _close(
    conn: Connection,
    visitor: Visitor,
    desk: Desk,
    typed: Typed,
    decision: Decision,
    lines: tuple[Line, ...],
    lasts: timedelta,
) -> None:
    """Keep the rating as it was given, write the decision on it, and take the submission off the desk."""
    saved = keep(conn, visitor, desk, typed.scoring, lasts)
    conn.execute(update(RATING).where(RATING.c.id == saved.rating_id).values(state=RatingState.DONE))
    decision.rating_id = saved.rating_id
    _write(conn, visitor, decision, lines)
    decided = update(SUBMISSION).where(SUBMISSION.c.id == desk.found.id)
    conn.execute(decided.values(state=SubmissionState.DECIDED))
    drop(conn, desk.found.id)


def _write(conn: Connection, visitor: Visitor, decision: Decision, lines: tuple[Line, ...]) -> None:
    add(conn, decision)
    rows = [
        DecisionLine(
            decision_id=decision.id,
            criterion_id=line.criterion_id,
            level_id=line.level_id,
            met=line.met,
            comment=line.comment,
        )
        for line in lines
    ]
    if rows:
        add(conn, *rows)
    record(
        conn,
        "decision.changed" if decision.supersedes_id else "decision.made",
        "decision",
        decision.id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=decision.reason,
        detail={"submission": decision.submission_id, "outcome": decision.outcome.value},
    )


def _decision(found: Found, visitor: Visitor, outcome: Outcome, comment: str) -> Decision:
    return Decision(
        id=new_id(),
        submission_id=found.id,
        outcome=outcome,
        rubric_id=found.rubric_id,
        decided_by=visitor.me.id,
        decided_at=visitor.now.school,
        comment=comment,
    )


def _current(decision: Decision) -> Current:
    return Current(
        id=decision.id,
        outcome=decision.outcome,
        decided_by=decision.decided_by,
        rating_id=decision.rating_id,
        supersedes_id=decision.supersedes_id,
        comment=decision.comment,
        reason=decision.reason,
    )
