"""Which slots a further attempt opens, as its form shows it: what was said of the open ones, why others are closed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assessments.evidence.access import Desk, Tried
from assessments.evidence.drafts import Kept
from assessments.evidence.forms import CHANGES, TEXT, note_mark
from assessments.evidence.parts import item_view, line_view
from assessments.evidence.tasks import Slot
from assessments.evidence.views import FeedbackView, LockedView, SlotView, Trouble
from assessments.grading.carrying import Carried, Reached, Verdict, carried_over
from assessments.grading.models import Outcome
from courses.schedule.zones import zone
from fourweek.language import _

RETURNED = Outcome.RETURNED_INCOMPLETE
Lines = Mapping[str, Sequence[Any]]


def met_before(tries: Sequence[Tried], lines: Lines) -> dict[str, Carried]:
    """The criteria that are met already, by their keys; `lines` are of posted decisions, by their ids."""
    verdicts = [
        Verdict(
            tried.number,
            {
                line.criterion_key: Reached(line.level_key or "", line.met)
                for line in lines.get(tried.decision_id or "", ())
            },
        )
        for tried in _judged(tries)
    ]
    return carried_over(verdicts)


def _judged(tries: Sequence[Tried]) -> list[Tried]:
    """The attempts with a posted verdict, oldest first; one that was returned incomplete has none."""
    return [tried for tried in tries if tried.decision_id and tried.attempt.outcome is not RETURNED]


def opened(view: SlotView, slot: Slot, desk: Desk, kept: Kept, lines: Lines) -> SlotView:
    """The slot's view, locked where the draft does not open it, else with what was said about it before."""
    if slot not in desk.open_slots:
        where = zone(desk.place.cohort.zone)
        words = _demonstrated(slot, desk, lines)
        return replace(view, locked=LockedView(words, item_view(slot.asked.title, kept.of(slot), where)))
    told = next(reversed(_judged(desk.tries)), None)
    if told is None:
        return view
    said = [line for line in lines.get(told.decision_id or "", ()) if slot.asked.key in line.judged_on and not line.met]
    return replace(view, feedback=FeedbackView(told.number, tuple(map(line_view, said)))) if said else view


def _demonstrated(slot: Slot, desk: Desk, lines: Lines) -> str:
    """Which attempt demonstrated everything that is judged on this slot."""
    judged = {line.criterion_key for rows in lines.values() for line in rows if slot.asked.key in line.judged_on}
    met = met_before(desk.tries, lines)
    by = [met[key].attempt for key in judged if key in met]
    return _("Demonstrated in attempt {number}", number=max(by)) if by else _("Demonstrated in an earlier attempt")


def note_view(desk: Desk, trouble: Trouble) -> SlotView | None:
    """Where the learner says what they changed; None for a first attempt."""
    if desk.draft is None or desk.is_first:
        return None
    unsaved = CHANGES in trouble.others or CHANGES in trouble.wrong
    typed = next((one.typed for one in trouble.typed.answers if one.key == CHANGES), None) if unsaved else None
    return SlotView(
        key=CHANGES,
        name=TEXT + CHANGES,
        title=_("What I changed"),
        prompt_html=_("What is different from the attempt before. The grader reads it first."),
        kind="note",
        required=False,
        hint="",
        min_words=None,
        max_words=None,
        value=desk.draft.changes if typed is None else typed,
        seen=note_mark(desk.draft.changes),
        files=(),
        room=0,
        accept=(),
        error=trouble.wrong.get(CHANGES, ""),
        other=trouble.others.get(CHANGES),
    )
