"""The end of an appeal: the first reasoning is weighed, and what follows is a new decision or the answer alone."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, update

from assessments.appeals.access import Case, case_of, need_mine
from assessments.appeals.errors import AtRest
from assessments.appeals.forms import Weighing
from assessments.appeals.models import AppealState
from assessments.appeals.queries import APPEAL, Decided, decided_by_id
from assessments.appeals.rating import appealed, gone_words, keep, need_version
from assessments.appeals.rules import LONGEST, adjusted, after_appeal, raised, rating_problems
from assessments.appeals.thread import write
from assessments.checks.graded import unpassed_checks
from assessments.deciding.queries import rule_by
from assessments.grading.errors import Clashed, Kept
from assessments.grading.models import Outcome, RatingState, Way
from assessments.grading.postings import put
from assessments.grading.queries import RATING, Current, criteria_of, current_decision, kept_rating
from assessments.grading.rules import REASON_LIMIT, Criterion, Scoring, draft_problems, judge, too_long
from assessments.grading.settling import as_current, new_decision, write_decision
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.outbox import post


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of an appeal: its state, and the outcome where there is a new decision."""

    state: AppealState
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class _Desk:
    """What an appeal is closed from: the blind rating, and the decision that holds now."""

    case: Case
    criteria: tuple[Criterion, ...]
    kept: Kept
    current: Current
    decided: Decided


def close(conn: Connection, visitor: Visitor, appeal_id: str, typed: Weighing, post_after: timedelta) -> Closed:
    """Close an appeal with a reasoned answer. The levels are those of the blind rating, or adjusted once with a reason.

    An appealed criterion gets the higher of the two levels; nothing falls. Where a level rises, a new decision takes
    the place of the one that holds, posted after `post_after`; otherwise it stands. The same press twice closes once.
    Raises Clashed where the decision or the rating is another than the page showed, and Invalid.
    """
    case = case_of(conn, visitor, appeal_id, deciding=True)
    need_mine(case)
    if not case.appeal.runs and case.appeal.closed_by == visitor.me.id:
        return Closed(case.appeal.state)
    desk = _desk(conn, visitor, case, typed)
    changed = adjusted(desk.criteria, desk.kept.scoring, typed.scoring)
    if problems := _problems(desk.criteria, typed, changed):
        raise Invalid(problems)
    scoring = replace(typed.scoring, comment=typed.reason if changed else desk.kept.scoring.comment)
    if changed:
        _adjust(conn, visitor, desk, scoring, changed)
    rated = kept_rating(conn, case.found.id, visitor.me.id) or desk.kept
    up = raised(desk.criteria, desk.decided.scoring, scoring)
    done = _decide(conn, visitor, desk, scoring, up, rated, typed.answer, post_after) if up else None
    state = AppealState.UPHELD if done else AppealState.UNCHANGED
    _end(conn, visitor, case, state, done, typed.answer)
    return Closed(state, done.outcome if done else None)


def _desk(conn: Connection, visitor: Visitor, case: Case, typed: Weighing) -> _Desk:
    kept = kept_rating(conn, case.found.id, visitor.me.id)
    if case.appeal.state is AppealState.OPEN or kept is None:
        raise AtRest(_("Rate the criteria first, without the first reasoning."))
    if not case.appeal.runs:
        raise Clashed(gone_words(case), kept=kept)
    need_version(visitor, kept, typed)
    current = current_decision(conn, case.found.id)
    if current is None:
        raise Conflict(_("There is no decision any more."))
    if current.id != typed.decision_id:
        raise Clashed(_("The decision was changed meanwhile. It is shown anew beside your rating."))
    return _Desk(case, appealed(conn, case), kept, current, decided_by_id(conn, current.id))


