"""The page of one appeal for its grader, and for leads."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from assessments.appeals.access import Case, case_of
from assessments.appeals.models import AppealState
from assessments.appeals.queries import candidates, decided_by_id, messages_of
from assessments.appeals.rating import appealed
from assessments.appeals.thread import may_say
from assessments.appeals.views import DeskPage, First, FirstLine, MessageView
from assessments.checks.graded import graded_checks
from assessments.grading.errors import Kept as KeptRating
from assessments.grading.handed_in import slots
from assessments.grading.queries import current_decision, kept_rating
from assessments.grading.rules import Criterion, Scoring
from assessments.grading.words import OUTCOMES, TONES, clock
from assessments.terms.promise import is_broken
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import N_, _

WORDS = {
    AppealState.OPEN: (N_("To be rated"), "waiting"),
    AppealState.RATED: (N_("Rated; to be closed"), "waiting"),
    AppealState.UPHELD: (N_("Upheld"), "good"),
    AppealState.UNCHANGED: (N_("Unchanged"), "info"),
    AppealState.TAKEN_BACK: (N_("Taken back by the learner"), "plain"),
}


def desk_page(conn: Connection, visitor: Visitor, appeal_id: str) -> DeskPage:
    """One appeal as the visitor may see it; nine statements, up to three more for leads and once it is rated.

    Raises NotFound as `case_of` does.
    """
    case = case_of(conn, visitor, appeal_id)
    appeal, found = case.appeal, case.found
    criteria = appealed(conn, case)
    kept = kept_rating(conn, found.id, appeal.given_to) if appeal.given_to and (case.mine or not appeal.runs) else None
    words, tone = WORDS[appeal.state]
    may_give = found.may_review and appeal.runs
    return DeskPage(
        id=appeal.id,
        found=found,
        words=_(words),
        tone=tone,
        holder=_holder(visitor, case),
        opened=_said(appeal.opened_at, visitor, case),
        promised=_said(appeal.promised_at, visitor, case) if appeal.promised_at and appeal.runs else None,
        overdue=_is_overdue(case, visitor),
        argued=appeal.argued,
        slots=slots(conn, found),
        checks=graded_checks(conn, found.enrolment_id, found.assignment_id, found.attempt),
        criteria=criteria,
        scoring=kept.scoring if kept else Scoring(),
        version=kept.version if kept else 0,
        saved=_("Saved {time}", time=clock(kept.saved_at, visitor.me.zone)) if kept else "",
        rates=case.blind,
        closes=case.mine and appeal.state is AppealState.RATED,
        may_take=case.may_take,
        may_say=appeal.runs and may_say(case),
        first=_first(conn, case, criteria, kept),
        able=tuple(candidates(conn, appeal.id)) if may_give else (),
        thread=_thread(visitor, case, messages_of(conn, [appeal.id])[appeal.id]),
    )


def _first(conn: Connection, case: Case, criteria: tuple[Criterion, ...], kept: KeptRating | None) -> First | None:
    """The first reasoning beside the appeal's rating: for whoever has given that, and for leads once it is over."""
    appeal = case.appeal
    if kept is None or appeal.state in (AppealState.OPEN, AppealState.TAKEN_BACK):
        return None
    current = current_decision(conn, case.found.id) if appeal.runs else None
    decided = decided_by_id(conn, current.id if current else appeal.decision_id)
    return First(
        decision_id=decided.id,
        outcome=_(OUTCOMES[decided.outcome]),
        tone=TONES[decided.outcome],
        comment=decided.scoring.comment,
        lines=tuple(_line(one, decided.scoring, kept.scoring) for one in criteria),
        changed=decided.id != appeal.decision_id,
        adjusted=kept.scoring.comment,
    )


def _line(criterion: Criterion, decided: Scoring, rated: Scoring) -> FirstLine:
    first, own = criterion.level(decided.level(criterion.key)), criterion.level(rated.level(criterion.key))
    return FirstLine(
        title=criterion.title,
        level=first.title if first else "",
        comment=decided.comment_on(criterion.key),
        own_level=own.title if own else "",
        own_comment=rated.comment_on(criterion.key),
    )


def _holder(visitor: Visitor, case: Case) -> str:
    """Who has or had it, in words."""
    appeal, name = case.appeal, case.holder
    if appeal.given_to is None:
        return _("Nobody has it yet.") if appeal.runs else ""
    if appeal.given_to == visitor.me.id and case.mine:
        return _("You judge it.") if appeal.runs else _("You judged it.")
    if appeal.runs and not case.held:
        return _("{name} had it and may not judge it any more. It waits for somebody else.", name=name)
    if appeal.runs:
        return _("{name} judges it.", name=name)
    return _("{name} judged it.", name=name) if appeal.closed_by == appeal.given_to else ""


def _is_overdue(case: Case, visitor: Visitor) -> bool:
    promised = case.appeal.promised_at
    return case.appeal.runs and promised is not None and is_broken(promised, visitor.now.school)


def _thread(visitor: Visitor, case: Case, rows: list[Any]) -> tuple[MessageView, ...]:
    return tuple(_message(visitor, case, row) for row in rows)


def _message(visitor: Visitor, case: Case, row: Any) -> MessageView:
    own = row.author_id == visitor.me.id
    is_learner = row.author_id == case.appeal.opened_by
    by = _("You") if own else case.found.learner if is_learner else row.display_name
    return MessageView(by, own, _said(row.written_at, visitor, case), row.text)


def _said(instant: datetime, visitor: Visitor, case: Case) -> Said:
    return say_instant(instant, zone(case.found.cohort_zone), zone(visitor.me.zone), visitor.now.school)
