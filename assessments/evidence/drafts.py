"""Drafts: kept as they are typed, a slot at a time. They are no acts, so the audit log does not know of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update

from assessments.assignments.models import RequirementKind
from assessments.evidence.access import Desk, Slot, Tried, Where, my_desk
from assessments.evidence.errors import HandedIn, NotTaken
from assessments.evidence.forms import Answer, NewFile, Typed, mark
from assessments.evidence.models import Evidence, Submission, SubmissionState
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.evidence.rules import NOTHING, Given, too_many
from assessments.evidence.standing import last_handed_in
from fourweek.accounts.access import Visitor
from fourweek.database import add, new_id

KEPT: Select[Any] = (
    select(EVIDENCE)
    .where(EVIDENCE.c.submission_id.in_(bindparam("submissions", expanding=True)))
    .order_by(EVIDENCE.c.submission_id, EVIDENCE.c.requirement_id, EVIDENCE.c.position)
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What one attempt holds: rows of evidence by the id of their requirement."""

    rows: dict[str, tuple[Row[Any], ...]]

    def of(self, slot: Slot) -> tuple[Row[Any], ...]:
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
        return Given(text=rows[0].text)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save. `wrong` maps a slot's key to why it was not saved, `others` to what another window saved."""

    draft: Tried | None
    wrong: dict[str, str]
    others: dict[str, str]

    @property
    def clean(self) -> bool:
        return not (self.wrong or self.others)


def kept_in(conn: Connection, *submission_ids: str) -> dict[str, Kept]:
    """What these attempts hold, one statement."""
    found: dict[str, dict[str, tuple[Row[Any], ...]]] = {one: {} for one in submission_ids}
    if submission_ids:
        for row in conn.execute(KEPT, {"submissions": list(submission_ids)}):
            rows = found[row.submission_id]
            rows[row.requirement_id] = (*rows.get(row.requirement_id, ()), row)
    return {one: Kept(rows) for one, rows in found.items()}


def save_draft(conn: Connection, visitor: Visitor, where: Where, typed: Typed) -> Saved:
    """Keep what was typed in the visitor's draft, which begins with the first thing to keep.

    Raises NotFound, HandedIn when this attempt is in already, and NotTaken when none may be begun. A slot that another
    window changed since this form was made is left as it is and reported.
    """
    return save_at(conn, my_desk(conn, visitor, where, deciding=True), typed)


def save_at(conn: Connection, desk: Desk, typed: Typed) -> Saved:
    """`save_draft` at a desk that is locked already."""
    draft = _draft_for(desk, typed)
    refused = {one.key: one.words for one in typed.refused}
    if draft is None and not _has_content(typed):
        return Saved(None, refused, {})
    draft = draft or _begin(conn, desk)
    kept = kept_in(conn, draft.id)[draft.id]
    slots = {slot.asked.key: slot for slot in desk.task.slots}
    saved = Saved(draft, refused, {})
    for answer in typed.answers:
        if (slot := slots.get(answer.key)) and slot.asked.kind is answer.kind:
            _save_answer(conn, draft, slot, answer, kept, saved, desk.now)
    for key in dict.fromkeys(new.key for new in typed.files):
        if (slot := slots.get(key)) and slot.asked.kind is RequirementKind.FILES:
            files = [new for new in typed.files if new.key == key]
            _save_files(conn, draft, slot, files, kept, saved, desk.now)
    if typed.remove:
        _remove(conn, draft, typed.remove)
    conn.execute(update(SUBMISSION).where(SUBMISSION.c.id == draft.id).values(saved_at=desk.now))
    return saved


def begin_next(conn: Connection, visitor: Visitor, where: Where) -> None:
    """Begin a further attempt from the newest one: texts, links and files are there again. Safe to ask for twice."""
    desk = my_desk(conn, visitor, where, deciding=True)
    if desk.draft is not None:
        return
    newest = last_handed_in(desk.attempts)
    if newest is None or not desk.may_begin:
        raise NotTaken
    earlier = desk.tried(newest.number)
    assert earlier is not None  # noqa: S101
    draft = _begin(conn, desk)
    for rows in kept_in(conn, earlier.id)[earlier.id].rows.values():
        copies = [row._asdict() | {"id": new_id(), "submission_id": draft.id, "saved_at": desk.now} for row in rows]
        add(conn, *(Evidence(**copy) for copy in copies))


