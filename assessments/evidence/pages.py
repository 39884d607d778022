"""The assignment page, put together from a desk."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, select

from assessments.appeals.entry import entries
from assessments.checks.slots import with_checks
from assessments.coaching.asking import coaching_view
from assessments.deciding.queries import rule_for
from assessments.deciding.words import say_rule
from assessments.evidence.access import Desk, Where, desk_at, my_desk, task_at
from assessments.evidence.drafts import Change, Kept, change_at, kept_in, save_draft, store
from assessments.evidence.forms import CHANGES, TEXT, Typed, note_mark
from assessments.evidence.openings import Lines, note_view, opened
from assessments.evidence.parts import NAMES, attempt_view, slot_view
from assessments.evidence.replaced import changes_of
from assessments.evidence.rules import INTEGRITY
from assessments.evidence.service import INTEGRITY_KEY, hand_in, missing_at
from assessments.evidence.standing import is_first, used
from assessments.evidence.views import (
    NO_TROUBLE,
    AssignmentPage,
    DraftForm,
    SavedSlot,
    SlotView,
    TakeBackView,
    Trouble,
)
from assessments.evidence.words import TONES, say_state
from assessments.grading.models import DecisionLine
from assessments.identity.learners_page import as_graded, saved_words
from assessments.retention.rules import Period
from assessments.rubrics.queries import CRITERION, LEVEL, public_criteria
from courses.coursework import WorkState
from courses.learning.access import Reader, reader
from courses.schedule.rules import is_late
from courses.schedule.words import Said, say_instant, say_saved
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.language import _, n_

LINE = table(DecisionLine)
_LINES: Select[Any] = (
    select(
        LINE.c.decision_id,
        LINE.c.met,
        LINE.c.comment,
        CRITERION.c.judged_on,
        CRITERION.c.key.label("criterion_key"),
        CRITERION.c.title.label("criterion"),
        LEVEL.c.key.label("level_key"),
        LEVEL.c.title.label("level"),
    )
    .join(CRITERION, CRITERION.c.id == LINE.c.criterion_id)
    .outerjoin(LEVEL, LEVEL.c.id == LINE.c.level_id)
    .where(LINE.c.decision_id.in_(bindparam("decisions", expanding=True)))
    .order_by(LINE.c.decision_id, CRITERION.c.position)
)


def assignment_page(conn: Connection, visitor: Visitor, where: Where, trouble: Trouble = NO_TROUBLE) -> AssignmentPage:
    """The visitor's own page, or what is asked for those who serve the cohort; six statements, seven when cold, one
    more once something is judged, and one where grading is anonymous.

    Raises NotFound for everybody else, and for learners while the module is locked.
    """
    found = reader(conn, visitor, where.known().cohort_id)
    viewer = zone(visitor.me.zone)
    if found.place is None:
        return _for_staff(conn, found, where, visitor.now.school, viewer)
    desk = desk_at(conn, found.place, visitor.now.school, where)
    page = for_learner(conn, desk, trouble, viewer=viewer)
    appeals = entries(conn, desk, viewer)
    earlier = tuple(replace(one, appeal=appeals.get(one.number)) for one in page.earlier)
    return replace(page, take_back=_take_back(desk, visitor.now.real), earlier=earlier, overtaken=_overtaken(desk))


def for_learner(conn: Connection, desk: Desk, trouble: Trouble = NO_TROUBLE, *, viewer: ZoneInfo) -> AssignmentPage:
    """The page of somebody's own desk; four statements, one more where a decision was changed and where
    grading is anonymous."""
    kept = kept_in(conn, *(tried.id for tried in desk.tries))
    lines = _lines(conn, desk)
    done = [tried for tried in reversed(desk.tries) if tried != desk.draft]
    earlier = tuple(attempt_view(desk, tried, kept[tried.id], lines, viewer) for tried in done)
    changes, criteria = changes_of(conn, desk, viewer), public_criteria(conn, [desk.rubric_id]).get(desk.rubric_id, ())
    form = _form(desk, kept[desk.draft.id] if desk.draft else Kept({}), trouble, viewer, lines)
    form = replace(form, slots=with_checks(conn, desk, form.slots)) if form else None
    newest = next((tried for tried in reversed(desk.tries) if tried.decision_id), None)
    chosen = {row.criterion_key: row.level_key for row in lines.get(newest.decision_id or "", ())} if newest else {}
    page = AssignmentPage(
        path=desk.where.path,
        crumbs=_crumbs(desk.where, desk.place.cohort.course_title, desk.task.title),
        kicker=_("Module {number}: {title}", number=desk.where.module_number, title=desk.task.module_title),
        title=desk.task.title,
        instructions_html=desk.task.instructions_html,
        required=desk.task.required,
        state=say_state(desk.state),
        tone=TONES[desk.state],
        due=_said(desk, desk.dates.due_at, viewer),
        last=_last(desk, viewer),
        attempts_words=_attempts_words(desk),
        hear=_hear(desk),
        asks=tuple(slot.asked.title for slot in desk.task.slots),
        criteria=criteria,
        rule=say_rule(rule_for(conn, desk.place.enrolment_id, desk.task.id, desk.now).rule, criteria),
        chosen=chosen,
        form=form,
        closed=_closed(desk),
        may_begin=bool(desk.tries) and desk.may_begin,
        is_first=desk.is_first,
        earlier=tuple(replace(one, changed=changes.get(one.number)) for one in earlier),
        conflicts=bool(trouble.others),
        errors=_errors(form, trouble),
        unsent=_unsent(desk, trouble) if form is None or trouble.unsent else (),
        coaching=coaching_view(conn, desk, viewer),
        period=_period(desk, kept),
    )
    return as_graded(conn, desk, page)


def _period(desk: Desk, kept: Mapping[str, Kept]) -> Period:
    """How long the newest attempt that is in, or would be, is kept."""
    done = [tried for tried in desk.tries if not tried.attempt.is_draft]
    where = zone(desk.place.cohort.zone)
    if not done:
        return Period(None, desk.now, where)
    gone = any(row.purged_at is not None for row in kept[done[-1].id].by_id.values())
    return Period(done[-1].attempt.withdrawn_at or done[-1].attempt.submitted_at, desk.now, where, gone)


def _for_staff(conn: Connection, found: Reader, where: Where, now: datetime, viewer: ZoneInfo) -> AssignmentPage:
    """What learners read, without a form: by the cohort's own dates, open or not."""
    due = found.dates(where.module_number, now).due_at
    task = task_at(conn, found.cohort.version_id, where)
    limit, criteria = task.max_attempts, public_criteria(conn, [task.rubric_id]).get(task.rubric_id, ())
    return AssignmentPage(
        path=where.path,
        crumbs=_crumbs(where, found.cohort.course_title, task.title),
        kicker=_("Module {number}: {title}", number=where.module_number, title=task.module_title),
        title=task.title,
        instructions_html=task.instructions_html,
        required=task.required,
        state=_("As learners read it"),
        tone="plain",
        due=say_instant(due, zone(found.cohort.zone), viewer, now) if due else None,
        last=None,
        attempts_words=_("No limit") if limit is None else _("At most {count}", count=limit),
        asks=tuple(slot.asked.title for slot in task.slots),
        criteria=criteria,
        rule=say_rule(rule_for(conn, "", task.id, now).rule, criteria),
    )


