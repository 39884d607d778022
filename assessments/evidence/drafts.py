"""Drafts: kept as they are typed, a slot at a time. They are no acts, so the audit log does not know of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Desk, Tried, Where, my_desk
from assessments.evidence.errors import HandedIn, NotTaken, TakenBack
from assessments.evidence.forms import CHANGES, Answer, NewFile, Typed, mark, note_mark
from assessments.evidence.members import keep_members
from assessments.evidence.models import Evidence, Submission, SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.evidence.rules import NOTHING, Given, too_many
from assessments.evidence.tasks import Slot
from assessments.identity.pseudonyms import new_pseudonym
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.scanning.gate import verdict_of

LOCKED = N_("This was demonstrated in an earlier attempt and stays as it was handed in.")
KEPT: Select[Any] = (
    select(EVIDENCE, verdict_of(EVIDENCE.c.sha256))
    .where(EVIDENCE.c.submission_id.in_(bindparam("submissions", expanding=True)))
    .order_by(EVIDENCE.c.submission_id, EVIDENCE.c.requirement_id, EVIDENCE.c.position)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one attempt holds: evidence (rows, or models yet to be stored) by the id of its requirement.

    Of what was purged its tombstone is among the `rows`; a draft goes on as if it were not there.
    """

    rows: dict[str, tuple[Any, ...]]

    @property
    def by_id(self) -> dict[str, Any]:
        return {row.id: row for rows in self.rows.values() for row in rows}

    def of(self, slot: Slot) -> tuple[Any, ...]:
        return tuple(row for row in self.every(slot) if row.purged_at is None)

    def every(self, slot: Slot) -> tuple[Any, ...]:
        """With the tombstones."""
        return self.rows.get(slot.id, ())

    def mark(self, slot: Slot) -> str:
        return mark(row.sha256 for row in self.of(slot))

    def typed(self, slot: Slot) -> str:
        """The slot's text, or its links a line each."""
        return "\n".join(row.text or row.url for row in self.of(slot))

    def given(self, slot: Slot) -> Given:
        rows = self.of(slot)
        if not rows:
            return NOTHING
        if slot.asked.kind is RequirementKind.FILES:
            return Given(files=len(rows))
        if slot.asked.kind is RequirementKind.LINKS:
            return Given(links=tuple(row.url for row in rows))
        if slot.asked.kind is RequirementKind.CHECK:
            return Given(settled=True)
        return Given(text=rows[0].text)


@dataclass(slots=True)
class Change:
    """What a form makes of a draft, decided before a row is written: what the draft holds before and after.

    `draft` is None where there is nothing to begin one for; `begins` says that it is made now. `wrong` maps a slot's
    key to why it was not taken, `others` to what another window saved. `note`: what the learner now says they changed.
    """

    draft: Tried | None
    begins: bool
    before: Kept
    after: Kept
    wrong: dict[str, str]
    others: dict[str, str]
    note: str | None = None

    @property
    def clean(self) -> bool:
        return not (self.wrong or self.others)

    @property
    def gone(self) -> list[str]:
        """Ids of evidence that leaves the draft."""
        return [one for one in self.before.by_id if one not in self.after.by_id]

    @property
    def added(self) -> list[Evidence]:
        return [row for one, row in self.after.by_id.items() if one not in self.before.by_id]


def kept_in(conn: Connection, *submission_ids: str) -> dict[str, Kept]:
    """What these attempts hold, one statement."""
    found: dict[str, dict[str, tuple[Any, ...]]] = {one: {} for one in submission_ids}
    if submission_ids:
        for row in conn.execute(KEPT, {"submissions": list(submission_ids)}):
            rows = found[row.submission_id]
            rows[row.requirement_id] = (*rows.get(row.requirement_id, ()), row)
    return {one: Kept(rows) for one, rows in found.items()}