def _draft_for(desk: Desk, typed: Typed) -> Tried | None:
    """The draft that a form for attempt `typed.attempt` is about, None when it has yet to begin."""
    if desk.draft is not None and desk.draft.number == typed.attempt:
        return desk.draft
    earlier = desk.tried(typed.attempt)
    if earlier is not None:
        raise HandedIn(earlier.attempt.submitted_at or desk.now, desk.place.cohort.zone)
    if desk.tries or not desk.may_begin:
        raise NotTaken
    return None


def _has_content(typed: Typed) -> bool:
    return bool(typed.files) or any(answer.pieces for answer in typed.answers)


def _begin(conn: Connection, desk: Desk) -> Tried:
    row = Submission(
        id=new_id(),
        enrolment_id=desk.place.enrolment_id,
        assignment_id=desk.task.id,
        rubric_id=desk.rubric_id,
        attempt=desk.number,
        state=SubmissionState.DRAFT,
        started_at=desk.now,
        saved_at=desk.now,
    )
    add(conn, row)
    return Tried.begun(row.id, row.attempt, row.rubric_id, desk.now)


def _save_answer(
    conn: Connection, draft: Tried, slot: Slot, answer: Answer, kept: Kept, saved: Saved, now: datetime
) -> None:
    stored = kept.mark(slot)
    if answer.mark == stored:
        return
    if answer.refused:
        saved.wrong[answer.key] = answer.refused
        return
    if answer.seen != stored:
        saved.others[answer.key] = kept.typed(slot)
        return
    here = (EVIDENCE.c.submission_id == draft.id, EVIDENCE.c.requirement_id == slot.id)
    conn.execute(delete(EVIDENCE).where(*here))
    rows = [
        Evidence(
            id=new_id(),
            submission_id=draft.id,
            requirement_id=slot.id,
            position=place,
            kind=answer.kind,
            text=one.content if answer.kind is RequirementKind.TEXT else "",
            url=one.content if answer.kind is RequirementKind.LINKS else "",
            size=len(one.content.encode()),
            sha256=one.sha256,
            saved_at=now,
        )
        for place, one in enumerate(answer.pieces)
    ]
    if rows:
        add(conn, *rows)


def _save_files(
    conn: Connection, draft: Tried, slot: Slot, files: list[NewFile], kept: Kept, saved: Saved, now: datetime
) -> None:
    """Add files; one with the same name and bytes is there already, and sending a form twice changes nothing."""
    rows = kept.of(slot)
    known = {(row.file_name, row.sha256) for row in rows}
    new = {(one.name, one.sha256): one for one in files if (one.name, one.sha256) not in known}
    if len(rows) + len(new) > slot.asked.max_items:
        saved.wrong[slot.asked.key] = f"{too_many(slot.asked, len(rows) + len(new))} Remove one first."
        return
    first = rows[-1].position + 1 if rows else 0
    added = [
        Evidence(
            id=new_id(),
            submission_id=draft.id,
            requirement_id=slot.id,
            position=place,
            kind=RequirementKind.FILES,
            file_name=one.name,
            media_type=one.media_type,
            size=one.size,
            sha256=one.sha256,
            saved_at=now,
        )
        for place, one in enumerate(new.values(), first)
    ]
    if added:
        add(conn, *added)


def _remove(conn: Connection, draft: Tried, evidence_id: str) -> None:
    """Take a file out of the draft; one that is not in it is left alone."""
    here = (EVIDENCE.c.id == evidence_id, EVIDENCE.c.submission_id == draft.id)
    conn.execute(delete(EVIDENCE).where(*here, EVIDENCE.c.kind == RequirementKind.FILES))
