"""Handing in: an attempt is frozen once, with a receipt."""

import secrets
from dataclasses import field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from assessments.evidence.access import Desk, Tried, Where, my_desk
from assessments.evidence.drafts import Kept, change_at, kept_in, store
from assessments.evidence.errors import HandedIn, TakenBack
from assessments.evidence.forms import CHANGES, Typed, note_mark
from assessments.evidence.models import SubmissionState
from assessments.evidence.recorded import DUE, FURTHER, UNDATED, say_late_rule
from assessments.evidence.rules import INTEGRITY, Missing, what_is_missing
from assessments.evidence.standing import is_first
from assessments.evidence.words import say_name
from courses.schedule.rules import is_late
from courses.schedule.words import keep_instant, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.language import ENGLISH, _, speaking
from fourweek.language.stored import in_each_language
from fourweek.light import dataclass
from fourweek.outbox import post
from fourweek.words import say_size

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
INTEGRITY_KEY = "integrity"


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of handing in: a receipt, or what stands in the way (then the draft was saved)."""

    receipt: str = ""
    missing: tuple[Missing, ...] = ()
    wrong: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)


def new_receipt() -> str:
    """A receipt number such as R-7K2Q-9MHT-4WXY: 58 random bits, no letters that look alike."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    return "R-" + "-".join(groups)


def hand_in(
    conn: Connection, visitor: Visitor, where: Where, typed: Typed, receipt: str, *, arrived: datetime | None = None
) -> Handed:
    """Save what was typed, and freeze the attempt if nothing is missing.

    `arrived` is when the request came in (real clock): by that it is taken and on time, however long it took to send.
    The same form sent twice gets the first receipt. Raises NotFound, HandedIn where this attempt is in with other
    content, and NotTaken where the dates, the limit or the state let nothing be handed in.
    """
    with speaking(ENGLISH):  # what the dates say of themselves is kept with the attempt
        desk = my_desk(conn, visitor, where, deciding=True, arrived=arrived)
    earlier = desk.tried(typed.attempt)
    if earlier is not None and not earlier.attempt.is_draft:
        return _again(conn, desk, earlier, typed)
    change = change_at(conn, desk, typed)
    missing = missing_at(desk, change.after)
    if not typed.integrity:
        missing += (Missing(INTEGRITY_KEY, _("The statement about your own work is not agreed to yet.")),)
    if not desk.takes:
        missing = (Missing("", _("The time for handing this in is over. The draft is kept.")),)
    if missing or not change.clean or change.draft is None:
        store(conn, desk, change)
        return Handed("", missing, change.wrong, change.others)
    store(conn, desk, change, _frozen(desk, change.draft, receipt))
    _note(conn, visitor, desk, change.draft, receipt)
    _tell(conn, visitor, desk, change.draft, change.after, receipt)
    return Handed(receipt)


def missing_at(desk: Desk, kept: Kept) -> tuple[Missing, ...]:
    """What stands between this evidence and handing it in; slots that are not open were handed in before."""
    given = {slot.asked.key: kept.given(slot) for slot in desk.open_slots}
    return what_is_missing([slot.asked for slot in desk.open_slots], given)


def lateness(desk: Desk, attempt: int) -> tuple[bool, str]:
    """Whether this attempt is late by when it came in, and the rule in English words that are kept with it.

    A further attempt never is; one that only follows what was taken back is still the first.
    """
    if not is_first(desk.attempts, attempt):
        return False, FURTHER
    with speaking(ENGLISH):
        return is_late(desk.dates, desk.arrived), _due_rule(desk)


def _due_rule(desk: Desk) -> str:
    if desk.dates.due_at is None:
        return UNDATED
    due = say_instant(desk.dates.due_at, zone(desk.place.cohort.zone)).words
    return _(DUE, when=due, why=desk.dates.due_why.words)[:300]


def _again(conn: Connection, desk: Desk, earlier: Tried, typed: Typed) -> Handed:
    """The receipt, if the form says nothing that was not handed in."""
    if earlier.attempt.is_withdrawn:
        raise TakenBack
    kept = kept_in(conn, earlier.id)[earlier.id]
    slots = {slot.asked.key: slot for slot in desk.task.slots}
    digests = {row.sha256 for rows in kept.rows.values() for row in rows}
    same = all(answer.mark == kept.mark(slots[answer.key]) for answer in typed.answers if answer.key in slots)
    same = same and all(one.mark == note_mark(earlier.changes) for one in typed.answers if one.key == CHANGES)
    if not same or any(new.sha256 not in digests for new in typed.files) or typed.refused:
        raise HandedIn(earlier.attempt.submitted_at or desk.now, desk.place.cohort.zone)
    return Handed(earlier.receipt)


def _frozen(desk: Desk, draft: Tried, receipt: str) -> dict[str, Any]:
    """What is written of an attempt when it is handed in, and never changes again."""
    late, rule = lateness(desk, draft.number)
    return {
        "state": SubmissionState.SUBMITTED,
        "submitted_at": desk.arrived,
        "receipt": receipt,
        "late": late,
        "late_rule": rule,
        "integrity": INTEGRITY,
        "promised_at": desk.promised(draft.number),
    }


def _note(conn: Connection, visitor: Visitor, desk: Desk, draft: Tried, receipt: str) -> None:
    detail = {"receipt": receipt, "attempt": draft.number, "late": lateness(desk, draft.number)[0]}
    at, me = visitor.now.real, visitor.me.id
    record(conn, "submission.hand_in", "submission", draft.id, at=at, actor_id=me, detail=detail)


def _tell(conn: Connection, visitor: Visitor, desk: Desk, draft: Tried, kept: Kept, receipt: str) -> None:
    late, rule = lateness(desk, draft.number)
    here, promised = zone(desk.place.cohort.zone), desk.promised(draft.number)
    data = {
        "title": desk.task.title,
        "course": desk.place.cohort.course_title,
        "receipt": receipt,
        "attempt": draft.number,
        "handed_in": keep_instant(desk.arrived, here),
        "promised": keep_instant(promised, here) if promised else "",
        "late": late,
        "late_rule": in_each_language(lambda: say_late_rule(rule).words),
        "integrity": in_each_language(partial(_, INTEGRITY)),
        "items": _items(desk, kept),
        "path": f"/receipts/{receipt}",
    }
    post(conn, f"receipt:{draft.id}", "receipt", visitor.me.id, now=visitor.now.real, data=data)


def _items(desk: Desk, kept: Kept) -> list[dict[str, Any]]:
    """What was handed in, for the mail: named, measured, with digests, without the texts themselves."""
    return [
        {
            "name": in_each_language(partial(say_name, row, slot.asked.title)),
            "size": in_each_language(partial(say_size, row.size)),
            "sha256": row.sha256,
        }
        for slot in desk.task.slots
        for row in kept.of(slot)
    ]