def save_whole(
    conn: Connection, visitor: Visitor, where: Where, typed: Typed, *, arrived: datetime | None = None
) -> AssignmentPage | None:
    """Keep a whole form as a draft; the page again where something in it could not be kept."""
    saved = save_draft(conn, visitor, where, typed, arrived=arrived)
    if saved.clean:
        return None
    return assignment_page(conn, visitor, where, Trouble(typed, saved.wrong, saved.others))


def save_slot(conn: Connection, visitor: Visitor, where: Where, typed: Typed, key: str) -> SavedSlot:
    """Keep one slot of the draft, and say what is still missing."""
    desk = my_desk(conn, visitor, where, deciding=True)
    mine = replace(typed, answers=tuple(one for one in typed.answers if one.key == key), remove="")
    change = change_at(conn, desk, mine)
    store(conn, desk, change)
    kept = change.after
    title, name, seen = _saved_field(desk, change, key)
    return SavedSlot(
        path=where.path,
        attempt=typed.attempt,
        key=key,
        title=title,
        name=name,
        seen=seen,
        saved=say_saved(desk.now, desk.now, zone(visitor.me.zone)),
        missing=tuple(one.words for one in missing_at(desk, kept)),
        wrong=change.wrong.get(key, ""),
        other=change.others.get(key),
        closed=_closed(desk),
        named=saved_words(conn, desk, mine.answers),
    )