def _problems(criteria: tuple[Criterion, ...], typed: Weighing, changed: tuple[Criterion, ...]) -> dict[str, str]:
    problems = draft_problems(criteria, typed.scoring) or rating_problems(criteria, typed.scoring)
    if changed and not typed.reason:
        problems["reason"] = _("Say why you rate it otherwise now that you know the first reasoning.")
    if not typed.answer:
        problems["answer"] = _("Answer the learner: what the evidence shows, and what it does not.")
    problems |= too_long("reason", typed.reason, REASON_LIMIT)
    return problems | too_long("answer", typed.answer, LONGEST)


def _adjust(conn: Connection, visitor: Visitor, desk: _Desk, scoring: Scoring, changed: tuple[Criterion, ...]) -> None:
    """Keep the adjusted rating; the audit log keeps what it said before the first reasoning was known."""
    saved = keep(conn, visitor, desk.case, desk.criteria, desk.kept, scoring)
    conn.execute(update(RATING).where(RATING.c.id == saved.rating_id).values(state=RatingState.DONE))
    moved = {one.key: [desk.kept.scoring.level(one.key), scoring.level(one.key)] for one in changed}
    record(
        conn,
        "appeal.adjusted",
        "appeal",
        desk.case.appeal.id,
        at=visitor.now.real,
        actor_id=visitor.me.id,
        reason=scoring.comment,
        detail={"levels": moved},
    )


def _decide(
    conn: Connection,
    visitor: Visitor,
    desk: _Desk,
    scoring: Scoring,
    up: tuple[Criterion, ...],
    rated: Kept,
    answer: str,
    post_after: timedelta,
) -> Current:
    """The new decision, judged by the rule of the one it supersedes; posted where that one is."""
    found, rubric = desk.case.found, criteria_of(conn, desk.case.found.rubric_id)
    result = after_appeal(rubric, desk.criteria, desk.decided.scoring, scoring, answer)
    unpassed = unpassed_checks(conn, found.enrolment_id, found.assignment_id, found.attempt)
    holds = rule_by(conn, desk.decided.rule_id)
    verdict = judge(rubric, result, unpassed, holds.rule)
    decision = new_decision(found, visitor, verdict.outcome, answer)
    decision.way, decision.rule_id, decision.rating_id = Way.APPEALED, holds.id, rated.id
    decision.supersedes_id, decision.reason = desk.current.id, _reason(up)
    write_decision(conn, visitor, decision, verdict.lines)
    made = as_current(decision)
    put(conn, visitor, found, made, post_after)
    return made


def _reason(up: tuple[Criterion, ...]) -> str:
    """Kept with the decision, in English."""
    named = ", ".join(f"“{one.title}”" for one in up)
    return f"After an appeal: raised on {named}."[:REASON_LIMIT]


def _end(conn: Connection, visitor: Visitor, case: Case, state: AppealState, made: Current | None, answer: str) -> None:
    """Close the appeal, with its answer in the thread. A new decision tells the learner by itself once it is posted."""
    appeal, found = case.appeal, case.found
    ended = {
        "state": state,
        "closed_at": visitor.now.school,
        "closed_by": visitor.me.id,
        "outcome_id": made.id if made else None,
    }
    conn.execute(update(APPEAL).where(APPEAL.c.id == appeal.id).values(ended))
    write(conn, visitor, appeal.id, answer)
    detail = {"state": state.value, "outcome": made.id if made else None}
    record(conn, "appeal.closed", "appeal", appeal.id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    if made is None:
        data = {
            "title": found.title,
            "course": found.course_title,
            "attempt": found.attempt,
            "answer": answer,
            "path": learner_path(case),
        }
        post(conn, f"appeal_decided:{appeal.id}", "appeal_decided", appeal.opened_by, now=visitor.now.real, data=data)


def learner_path(case: Case) -> str:
    """Where the learner reads an appeal."""
    found = case.found
    at = f"/cohorts/{found.cohort_id}/modules/{found.module_number}/assignments/{found.assignment_key}"
    return f"{at}/attempts/{found.attempt}/appeal"
