"""Deciding: the one outcome of a submission, and the new one that takes its place (law 5)."""

from datetime import timedelta

from sqlalchemy import Connection, select

from assessments.evidence.models import Step
from assessments.grading.access import Found, held_submission, need_grader
from assessments.grading.carrying import still_asked
from assessments.grading.errors import Clashed, Kept
from assessments.grading.forms import Change, Typed
from assessments.grading.models import Outcome, Purpose, Way
from assessments.grading.postings import put
from assessments.grading.queries import (
    POSTING,
    Current,
    carried_into,
    criteria_of,
    current_decision,
    decided_scoring,
    given_ratings,
    kept_rating,
)
from assessments.grading.ratings import Desk, at_desk, finish
from assessments.grading.rules import (
    Criterion,
    Scoring,
    decision_problems,
    draft_problems,
    reason_problems,
    return_problems,
    same,
)
from assessments.grading.settling import (
    Bench,
    Result,
    as_current,
    bench_of,
    bench_with,
    new_decision,
    settle,
    write_decision,
)
from assessments.second.agreement_rule import differing
from assessments.second.asked import ask, asked_after, close, differed
from assessments.terms.queries import terms_of
from fourweek.accounts.access import Visitor
from fourweek.errors import Conflict, Forbidden, Invalid
from fourweek.language import _


def decide(
    conn: Connection,
    visitor: Visitor,
    submission_id: str,
    typed: Typed,
    *,
    lasts: timedelta,
    post_after: timedelta | None = None,
) -> Result:
    """Give the rating for good: it decides, waits for a second grader's, or meets the first grader's.

    What is decided is posted too when `post_after` says how long it may still be undone. Raises Invalid for what is
    missing and Clashed as `ratings.save` does. The same press twice decides once.
    """
    desk = _desk(conn, visitor, submission_id, typed, to_post=post_after is not None)
    if isinstance(desk, Result):
        return desk
    found, bench = desk.found, bench_with(conn, visitor, desk.found, desk.rubric, desk.carried)
    if problems := decision_problems(bench.criteria, typed.scoring, bench.unpassed, bench.holds.rule):
        raise Invalid(problems)
    saved, verdict = finish(conn, visitor, desk, typed.scoring, lasts), bench.verdict(typed.scoring)
    if found.step is Step.SECOND:
        return _compare(conn, visitor, found, bench, typed.scoring, post_after)
    if why := asked_after(conn, found, verdict.outcome):
        ask(conn, visitor, found.id, why)
        return Result(None, Step.SECOND)
    decision = new_decision(found, visitor, verdict.outcome, typed.scoring.comment)
    decision.rating_id, decision.rule_id = saved.rating_id, bench.holds.id
    return settle(conn, visitor, found, decision, verdict.lines, post_after)


def give_back(
    conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, *, lasts: timedelta, post_after: timedelta
) -> Result:
    """Return evidence as incomplete: no verdict, no attempt used; posted with its message at once.

    Either of two raters ends the way of a submission so.
    """
    desk = _desk(conn, visitor, submission_id, typed, to_post=True)
    if isinstance(desk, Result):
        return desk
    problems = draft_problems(desk.criteria, typed.scoring) | return_problems(typed.message)
    if problems:
        raise Invalid(problems)
    decision = new_decision(desk.found, visitor, Outcome.RETURNED_INCOMPLETE, typed.message)
    decision.rating_id = finish(conn, visitor, desk, typed.scoring, lasts).rating_id
    close(conn, visitor, submission_id, agreed=None)
    return settle(conn, visitor, desk.found, decision, (), post_after)


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
        raise Forbidden(_("Only the lead of this cohort or the registrar may change a decision."))
    now = current_decision(conn, submission_id)
    if now is None or found.waits:
        raise Conflict(_("There is no decision to change yet."))
    bench = bench_of(conn, visitor, found)
    if now.id != change.decision_id:
        if _changed_here(conn, visitor, now, bench.criteria, change):
            return now.outcome
        raise Clashed(_("This decision was changed meanwhile."))
    problems = decision_problems(bench.criteria, change.scoring, bench.unpassed, bench.holds.rule)
    if problems := problems | reason_problems(change.reason):
        raise Invalid(problems)
    verdict = bench.verdict(change.scoring)
    decision = new_decision(found, visitor, verdict.outcome, change.scoring.comment)
    decision.supersedes_id, decision.reason, decision.way = now.id, change.reason, Way.CHANGED
    decision.rule_id = bench.holds.id
    write_decision(conn, visitor, decision, verdict.lines)
    if post_after is not None:
        put(conn, visitor, found, as_current(decision), post_after)
    return verdict.outcome


def _compare(
    conn: Connection, visitor: Visitor, found: Found, bench: Bench, second: Scoring, post_after: timedelta | None
) -> Result:
    """Two ratings are in: where they agree the first one decides, otherwise a lead settles them."""
    first, rule = given_ratings(conn, found.id)[Purpose.FIRST], bench.holds.rule
    apart = differing(bench.criteria, first.scoring, second, terms_of(conn, found.cohort_id).tolerance, rule)
    if apart or bench.verdict(first.scoring).outcome is not bench.verdict(second).outcome:
        differed(conn, visitor, found, apart)
        return Result(None, Step.RECONCILING)
    verdict = bench.verdict(first.scoring)
    decision = new_decision(found, visitor, verdict.outcome, first.scoring.comment)
    decision.decided_by, decision.rating_id, decision.rule_id = first.grader_id, first.id, bench.holds.id
    decision.way = Way.AGREED
    close(conn, visitor, found.id, agreed=True)
    return settle(conn, visitor, found, decision, verdict.lines, post_after)


def _desk(conn: Connection, visitor: Visitor, submission_id: str, typed: Typed, *, to_post: bool) -> Desk | Result:
    """What may be rated, or what became of this very page a moment ago (a second press; `to_post`: and post it)."""
    found = held_submission(conn, visitor, submission_id)
    need_grader(found)
    if found.rated:
        kept = kept_rating(conn, submission_id, visitor.me.id)
        if kept is not None and _given_here(conn, visitor, found, kept, typed):
            return _became(conn, found, to_post=to_post)
    return at_desk(conn, visitor, found, typed)


def _became(conn: Connection, found: Found, *, to_post: bool) -> Result:
    """Where a submission stands that the visitor has rated for good."""
    made = current_decision(conn, found.id)
    if found.waits or made is None:
        return Result(None, found.step)
    posted = conn.execute(select(POSTING.c.decision_id).where(POSTING.c.decision_id == made.id)).first()
    return Result(made.outcome, goes_to_lead=to_post and posted is None)


def _given_here(conn: Connection, visitor: Visitor, found: Found, kept: Kept, typed: Typed) -> bool:
    if not kept.done or kept.version != (typed.version if typed.over is None else typed.over) + 1:
        return False
    asked = still_asked(criteria_of(conn, found.rubric_id), carried_into(conn, found, visitor.now.school))
    return same(asked, kept.scoring, typed.scoring)


def _changed_here(
    conn: Connection, visitor: Visitor, now: Current, criteria: tuple[Criterion, ...], change: Change
) -> bool:
    own = (now.supersedes_id, now.decided_by, now.reason) == (change.decision_id, visitor.me.id, change.reason)
    return own and same(criteria, decided_scoring(conn, now), change.scoring)