def _saved_field(desk: Desk, change: Change, key: str) -> tuple[str, str, str]:
    """Title, name and mark of what was saved: a slot's, or of what the learner says they changed."""
    if key == CHANGES and change.draft is not None:
        note = change.draft.changes if change.note is None else change.note
        return _("What I changed"), TEXT + CHANGES, note_mark(note)
    slot = next((slot for slot in desk.task.slots if slot.asked.key == key), None)
    if slot is None:
        raise NotFound
    return slot.asked.title, NAMES[slot.asked.kind] + key, change.after.mark(slot)


def hand_in_whole(
    conn: Connection, visitor: Visitor, where: Where, typed: Typed, receipt: str, *, arrived: datetime | None = None
) -> AssignmentPage | str:
    """Hand a whole form in: the number of its receipt, or the page again with what is missing."""
    handed = hand_in(conn, visitor, where, typed, receipt, arrived=arrived)
    if handed.receipt:
        return handed.receipt
    wrong = {one.key: one.words for one in handed.missing} | handed.wrong
    return assignment_page(conn, visitor, where, Trouble(typed, wrong, handed.others))


def _saved(view: SlotView, rows: tuple[Any, ...], now: datetime, viewer: ZoneInfo) -> SlotView:
    """The slot's view with when it was saved."""
    return replace(view, saved=say_saved(max(row.saved_at for row in rows), now, viewer)) if rows else view


def _lines(conn: Connection, desk: Desk) -> dict[str, list[Any]]:
    decisions = [tried.decision_id for tried in desk.tries if tried.decision_id]
    rows = conn.execute(_LINES, {"decisions": decisions}).all() if decisions else []
    return {decision: list(group) for decision, group in groupby(rows, key=lambda row: row.decision_id)}


def _crumbs(where: Where, course: str, title: str) -> tuple[tuple[str, str | None], ...]:
    cohort = f"/cohorts/{where.cohort_id}"
    week = f"{cohort}/modules/{where.module_number}"
    return (course, cohort), (_("Module {number}", number=where.module_number), week), (title, None)


def _said(desk: Desk, instant: datetime | None, viewer: ZoneInfo) -> Said | None:
    if instant is None:
        return None
    return say_instant(instant, zone(desk.place.cohort.zone), viewer, desk.now)


def _last(desk: Desk, viewer: ZoneInfo) -> Said | None:
    """The last minute in which the next attempt is taken, where that is later than the due date."""
    last = desk.dates.late_until if desk.is_first else desk.dates.closes_at
    return _said(desk, last, viewer) if last != desk.dates.due_at else None


def _attempts_words(desk: Desk) -> str:
    limit, done = desk.limit, used(desk.attempts)
    if limit is None:
        return n_("{count} used, no limit", "{count} used, no limit", done) if done else _("No limit")
    return n_("{used} of {count} used", "{used} of {count} used", limit, used=done)


