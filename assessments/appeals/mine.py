"""The learner's page of the appeals about one attempt."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from assessments.appeals.access import Attempt, my_attempt
from assessments.appeals.models import AppealState
from assessments.appeals.opening import Typed, refusal
from assessments.appeals.queries import Decided, Kept, decided_by_id, messages_of
from assessments.appeals.rules import could_rise
from assessments.appeals.views import AppealView, Choice, FormView, MessageView, MinePage
from assessments.evidence.access import Where
from assessments.grading.models import Outcome
from assessments.grading.queries import criteria_of
from assessments.grading.rules import Criterion
from assessments.grading.words import OUTCOMES, TONES
from assessments.identity.names import grader_called
from assessments.terms.promise import is_broken
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.language import N_, _
from fourweek.language.lists import in_a_row

MINUTE = timedelta(minutes=1)
WORDS = {
    AppealState.OPEN: (N_("With a grader who had no part in the decision"), "waiting"),
    AppealState.RATED: (N_("Being decided"), "waiting"),
    AppealState.UPHELD: (N_("Upheld: the decision was changed"), "good"),
    AppealState.UNCHANGED: (N_("The decision stands"), "info"),
    AppealState.TAKEN_BACK: (N_("Taken back by you"), "plain"),
}


def mine_page(
    conn: Connection,
    visitor: Visitor,
    where: Where,
    number: int,
    typed: Typed | None = None,
    *,
    arrived: datetime | None = None,
) -> MinePage:
    """The page of attempt `number`: its appeals, and the form of a new one while that is taken; six statements.

    `typed` is what was sent and not taken, `arrived` when its request came in (real clock). Raises NotFound as
    `my_attempt` does.
    """
    mine = my_attempt(conn, visitor, where, number)
    threads = messages_of(conn, [one.id for one in mine.appeals])
    closed = refusal(mine, visitor.now.school_at(arrived))
    form = None if closed else _form(conn, visitor, mine, typed)
    path = where.path
    page = MinePage(
        path=mine.path,
        crumbs=(
            (mine.course_title, f"/cohorts/{mine.cohort_id}"),
            (mine.title, path),
            (_("Appeal of attempt {number}", number=mine.number), None),
        ),
        title=mine.title,
        kicker=in_a_row((mine.course_title, mine.cohort_name)),
        appeals=tuple(_appeal(visitor, mine, one, threads[one.id]) for one in mine.appeals),
        form=form,
        closed="" if mine.appeals and mine.decision_id == mine.appeals[0].decision_id else closed,
    )
    return replace(page, unsent=_unsent(conn, mine, typed)) if typed and form is None else page


def _form(conn: Connection, visitor: Visitor, mine: Attempt, typed: Typed | None) -> FormView:
    decided = decided_by_id(conn, mine.decision_id or "")
    rubric = criteria_of(conn, mine.rubric_id)
    last = (mine.ends or visitor.now.school) - MINUTE
    return FormView(
        decision_id=decided.id,
        outcome=_(OUTCOMES[decided.outcome]),
        tone=TONES[decided.outcome],
        comment=decided.scoring.comment,
        until=_said(last, visitor, mine),
        choices=tuple(_choice(one, decided, typed) for one in rubric),
        anonymous=mine.terms.anonymous,
    )


def _choice(criterion: Criterion, decided: Decided, typed: Typed | None) -> Choice:
    key, level = criterion.key, criterion.level(decided.scoring.level(criterion.key))
    return Choice(
        key=key,
        title=criterion.title,
        level=level.title if level else "",
        met=decided.met.get(key, False),
        comment=decided.scoring.comment_on(key),
        open=could_rise(criterion, decided.scoring),
        ticked=typed is not None and key in typed.arguments.ticked,
        argument=typed.arguments.on(key) if typed else "",
    )


def _unsent(conn: Connection, mine: Attempt, typed: Typed) -> tuple[tuple[str, str], ...]:
    titles = {one.key: one.title for one in criteria_of(conn, mine.rubric_id)}
    said = typed.arguments.arguments or {}
    return tuple((titles[key], text) for key, text in said.items() if key in titles and text.strip())


def _appeal(visitor: Visitor, mine: Attempt, appeal: Kept, rows: list[Any]) -> AppealView:
    state = appeal.state if appeal.told or appeal.runs else AppealState.RATED
    words, tone = WORDS[state]
    if state is AppealState.OPEN and appeal.given_to is None:
        words = N_("Waits for a grader who had no part in the decision")
    return AppealView(
        id=appeal.id,
        words=_(words),
        tone=tone,
        about=_about(mine, state),
        opened=_said(appeal.opened_at, visitor, mine),
        promised=_said(appeal.promised_at, visitor, mine) if appeal.promised_at and not appeal.told else None,
        overdue=appeal.runs and appeal.promised_at is not None and is_broken(appeal.promised_at, visitor.now.school),
        argued=appeal.argued,
        thread=tuple(_message(visitor, mine, appeal, row) for row in rows if _is_shown(appeal, visitor, row)),
        may_say=not appeal.told,
        may_take_back=appeal.state is AppealState.OPEN,
    )


def _about(mine: Attempt, state: AppealState) -> str:
    """What follows from how an appeal stands."""
    if state is AppealState.UPHELD:
        if mine.outcome is Outcome.DEMONSTRATED and mine.later:
            return _(
                "What was changed is on the assignment's page. This attempt counts as demonstrated; "
                "what you began or handed in since stays there, and nothing more is needed."
            )
        return _("What was changed is on the assignment's page, criterion by criterion.")
    if state is AppealState.UNCHANGED:
        return _("The answer is below. The levels stay as they were decided; an appeal never lowers one.")
    if state is AppealState.TAKEN_BACK:
        return _("The decision stands as it was.")
    return _("Whoever judges it first sees your evidence and what you wrote, and not the first reasoning.")


def _is_shown(appeal: Kept, visitor: Visitor, row: Any) -> bool:
    """Whether the learner reads a message: the closing answer comes with what it answers."""
    early = appeal.closed_at is not None and not appeal.told and row.written_at >= appeal.closed_at
    return not early or row.author_id == visitor.me.id


def _message(visitor: Visitor, mine: Attempt, appeal: Kept, row: Any) -> MessageView:
    own = row.author_id == visitor.me.id
    is_lead = row.author_id not in (appeal.given_to, appeal.closed_by)
    called = grader_called(row.display_name, anonymous=mine.terms.anonymous, lead=is_lead)
    by = _("You") if own else called[0].upper() + called[1:]
    return MessageView(by, own, _said(row.written_at, visitor, mine), row.text)


def _said(instant: datetime, visitor: Visitor, mine: Attempt) -> Said:
    return say_instant(instant, zone(mine.zone), zone(visitor.me.zone), visitor.now.school)
