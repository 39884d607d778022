"""Proposing a change of an entry. The ledger is untouched until somebody else approves it."""

from typing import Any

from sqlalchemy import Connection, Row

from assessments.corrections.changes import Change
from assessments.corrections.models import CreditProposal, ProposedAct
from assessments.corrections.queries import keepers, target
from assessments.credit.chain import EntryKind
from assessments.record.queries import another, registrar
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add_once, new_id
from fourweek.errors import Conflict, NotFound
from fourweek.language import _
from fourweek.language.stored import Kept, in_each_language
from fourweek.outbox import Mail, post_all


def propose(conn: Connection, visitor: Visitor, entry_id: str, change: Change) -> str:
    """Note that a registrar wants this change of an entry; returns the proposal's id.

    Raises NotFound for an entry that is not there and for everybody but the registrar, Forbidden for their own credit,
    Conflict for an entry that is a reversal, was taken back already, or is proposed to be changed.
    """
    registrar(visitor)
    entry = target(conn, entry_id)
    if entry is None:
        raise NotFound
    me = another(visitor, entry.person_id)
    if entry.kind is EntryKind.REVERSAL or entry.taken_back_by is not None:
        raise Conflict(_("This entry was taken back already, or it takes another one back."))
    row = CreditProposal(
        id=new_id(),
        entry_id=entry_id,
        act=change.act,
        reason_code=change.code,
        why=change.words,
        parts=[{"category": category, "minutes": minutes} for category, minutes in change.parts],
        completed_on=change.completed_on,
        proposed_by=me.id,
        proposed_at=visitor.now.real,
    )
    if not add_once(conn, row):
        raise Conflict(_("A change of this entry is proposed already; it has to be decided first."))
    detail = {"entry": entry_id, "act": change.act.value, "code": change.code.value}
    at = visitor.now.real
    record(conn, "credit.propose", "credit_proposal", row.id, at=at, actor_id=me.id, reason=row.why, detail=detail)
    what = in_each_language(lambda: _asked(entry, change))
    ask_others(conn, visitor, what, change.words, f"/corrections/{row.id}")
    return row.id


def _asked(entry: Row[Any], change: Change) -> str:
    of = {"name": entry.legal_name, "course": entry.course_title}
    of |= {"module": f"{entry.module_number} {entry.module_title}"}
    if change.act is ProposedAct.TAKE_BACK:
        return _("take back credit of {name} for {course}, {module}", **of)
    return _("correct credit of {name} for {course}, {module}", **of)


def ask_others(conn: Connection, visitor: Visitor, what: Kept, why: str, path: str) -> None:
    """Tell everybody else who keeps the record that something waits for their decision."""
    data = {"what": what, "by": visitor.me.name, "reason": why, "path": path}
    others = [one for one in keepers(conn) if one != visitor.me.id]
    letters = [Mail(f"correction_asked:{path}:{one}", one, data) for one in others]
    post_all(conn, "correction_asked", letters, now=visitor.now.real)