def _hear(desk: Desk) -> str:
    """How soon a decision is promised, "" where nothing is."""
    days = desk.promise_days
    if not days:
        return ""
    return n_("Within {count} business day of handing in", "Within {count} business days of handing in", days)


def _closed(desk: Desk) -> str:
    """Why nothing can be handed in, where the state alone does not say it."""
    if not desk.task.is_asked:
        return _("The course does not ask for this any more. What you typed and handed in stays here to be read.")
    if desk.state in (WorkState.SUBMITTED, WorkState.DEMONSTRATED):
        return ""
    if not desk.takes:
        return _("The time for handing this in is over. Ask the person who leads the course if you need more.")
    if desk.draft is None and not desk.may_begin:
        return n_(
            "The only attempt is used. What comes next is said below.",
            "All {count} attempts are used. What comes next is said below.",
            desk.limit or 0,
        )
    return ""


def _overtaken(desk: Desk) -> str:
    """What a draft is worth where an earlier attempt came to count as demonstrated, after an appeal or a change."""
    if desk.draft is None or desk.state is not WorkState.DEMONSTRATED:
        return ""
    return _("An earlier attempt counts as demonstrated now. This draft stays here, and need not be handed in.")


def _take_back(desk: Desk, real: datetime) -> TakeBackView | None:
    """Whether what waits may be taken back, and what would come of it; `real` is for a grader's lease."""
    waiting = desk.tries[-1] if desk.state is WorkState.SUBMITTED else None
    if waiting is None:
        return None
    if waiting.is_read(real):
        return TakeBackView(waiting.number, _("A grader is reading it now, so it cannot be taken back any more."))
    if not desk.takes_again(waiting):
        return TakeBackView(waiting.number, _("The time for handing in is over: it stays handed in."))
    would_be_late = is_first(desk.attempts, waiting.number) and is_late(desk.dates, desk.now)
    words = _("Until a grader takes it up you can take it back. It is a draft again then, and no attempt is used.")
    if would_be_late and not waiting.attempt.late:
        words = " ".join((words, _("It was on time; handed in again now, it would be late.")))
    return TakeBackView(waiting.number, words, f"{desk.where.path}/withdraw")


def _form(desk: Desk, kept: Kept, trouble: Trouble, viewer: ZoneInfo, lines: Lines) -> DraftForm | None:
    if desk.draft is None and (desk.tries or not desk.may_begin):
        return None
    views = {slot: _saved(slot_view(slot, kept, trouble), kept.of(slot), desk.now, viewer) for slot in desk.task.slots}
    return DraftForm(
        attempt=desk.number,
        saved=say_saved(desk.draft.saved_at, desk.now, viewer) if desk.draft else "",
        slots=tuple(opened(view, slot, desk, kept, lines) for slot, view in views.items()),
        changes=note_view(desk, trouble),
        missing=tuple(one.words for one in missing_at(desk, kept)),
        integrity=_(INTEGRITY),
        integrity_error=trouble.wrong.get(INTEGRITY_KEY, ""),
        agreed=trouble.typed.integrity,
    )


def _errors(form: DraftForm | None, trouble: Trouble) -> tuple[tuple[str | None, str], ...]:
    """What the page says first, each with the control it is about."""
    controls = {slot.key: f"field-{slot.name}" for slot in form.slots} if form else {}
    if form and form.changes:
        controls[CHANGES] = f"field-{form.changes.name}"
    controls[INTEGRITY_KEY] = "field-integrity"
    others = dict.fromkeys(trouble.others, _("Another window saved something else here."))
    return tuple((controls.get(key), words) for key, words in {**others, **trouble.wrong}.items())


def _unsent(desk: Desk, trouble: Trouble) -> tuple[tuple[str, str], ...]:
    """What was typed and found no place, so that it can be copied."""
    titles = {slot.asked.key: slot.asked.title for slot in desk.task.slots} | {CHANGES: _("What I changed")}
    return tuple((titles[one.key], one.typed) for one in trouble.typed.answers if one.key in titles and one.typed)
