"""The assignment page, put together from a desk."""

from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, bindparam, select

from assessments.evidence.access import Desk, Where, desk_at, my_desk, task_at
from assessments.evidence.drafts import Kept, change_at, kept_in, save_draft, store
from assessments.evidence.forms import Typed
from assessments.evidence.parts import NAMES, attempt_view, slot_view
from assessments.evidence.rules import INTEGRITY
from assessments.evidence.service import INTEGRITY_KEY, hand_in, missing_at
from assessments.evidence.standing import used
from assessments.evidence.views import (
    NO_TROUBLE,
    AssignmentPage,
    DraftForm,
    SavedSlot,
    Trouble,
)
from assessments.evidence.words import TONES, say_state
from assessments.grading.models import DecisionLine
from assessments.rubrics.queries import CRITERION, LEVEL, criteria_of
from courses.coursework import WorkState
from courses.learning.access import Reader, reader
from courses.schedule.words import Said, say_instant, say_time
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import NotFound

LINE = table(DecisionLine)
_LINES: Select[Any] = (
    select(
        LINE.c.decision_id,
        LINE.c.met,
        LINE.c.comment,
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
    """The visitor's own page, or what is asked for those who serve the cohort; six statements, seven when cold.

    Raises NotFound for everybody else, and for learners while the module is locked.
    """
    found = reader(conn, visitor, where.known().cohort_id)
    viewer = zone(visitor.me.zone)
    if found.place is None:
        return _for_staff(conn, found, where, visitor.now.school, viewer)
    return for_learner(conn, desk_at(conn, found.place, visitor.now.school, where), trouble, viewer=viewer)


def for_learner(conn: Connection, desk: Desk, trouble: Trouble = NO_TROUBLE, *, viewer: ZoneInfo) -> AssignmentPage:
    """The page of somebody's own desk; three statements."""
    kept = kept_in(conn, *(tried.id for tried in desk.tries))
    lines = _lines(conn, desk)
    done = [tried for tried in reversed(desk.tries) if tried != desk.draft]
    earlier = tuple(attempt_view(desk, tried, kept[tried.id], lines, viewer) for tried in done)
    form = _form(desk, kept[desk.draft.id] if desk.draft else Kept({}), trouble, viewer)
    newest = next((tried for tried in reversed(desk.tries) if tried.decision_id), None)
    chosen = {row.criterion_key: row.level_key for row in lines.get(newest.decision_id or "", ())} if newest else {}
    return AssignmentPage(
        path=desk.where.path,
        crumbs=_crumbs(desk.where, desk.place.cohort.course_title, desk.task.title),
        kicker=f"Module {desk.where.module_number}: {desk.task.module_title}",
        title=desk.task.title,
        instructions_html=desk.task.instructions_html,
        required=desk.task.required,
        state=say_state(desk.state),
        tone=TONES[desk.state],
        due=_said(desk, desk.dates.due_at, viewer),
        last=_last(desk, viewer),
        attempts_words=_attempts_words(desk),
        asks=tuple(slot.asked.title for slot in desk.task.slots),
        criteria=criteria_of(conn, [desk.rubric_id]).get(desk.rubric_id, ()),
        chosen=chosen,
        form=form,
        closed=_closed(desk),
        may_begin=bool(desk.tries) and desk.may_begin,
        earlier=earlier,
        conflicts=bool(trouble.others),
        errors=_errors(form, trouble),
        unsent=_unsent(desk, trouble) if form is None or trouble.unsent else (),
    )


def _for_staff(conn: Connection, found: Reader, where: Where, now: datetime, viewer: ZoneInfo) -> AssignmentPage:
    """What learners read, without a form: by the cohort's own dates, open or not."""
    due = found.dates(where.module_number, now).due_at
    task = task_at(conn, found.cohort.version_id, where)
    limit = task.max_attempts
    return AssignmentPage(
        path=where.path,
        crumbs=_crumbs(where, found.cohort.course_title, task.title),
        kicker=f"Module {where.module_number}: {task.module_title}",
        title=task.title,
        instructions_html=task.instructions_html,
        required=task.required,
        state="As learners read it",
        tone="plain",
        due=say_instant(due, zone(found.cohort.zone), viewer, now) if due else None,
        last=None,
        attempts_words="No limit" if limit is None else f"At most {limit}",
        asks=tuple(slot.asked.title for slot in task.slots),
        criteria=criteria_of(conn, [task.rubric_id]).get(task.rubric_id, ()),
    )


def save_whole(conn: Connection, visitor: Visitor, where: Where, typed: Typed) -> AssignmentPage | None:
    """Keep a whole form as a draft; the page again where something in it could not be kept."""
    saved = save_draft(conn, visitor, where, typed)
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
    slot = next((slot for slot in desk.task.slots if slot.asked.key == key), None)
    if slot is None:
        raise NotFound
    return SavedSlot(
        path=where.path,
        attempt=typed.attempt,
        key=key,
        title=slot.asked.title,
        name=NAMES[slot.asked.kind] + key,
        seen=kept.mark(slot),
        saved=_saved_words(desk.now, zone(visitor.me.zone)),
        missing=tuple(one.words for one in missing_at(desk, kept)),
        wrong=change.wrong.get(key, ""),
        other=change.others.get(key),
    )


def hand_in_whole(conn: Connection, visitor: Visitor, where: Where, typed: Typed, receipt: str) -> AssignmentPage | str:
    """Hand a whole form in: the number of its receipt, or the page again with what is missing."""
    handed = hand_in(conn, visitor, where, typed, receipt)
    if handed.receipt:
        return handed.receipt
    wrong = {one.key: one.words for one in handed.missing} | handed.wrong
    return assignment_page(conn, visitor, where, Trouble(typed, wrong, handed.others))


def _saved_words(at: datetime, viewer: ZoneInfo) -> str:
    return f"Saved {say_time(at.astimezone(viewer).time())} ({viewer.key})"


def _lines(conn: Connection, desk: Desk) -> dict[str, list[Any]]:
    decisions = [tried.decision_id for tried in desk.tries if tried.decision_id]
    rows = conn.execute(_LINES, {"decisions": decisions}).all() if decisions else []
    return {decision: list(group) for decision, group in groupby(rows, key=lambda row: row.decision_id)}


def _crumbs(where: Where, course: str, title: str) -> tuple[tuple[str, str | None], ...]:
    cohort = f"/cohorts/{where.cohort_id}"
    week = f"{cohort}/modules/{where.module_number}"
    return (course, cohort), (f"Module {where.module_number}", week), (title, None)


def _said(desk: Desk, instant: datetime | None, viewer: ZoneInfo) -> Said | None:
    if instant is None:
        return None
    return say_instant(instant, zone(desk.place.cohort.zone), viewer, desk.now)


def _last(desk: Desk, viewer: ZoneInfo) -> Said | None:
    """The last minute in which the next attempt is taken, where that is later than the due date."""
    last = desk.dates.late_until if desk.number == 1 else desk.dates.closes_at
    return _said(desk, last, viewer) if last != desk.dates.due_at else None


def _attempts_words(desk: Desk) -> str:
    limit, done = desk.task.max_attempts, used(desk.attempts)
    if limit is None:
        return f"{done} used, no limit" if done else "No limit"
    return f"{done} of {limit} used"


def _closed(desk: Desk) -> str:
    """Why nothing can be handed in, where the state alone does not say it."""
    if not desk.task.is_asked:
        return "The course does not ask for this any more. What you typed and handed in stays here to be read."
    if desk.state in (WorkState.SUBMITTED, WorkState.DEMONSTRATED):
        return ""
    if not desk.takes:
        return "The time for handing this in is over. Ask the person who leads the course if you need more."
    if desk.draft is None and not desk.may_begin:
        return f"All {desk.task.max_attempts} attempts are used. Ask the person who leads the course what comes next."
    return ""


def _form(desk: Desk, kept: Kept, trouble: Trouble, viewer: ZoneInfo) -> DraftForm | None:
    if desk.draft is None and (desk.tries or not desk.may_begin):
        return None
    return DraftForm(
        attempt=desk.number,
        saved=_saved_words(desk.draft.saved_at, viewer) if desk.draft else "",
        slots=tuple(slot_view(slot, kept, trouble) for slot in desk.task.slots),
        missing=tuple(one.words for one in missing_at(desk, kept)),
        integrity=INTEGRITY,
        integrity_error=trouble.wrong.get(INTEGRITY_KEY, ""),
        agreed=trouble.typed.integrity,
    )


def _errors(form: DraftForm | None, trouble: Trouble) -> tuple[tuple[str | None, str], ...]:
    """What the page says first, each with the control it is about."""
    controls = {slot.key: f"field-{slot.name}" for slot in form.slots} if form else {}
    controls[INTEGRITY_KEY] = "field-integrity"
    others = dict.fromkeys(trouble.others, "Another window saved something else here.")
    return tuple((controls.get(key), words) for key, words in {**others, **trouble.wrong}.items())


def _unsent(desk: Desk, trouble: Trouble) -> tuple[tuple[str, str], ...]:
    """What was typed and found no place, so that it can be copied."""
    titles = {slot.asked.key: slot.asked.title for slot in desk.task.slots}
    return tuple((titles[one.key], one.typed) for one in trouble.typed.answers if one.key in titles and one.typed)