def save_draft(
    conn: Connection, visitor: Visitor, where: Where, typed: Typed, *, arrived: datetime | None = None
) -> Change:
    """Keep what was typed in the visitor's draft, which begins with the first thing to keep.

    Raises NotFound, HandedIn when this attempt is in already, and NotTaken when none may be begun. A slot that another
    window changed since this form was made is left as it is and reported. `arrived`: when it came in (real clock).
    """
    desk = my_desk(conn, visitor, where, deciding=True, arrived=arrived)
    change = change_at(conn, desk, typed)
    store(conn, desk, change)
    return change


def change_at(conn: Connection, desk: Desk, typed: Typed) -> Change:
    """What a form would change at a desk that is locked; raises as `save_draft` does, and writes nothing."""
    draft = _draft_for(desk, typed)
    wrong = {one.key: one.words for one in typed.refused}
    if draft is None and not _has_content(typed):
        return Change(None, begins=False, before=Kept({}), after=Kept({}), wrong=wrong, others={})
    before = kept_in(conn, draft.id)[draft.id] if draft else Kept({})
    after = Kept(dict(before.rows))
    change = Change(draft or begun(desk), draft is None, before, after, wrong, others={})
    change.wrong.update(_locked(desk, before, typed))
    slots = {slot.asked.key: slot for slot in desk.open_slots}
    for answer in typed.answers:
        if answer.key == CHANGES and desk.draft is not None and not desk.is_first:
            _take_note(change, answer)
        if (slot := slots.get(answer.key)) and slot.asked.kind is answer.kind:
            _take_answer(change, slot, answer, desk.now)
    for key in dict.fromkeys(new.key for new in typed.files):
        if (slot := slots.get(key)) and slot.asked.kind is RequirementKind.FILES:
            _take_files(change, slot, [new for new in typed.files if new.key == key], desk.now)
    if {slot.id for slot in slots.values()} & {row.requirement_id for row in _named(before, typed.remove)}:
        _take_out(change, typed.remove)
    return change


def store(conn: Connection, desk: Desk, change: Change, handed_in: Mapping[str, Any] | None = None) -> None:
    """Write a change; `handed_in` holds the columns that freeze the attempt with it. Four statements at most.

    Raises NotTaken where the attempt is no draft any more.
    """
    draft = change.draft
    if draft is None:
        return
    if change.begins:
        begin(conn, desk, draft)
    if change.gone:
        conn.execute(delete(EVIDENCE).where(EVIDENCE.c.id.in_(change.gone)))
    if change.added:
        add(conn, *change.added)
    if handed_in or not change.begins:
        still = update(SUBMISSION).where(SUBMISSION.c.id == draft.id, SUBMISSION.c.state == SubmissionState.DRAFT)
        note = {} if change.note is None else {"changes": change.note}
        values = {"saved_at": desk.now, **note, **(handed_in or {})}
        if conn.execute(still.values(values)).rowcount != 1:
            raise NotTaken


def begin(conn: Connection, desk: Desk, draft: Tried, members: Iterable[str] = ()) -> None:
    """Write a draft that `begun` made; it is its learner's alone where no members are named."""
    row = Submission(
        id=draft.id,
        enrolment_id=desk.place.enrolment_id,
        assignment_id=desk.task.id,
        rubric_id=draft.rubric_id,
        attempt=draft.number,
        state=SubmissionState.DRAFT,
        started_at=desk.arrived,
        saved_at=desk.now,
        closed_slots=list(draft.closed),
        changes=draft.changes,
        pseudonym=desk.tries[0].pseudonym if desk.tries else new_pseudonym(),
    )
    add(conn, row)
    keep_members(conn, draft.id, tuple(members) or (desk.place.person_id,))


def begun(desk: Desk) -> Tried:
    """The draft of the next attempt, yet to be written."""
    return Tried.begun(new_id(), desk.number, desk.rubric_id, desk.now)


