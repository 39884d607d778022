"""Deciding about a proposal. What is approved is written in one transaction: reversals first, then the new entries."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from assessments.corrections.changes import MOST_WORDS, Change
from assessments.corrections.plan import NewEntry, Plan, plan
from assessments.corrections.queries import PROPOSAL, award_of, one_proposal, target
from assessments.corrections.words import entry_words, event_words, new_words
from assessments.credit.amounts import main_category
from assessments.credit.chain import EntryFields, EntryKind
from assessments.credit.ledger import LedgerHead, append, following, hold_ledger
from assessments.credit.service import reversal
from assessments.record.queries import another, registrar
from courses.schedule.walltime import local_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import lock
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.language.stored import in_each_language
from fourweek.outbox import post

OWN = N_("Whoever proposes a change does not approve it.")
ASK = N_("Another registrar decides; you may take the proposal back.")


def decide(conn: Connection, visitor: Visitor, proposal_id: str, approve: bool, why: str) -> None:  # noqa: FBT001 as the form says it
    """Approve a proposal, which changes the ledger, or reject it, which changes nothing; `why` in words.

    Whoever proposed it may take it back, and not approve it, and nobody decides about their own credit: Forbidden.
    Raises NotFound for everybody but the registrar, Conflict where it was decided already or its entry does not stand
    any more, Invalid for missing words.
    """
    registrar(visitor)
    lock(conn, PROPOSAL, proposal_id)
    proposal = one_proposal(conn, proposal_id)
    if proposal is None:
        raise NotFound
    me = another(visitor, proposal.person_id)
    if proposal.decided_at is not None:
        raise Conflict(_("This proposal was decided already."))
    if approve and me.id in {proposal.proposed_by, proposal.proposer_now}:
        raise Forbidden(_(OWN), what_to_do=_(ASK))
    words = _checked(why, needed=not approve)
    entries = _carry_out(conn, visitor, proposal) if approve else []
    values = {"decided_by": me.id, "decided_at": visitor.now.real, "approved": approve, "decided_why": words}
    conn.execute(update(PROPOSAL).where(PROPOSAL.c.id == proposal_id).values(values))
    act = "credit.approve" if approve else "credit.reject"
    detail = {"entry": proposal.entry_id, "proposed_by": proposal.proposed_by, "written": entries}
    record(
        conn,
        act,
        "credit_proposal",
        proposal_id,
        at=visitor.now.real,
        actor_id=me.id,
        reason=words or proposal.why,
        detail=detail,
    )


def change_of(proposal: Row[Any]) -> Change:
    """A stored proposal as the change that it proposes."""
    parts = tuple((str(part["category"]), int(part["minutes"])) for part in proposal.parts)
    return Change(proposal.act, proposal.reason_code, proposal.why, parts, proposal.completed_on)


def _checked(why: str, *, needed: bool) -> str:
    words = why.strip()
    if needed and not words:
        raise Invalid({"why": _("Say in a sentence why, for whoever proposed it.")})
    if len(words) > MOST_WORDS:
        raise Invalid({"why": _("Say it in at most {most} characters.", most=MOST_WORDS)})
    return words


def _carry_out(conn: Connection, visitor: Visitor, proposal: Row[Any]) -> list[str]:
    """Write what was proposed and tell the learner; returns the ids of the new entries."""
    entry = target(conn, proposal.entry_id)
    if entry is None:
        raise NotFound
    ledger = hold_ledger(conn, entry.person_id)
    entry = target(conn, proposal.entry_id)  # again: now nobody else writes to this ledger
    if entry is None or entry.taken_back_by is not None:
        raise Conflict(
            _("This entry was taken back meanwhile, so there is nothing left to change."),
            what_to_do=_("Refuse the proposal, and propose anew what is to become of the entry that stands now."),
        )
    planned = plan(conn, entry, change_of(proposal))
    written = write(conn, visitor, ledger, planned, proposal)
    _tell(conn, visitor, entry, planned, proposal)
    return written


def write(conn: Connection, visitor: Visitor, ledger: LedgerHead, planned: Plan, proposal: Row[Any]) -> list[str]:
    """Append all entries of a plan to the held ledger; returns their ids."""
    ids: list[str] = []
    for row in planned.taken_back:
        entry = reversal(row, proposal.reason_code, ledger, visitor.now, cause=proposal.id)
        ledger = append(conn, ledger, entry, row.module_id)
        _note(conn, visitor, "credit.reverse", entry, proposal)
        ids.append(entry.entry_id)
    for new in planned.written:
        entry = corrected(new, ledger, visitor.now.real, proposal.id)
        ledger = append(conn, ledger, entry, new.row.module_id)
        _note(conn, visitor, "credit.correct", entry, proposal)
        ids.append(entry.entry_id)
    return ids


def corrected(new: NewEntry, ledger: LedgerHead, at: datetime, cause: str) -> EntryFields:
    """The entry that takes the place of another. A new day keeps the time of day at which the module was completed."""
    row, where = new.row, zone(new.row.zone)
    completed_at = row.completed_at
    if new.completed_on != row.completed_on:
        completed_at = local_instant(new.completed_on, row.completed_at.astimezone(where).time(), where)
    when = {"completed_at": completed_at, "completed_on": new.completed_on}
    counted = {"counted_minutes": new.minutes, "tenths": new.tenths, "amounts": new.amounts, "parts": new.parts}
    return following(
        row,
        ledger,
        EntryKind.CORRECTION,
        at,
        **when,
        **counted,
        category=main_category(new.parts) or row.category,
        minutes_before=new.minutes_before,
        repeat_of=new.repeat_of,
        cause=cause,
    )


def _note(conn: Connection, visitor: Visitor, act: str, entry: EntryFields, proposal: Row[Any]) -> None:
    detail = {"seq": entry.sequence, "minutes": entry.counted_minutes, "tenths": entry.tenths}
    detail |= {"proposal": proposal.id, "proposed_by": proposal.proposed_by}
    at, me = visitor.now.real, visitor.me.id
    record(conn, act, "credit_entry", entry.entry_id, at=at, actor_id=me, reason=proposal.why, detail=detail)


def _tell(conn: Connection, visitor: Visitor, entry: Row[Any], planned: Plan, proposal: Row[Any]) -> None:
    badge = award_of(conn, entry.enrolment_id)
    now = next((new for new in planned.written if new.row.id == entry.id), None)
    data = {
        "module": f"{entry.course_title}, {entry.module_number} {entry.module_title}",
        "before": in_each_language(lambda: entry_words(entry)),
        "now": in_each_language(lambda: new_words(now)) if now else "",
        "course": in_each_language(lambda: event_words(planned.left, entry)),
        "reason": proposal.why,
        "proposed_by": proposal.proposer,
        "approved_by": visitor.me.name,
        "badge": f"/badges/{badge.slug}" if badge else "",
        "path": "/transcript",
    }
    post(conn, f"credit_changed:{proposal.id}", "credit_changed", entry.person_id, now=visitor.now.real, data=data)
