"""The parts of an assignment's page: slots of the form, attempts, what was handed in."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Desk, Tried
from assessments.evidence.drafts import Kept
from assessments.evidence.forms import CHECK, FILES, LINKS, TEXT
from assessments.evidence.kinds import USUAL
from assessments.evidence.photos import PHOTOS
from assessments.evidence.recorded import say_late_rule, say_result
from assessments.evidence.standing import Attempt
from assessments.evidence.tasks import Slot
from assessments.evidence.views import AttemptView, FileView, GoneView, ItemView, LineView, SlotView, Trouble
from assessments.evidence.words import say_outcome, say_state
from assessments.grading.carrying import say_comment
from assessments.terms.promise import is_broken
from courses.coursework import WorkState
from courses.schedule.words import say_date, say_instant
from courses.schedule.zones import zone
from fourweek.language import _, n_
from fourweek.language.lists import in_a_row
from fourweek.scanning.gate import stays
from fourweek.words import say_size

NAMES = {
    RequirementKind.TEXT: TEXT,
    RequirementKind.LINKS: LINKS,
    RequirementKind.FILES: FILES,
    RequirementKind.CHECK: CHECK,
}
IN_WORDS = frozenset({RequirementKind.TEXT, RequirementKind.CHECK})


def slot_view(slot: Slot, kept: Kept, trouble: Trouble) -> SlotView:
    """A slot as the form shows it: what is kept, or what was typed where that could not be kept."""
    asked = slot.asked
    unsaved = asked.key in trouble.others or asked.key in trouble.wrong
    typed = next((one.typed for one in trouble.typed.answers if one.key == asked.key), None) if unsaved else None
    files = _files(kept.of(slot)) if asked.kind is RequirementKind.FILES else ()
    return SlotView(
        key=asked.key,
        name=NAMES[asked.kind] + asked.key,
        title=asked.title,
        prompt_html=slot.prompt_html,
        kind=asked.kind.value,
        required=asked.required,
        hint=_hint(slot),
        min_words=asked.min_words,
        max_words=asked.max_words,
        value=kept.typed(slot) if typed is None else typed,
        seen=kept.mark(slot),
        files=files,
        room=max(0, asked.max_items - len(files)),
        accept=asked.accept or USUAL,
        error=trouble.wrong.get(asked.key, ""),
        other=trouble.others.get(asked.key),
        takes_photos=asked.kind is RequirementKind.FILES and not PHOTOS.isdisjoint(asked.accept or USUAL),
    )


def _hint(slot: Slot) -> str:
    asked = slot.asked
    if asked.kind is RequirementKind.LINKS:
        if asked.max_items == 1:
            return _("One link. It begins with https:// or http://.")
        return n_(
            "Up to {count} link, one a line. It begins with https:// or http://.",
            "Up to {count} links, one a line. It begins with https:// or http://.",
            asked.max_items,
        )
    if asked.kind is RequirementKind.FILES:
        kinds = in_a_row(asked.accept or USUAL)
        return n_("One file: {kinds}.", "Up to {count} files: {kinds}.", asked.max_items, kinds=kinds)
    return ""


def _files(rows: tuple[Any, ...]) -> tuple[FileView, ...]:
    return tuple(_file(row) for row in rows)


def _file(row: Any) -> FileView:
    verdict = getattr(row, "verdict", None)  # a row that was only just written has none
    at = "" if stays(verdict, mine=True) else f"/evidence/{row.id}"
    name, size = row.file_name, say_size(row.size)
    return FileView(row.id, name, size, row.sha256, at, _(row.note), at and f"{at}/view", stays(verdict, mine=False))


def attempt_view(desk: Desk, tried: Tried, kept: Kept, lines: dict[str, list[Any]], viewer: ZoneInfo) -> AttemptView:
    """An attempt that was handed in; `lines` are of posted decisions, by their ids."""
    words, tone = _outcome(tried.attempt)
    at, gone = tried.attempt.submitted_at or tried.saved_at, tried.attempt.withdrawn_at
    waits = gone is None and tried.decision_id is None
    rows = lines.get(tried.decision_id or "", ())
    return AttemptView(
        number=tried.number,
        handed_in=say_instant(at, zone(desk.place.cohort.zone), viewer, desk.now),
        receipt=tried.receipt,
        late=tried.attempt.late,
        late_rule=say_late_rule(tried.late_rule),
        outcome=words,
        tone=tone,
        comment=tried.comment,
        lines=tuple(map(line_view, rows)),
        items=_items(desk, kept),
        taken_back=say_instant(gone, zone(desk.place.cohort.zone), viewer, desk.now) if gone else None,
        changes=tried.changes,
        compare=f"{desk.where.path}/attempts/{tried.number}/compared" if tried.number > 1 else "",
        promised=say_instant(tried.promised_at, zone(desk.place.cohort.zone), viewer, desk.now)
        if tried.promised_at and waits
        else None,
        is_overdue=tried.promised_at is not None and is_broken(tried.promised_at, desk.now),
    )


def _outcome(attempt: Attempt) -> tuple[str, str]:
    """What came of an attempt, in words, and their tone."""
    if attempt.withdrawn_at is not None:
        return _("Taken back; no attempt was used"), "plain"
    if attempt.outcome is not None:
        return say_outcome(attempt.outcome)
    return say_state(WorkState.SUBMITTED), "waiting"


def line_view(row: Any) -> LineView:
    """What a posted decision says of one criterion."""
    return LineView(row.criterion, row.level or "", row.met, say_comment(row.comment))


def _items(desk: Desk, kept: Kept) -> tuple[ItemView, ...]:
    where = zone(desk.place.cohort.zone)
    return tuple(_item(desk, slot, kept.every(slot), where) for slot in desk.task.slots if kept.every(slot))


def _item(desk: Desk, slot: Slot, rows: tuple[Any, ...], where: ZoneInfo) -> ItemView:
    item = item_view(slot.asked.title, rows, where)
    if slot.asked.kind is RequirementKind.CHECK:
        return replace(item, check=f"{desk.where.path}/checks/{slot.asked.key}")
    return item


def item_view(title: str, rows: tuple[Any, ...], where: ZoneInfo) -> ItemView:
    """One slot of what was handed in, from its rows of evidence; of what was purged its tombstone, dated in `where`."""
    left = tuple(row for row in rows if row.purged_at is None)
    return ItemView(
        title=title,
        text="\n".join(_in_words(row) for row in left if row.kind in IN_WORDS),
        links=tuple(row.url for row in left if row.kind is RequirementKind.LINKS),
        files=_files(tuple(row for row in left if row.kind is RequirementKind.FILES)),
        gone=tuple(gone_view(title, row, where) for row in rows if row.purged_at is not None),
    )


def _in_words(row: Any) -> str:
    return say_result(row.text) if row.kind is RequirementKind.CHECK else str(row.text)


def gone_view(title: str, row: Any, where: ZoneInfo) -> GoneView:
    """What is left of a purged row of evidence."""
    return GoneView(row.file_name or title, say_size(row.size), row.sha256, removed_words(row.purged_at, where))


def removed_words(purged_at: datetime, where: ZoneInfo) -> str:
    """Such as "Removed on Monday 7 December 2026"."""
    return _("Removed on {date}", date=say_date(purged_at.astimezone(where).date()))
