"""The learner's pages of a knowledge check: its rules and tries, the open try, and a try that was checked."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from assessments.checks.access import CheckDesk, my_check
from assessments.checks.answers import Sent, mark_of, shown
from assessments.checks.marking import answer_problem
from assessments.checks.parts import answered_views, asked_views, outcome, say_rules, say_values, tone_of
from assessments.checks.queries import sheet_of
from assessments.checks.service import save_answers
from assessments.checks.standing import Done
from assessments.checks.views import CheckPage, SavedAnswer, TryForm, TryPage, TryRow
from assessments.evidence.access import Where
from courses.coursework import WorkState
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import Said, say_instant, say_saved
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

ANOTHER = N_("Another window saved something else here.")
TOLD = N_("Right answers and feedback are shown once a decision on this attempt is posted.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a sent form met, by the place of the question: why not, and what another window saved."""

    sent: Sent = field(default_factory=lambda: Sent(0, 0))
    wrong: Mapping[int, str] = field(default_factory=dict)
    others: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


NO_TROUBLE = Trouble()


def check_path(where: Where, key: str) -> str:
    return f"{where.path}/checks/{key}"


def check_page(
    conn: Connection, visitor: Visitor, where: Where, key: str, trouble: Trouble = NO_TROUBLE, number: int = 1
) -> CheckPage:
    """The visitor's check; `number` is the page of its tries, newest first. Five statements, seven when cold.

    Raises NotFound as `my_check` does.
    """
    check = my_check(conn, visitor, where, key)
    where = check.desk.where
    viewer, path = zone(visitor.me.zone), check_path(where, key)
    done = [one for one in reversed(check.tries) if one != check.open_try]
    form = _form(conn, check, trouble, viewer)
    return CheckPage(
        path=path,
        back=where.path,
        crumbs=_crumbs(check, ((check.slot.asked.title, None),)),
        kicker=_("Module {number}: {title}", number=where.module_number, title=check.desk.task.title),
        title=check.slot.asked.title,
        prompt_html=check.slot.prompt_html,
        required=check.slot.asked.required,
        facts=((_("Questions"), say_rules(check.pool.rules)), (_("Your attempt"), str(check.number))),
        words=check.stands.words,
        tone=tone_of(check.stands),
        begin=_begin_words(check),
        closed=_closed(check),
        form=form,
        rows=tuple(_row(check, one, path, viewer) for one in done[offset(number) : offset(number) + PER_PAGE]),
        errors=_errors(trouble),
        conflicts=bool(trouble.others),
        pager=pager(number, len(done), lambda other: path + query(page=other)),
    )


def try_page(conn: Connection, visitor: Visitor, where: Where, key: str, try_id: str) -> TryPage:
    """One finished try of the visitor's own check. Raises NotFound for every other."""
    check = my_check(conn, visitor, where, key)
    done = next((one for one in check.tries if one.id == try_id and one.finished_at is not None), None)
    if done is None:
        raise NotFound
    told, demonstrated = check.is_told(done), check.desk.state is WorkState.DEMONSTRATED
    title, path = _("Try {number}", number=done.number), check_path(check.desk.where, key)
    words, tone = outcome(done)
    return TryPage(
        crumbs=_crumbs(check, ((check.slot.asked.title, path), (title, None))),
        kicker=_("{title}, attempt {number}", title=check.slot.asked.title, number=done.attempt),
        title=title,
        verdict=done.verdict,
        words=words,
        tone=tone,
        at=_said(check, done.finished_at or done.begun_at, zone(visitor.me.zone)),
        told="" if told else _(TOLD),
        questions=answered_views(check.pool, sheet_of(conn, done.id), told=told, key=told and demonstrated),
        back=path,
    )