def _draft_for(desk: Desk, typed: Typed) -> Tried | None:
    """The draft that a form for attempt `typed.attempt` is about, None when it has yet to begin."""
    if desk.draft is not None and desk.draft.number == typed.attempt:
        return desk.draft
    earlier = desk.tried(typed.attempt)
    if earlier is not None and earlier.attempt.is_withdrawn:
        raise TakenBack
    if earlier is not None:
        raise HandedIn(earlier.attempt.submitted_at or desk.now, desk.place.cohort.zone)
    if desk.tries or not desk.may_begin:
        raise NotTaken
    return None


def _has_content(typed: Typed) -> bool:
    return bool(typed.files) or any(answer.pieces for answer in typed.answers)


def _take_answer(change: Change, slot: Slot, answer: Answer, now: datetime) -> None:
    stored = change.before.mark(slot)
    if answer.mark == stored:
        return
    if answer.refused:
        change.wrong[answer.key] = answer.refused
        return
    if answer.seen != stored:
        change.others[answer.key] = change.before.typed(slot)
        return
    is_text = answer.kind is RequirementKind.TEXT
    change.after.rows[slot.id] = tuple(
        _evidence(
            change,
            slot,
            place,
            text=one.content if is_text else "",
            url="" if is_text else one.content,
            size=len(one.content.encode()),
            sha256=one.sha256,
            saved_at=now,
        )
        for place, one in enumerate(answer.pieces)
    )


def _take_files(change: Change, slot: Slot, files: list[NewFile], now: datetime) -> None:
    """Add files; one with the same name and bytes is there already, and sending a form twice changes nothing."""
    rows = change.before.of(slot)
    known = {(row.file_name, row.sha256) for row in rows}
    new = {(one.name, one.sha256): one for one in files if (one.name, one.sha256) not in known}
    if len(rows) + len(new) > slot.asked.max_items:
        change.wrong[slot.asked.key] = " ".join((too_many(slot.asked, len(rows) + len(new)), _("Remove one first.")))
        return
    first = rows[-1].position + 1 if rows else 0
    added = (
        _evidence(
            change,
            slot,
            place,
            file_name=one.name,
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            note=one.note,
            saved_at=now,
        )
        for place, one in enumerate(new.values(), first)
    )
    change.after.rows[slot.id] = (*rows, *added)


def _evidence(change: Change, slot: Slot, place: int, **values: Any) -> Evidence:
    assert change.draft is not None  # noqa: S101
    kind = slot.asked.kind
    return Evidence(
        id=new_id(), submission_id=change.draft.id, requirement_id=slot.id, position=place, kind=kind, **values
    )


def _locked(desk: Desk, before: Kept, typed: Typed) -> dict[str, str]:
    """What a form would change in slots that this attempt does not open, by their keys: it is told so."""
    sent = {answer.key: answer.mark for answer in typed.answers}
    touched = {new.key for new in typed.files}
    gone = {row.requirement_id for row in _named(before, typed.remove)}
    return {
        slot.asked.key: _(LOCKED)
        for slot in desk.task.slots
        if slot not in desk.open_slots
        and (
            sent.get(slot.asked.key, before.mark(slot)) != before.mark(slot)
            or slot.asked.key in touched
            or slot.id in gone
        )
    }


def _named(kept: Kept, evidence_id: str) -> tuple[Any, ...]:
    return (kept.by_id[evidence_id],) if evidence_id in kept.by_id else ()


def _take_note(change: Change, answer: Answer) -> None:
    """What the learner says they changed, kept as a text slot is."""
    assert change.draft is not None  # noqa: S101
    stored = note_mark(change.draft.changes)
    if answer.mark == stored:
        return
    if answer.refused:
        change.wrong[answer.key] = answer.refused
    elif answer.seen != stored:
        change.others[answer.key] = change.draft.changes
    else:
        change.note = answer.typed


def _take_out(change: Change, evidence_id: str) -> None:
    """Take a file out of the draft; one that is not in it is left alone."""
    row = change.before.by_id.get(evidence_id)
    if row is not None and row.kind is RequirementKind.FILES:
        rows = change.after.rows[row.requirement_id]
        change.after.rows[row.requirement_id] = tuple(one for one in rows if one.id != evidence_id)