def save_answer(conn: Connection, visitor: Visitor, where: Where, key: str, sent: Sent) -> SavedAnswer:
    """Keep one question of the open try as it is answered, and say how it stands now."""
    if len(sent.answers) != 1:
        raise NotFound
    place = sent.answers[0].place
    saved = save_answers(conn, visitor, where, key, sent)
    sheet = saved.sheet
    if sheet is None or place > len(sheet.drawn):
        raise NotFound
    question_id, keys = sheet.drawn[place - 1]
    question = saved.check.pool.question(question_id)
    kept = sheet.answers.get(question_id, [])
    other = saved.others.get(place)
    return SavedAnswer(
        path=check_path(where, key),
        attempt=sent.attempt,
        number=sent.number,
        place=place,
        seen=mark_of(shown(question, keys, kept)),
        saved=say_saved(sheet.saved_at, saved.check.desk.now, zone(visitor.me.zone)),
        remark=answer_problem(question, kept) if kept else "",
        wrong=saved.wrong.get(place, ""),
        other=None if other is None else say_values(other, question),
    )


def _form(conn: Connection, check: CheckDesk, trouble: Trouble, viewer: ZoneInfo) -> TryForm | None:
    done = check.open_try
    if done is None:
        return None
    sheet, limit = sheet_of(conn, done.id), check.pool.rules.max_tries
    sent = {one.place: one.values for one in trouble.sent.answers}
    return TryForm(
        attempt=done.attempt,
        number=done.number,
        of=_("Try {number}", number=done.number)
        if limit is None
        else _("Try {number} of {all}", number=done.number, all=limit),
        saved=say_saved(sheet.saved_at, check.desk.now, viewer) if sheet.answers else "",
        questions=asked_views(check.pool, sheet, sent, trouble.wrong, trouble.others),
    )


def _begin_words(check: CheckDesk) -> str:
    """What the button says that begins a try; "" where none may begin."""
    if not check.may_begin:
        return ""
    return _("Begin the check") if check.stands.last is None else _("Begin another try")


def _closed(check: CheckDesk) -> str:
    """Why no try can be begun or checked, where the standing alone does not say it."""
    if check.stands.passed_by is not None:
        return ""
    if not check.is_at_work:
        return _("The attempt was handed in. If there is a next one, the check can be tried again in it.")
    if not check.desk.takes:
        return _("The time for handing this in is over. Ask the person who leads the course if you need more.")
    if check.stands.settled is not None:
        return _(
            "The attempt can be handed in as it is. It cannot be decided as demonstrated, and what is said about it "
            "helps with the next one."
        )
    return ""


def _errors(trouble: Trouble) -> tuple[tuple[str | None, str], ...]:
    """What the page says first, each with the question it is about."""
    places = sorted({*trouble.wrong, *trouble.others})
    return tuple(
        (
            f"field-answer-{place}",
            _("Question {number}: {words}", number=place, words=trouble.wrong.get(place) or _(ANOTHER)),
        )
        for place in places
    )


def _row(check: CheckDesk, done: Done, path: str, viewer: ZoneInfo) -> TryRow:
    words, tone = outcome(done)
    return TryRow(
        attempt=done.attempt,
        number=done.number,
        verdict=done.verdict,
        words=words,
        tone=tone,
        at=_said(check, done.finished_at, viewer) if done.finished_at else None,
        href=f"{path}/tries/{done.id}" if done.finished_at else "",
    )


def _crumbs(check: CheckDesk, last: tuple[tuple[str, str | None], ...]) -> tuple[tuple[str, str | None], ...]:
    where = check.desk.where
    cohort = f"/cohorts/{where.cohort_id}"
    week = f"{cohort}/modules/{where.module_number}"
    course, title = check.desk.place.cohort.course_title, check.desk.task.title
    return ((course, cohort), (_("Module {number}", number=where.module_number), week), (title, where.path), *last)


def _said(check: CheckDesk, at: datetime, viewer: ZoneInfo) -> Said:
    return say_instant(at, zone(check.desk.place.cohort.zone), viewer, check.desk.now)
