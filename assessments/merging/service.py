"""Merging two accounts of one person: proposed by one registrar, approved by another, done in one transaction."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update

from assessments.awards.naming import name_joined
from assessments.corrections.service import ask_others
from assessments.credit.ledger import hold_ledger
from assessments.holds.service import lift_identity
from assessments.identity_checks.queries import newest_check
from assessments.merging import moving, transfer
from assessments.merging.models import PersonMerge
from assessments.merging.queries import MERGE, by_ids, by_numbers, one_merge
from assessments.names.queries import suppressed
from assessments.record.queries import registrar
from courses.enrolment.access import ENROLMENT
from fourweek.accounts.access import Visitor
from fourweek.accounts.appointing import tell_of_leaving
from fourweek.accounts.operators import need_another_operator
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language import N_, _
from fourweek.language.stored import in_each_language
from fourweek.outbox import post

MOST_WORDS: Final = 500
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
OWN = N_("Whoever proposes a merge does not approve it, and nobody decides about an account of their own.")
ASK = N_("Another registrar decides; you may take your own proposal back.")


def propose(conn: Connection, visitor: Visitor, kept: str, gone: str, why: str) -> str:
    """Note that the account with learner number `gone` is `kept`'s person; returns the proposal's id.

    Raises NotFound for everybody but the registrar, Invalid with what is wrong (`gone`, `why`, "" for both accounts),
    and Conflict where a merge of that account waits or was done.
    """
    me = registrar(visitor)
    found = by_numbers(conn, kept, gone)
    if kept not in found:
        raise NotFound
    wrong = {} if gone in found else {"gone": _("Nobody has this learner number.")}
    if not why.strip() or len(why.strip()) > MOST_WORDS:
        wrong["why"] = _(
            "Say in a sentence how you know that both are one person, in at most {most} characters.",
            most=MOST_WORDS,
        )
    if not wrong and (sentence := refusal(found[kept], found[gone])):
        wrong["gone"] = sentence
    if wrong:
        raise Invalid(wrong)
    row = PersonMerge(
        id=new_id(),
        kept_id=found[kept].id,
        gone_id=found[gone].id,
        why=why.strip(),
        proposed_by=me.id,
        proposed_at=visitor.now.real,
    )
    if not add_once(conn, row):
        raise Conflict(_("A merge of this account is proposed already; it has to be decided first."))
    detail = {"kept": row.kept_id, "gone": row.gone_id}
    at = visitor.now.real
    record(conn, "person.propose_merge", "person_merge", row.id, at=at, actor_id=me.id, reason=row.why, detail=detail)
    what = in_each_language(lambda: _("merge account {gone} into account {kept}", gone=gone, kept=kept))
    ask_others(conn, visitor, what, row.why, f"/merges/{row.id}")
    return row.id


def refusal(kept: Row[Any], gone: Row[Any]) -> str:
    """Why these two accounts cannot be merged as they stand; "" where they can."""
    stands = {
        _("This is the same account."): kept.id == gone.id,
        _("This account was merged into another one already."): gone.merged_into_id is not None,
        _("The person of this account was erased; it stays by itself."): gone.erased_at is not None,
        _("The account to be kept was itself merged into another one; merge into that one."): kept.merged_into_id
        is not None,
        _("The account to be kept is closed."): kept.disabled_at is not None,
        _("An appeal of this account is open; it has to be answered first."): bool(gone.appeals),
    }
    return next((sentence for sentence, is_so in stands.items() if is_so), "")


def decide(conn: Connection, visitor: Visitor, merge_id: str, approve: bool, why: str) -> None:  # noqa: FBT001 as the form says it
    """Approve a merge, which is then done, or reject it; `why` in words, needed for the latter.

    Whoever proposed it may take it back and not approve it, and nobody decides about their own account: Forbidden.
    Raises NotFound for everybody but the registrar, Conflict where it was decided or cannot be done any more, Invalid.
    """
    me = registrar(visitor)
    lock(conn, MERGE, merge_id)
    merge = one_merge(conn, merge_id)
    if merge is None:
        raise NotFound
    if merge.decided_at is not None:
        raise Conflict(_("This merge was decided already."))
    own = me.id in {merge.kept_id, merge.gone_id} and me.id != merge.proposed_by
    if own or (approve and me.id in {merge.proposed_by, merge.proposer_now, merge.kept_id, merge.gone_id}):
        raise Forbidden(_(OWN), what_to_do=_(ASK))
    words = why.strip()
    if (not approve and not words) or len(words) > MOST_WORDS:
        raise Invalid({"why": _("Say in a sentence why, in at most {most} characters.", most=MOST_WORDS)})
    detail = {"kept": merge.kept_id, "gone": merge.gone_id, "proposed_by": merge.proposed_by}
    if approve:
        detail |= {"done": _merge(conn, visitor, merge)}
    values = {"decided_by": me.id, "decided_at": visitor.now.real, "approved": approve, "decided_why": words}
    conn.execute(update(MERGE).where(MERGE.c.id == merge_id).values(values))
    act, at = ("person.merge" if approve else "person.reject_merge"), visitor.now.real
    record(conn, act, "person_merge", merge_id, at=at, actor_id=me.id, reason=words or merge.why, detail=detail)


def _merge(conn: Connection, visitor: Visitor, merge: Row[Any]) -> dict[str, int]:
    """Hold both ledgers and the enrolments that move, then do it; returns how much of what.

    Ledgers are held in the order of their people, and before anything else, as by everybody who writes to one.
    """
    gone, kept = merge.gone_id, merge.kept_id
    ledgers = {person: hold_ledger(conn, person) for person in sorted((gone, kept))}
    accounts = by_ids(conn, gone, kept)
    if sentence := refusal(accounts[kept], accounts[gone]):
        raise Conflict(sentence)
    need_another_operator(conn, gone)
    _hold_enrolments(conn, gone)
    planned = transfer.plan(conn, gone, kept)
    written = transfer.write(conn, planned, (ledgers[gone], ledgers[kept]), visitor.now, merge.id)
    at, me = visitor.now.real, visitor.me.id
    for entry in written:
        act = "credit.reverse" if entry.reverses else "credit.transfer"
        detail = {"seq": entry.sequence, "minutes": entry.counted_minutes, "tenths": entry.tenths, "merge": merge.id}
        record(conn, act, "credit_entry", entry.entry_id, at=at, actor_id=me, reason=merge.why, detail=detail)
    tell_of_leaving(conn, me, gone, at, merge.why)
    counts = moving.move(conn, gone, kept, me, at)
    moving.close_account(conn, gone, kept, at)
    if suppressed(conn, kept, _EVER):
        name_joined(conn, kept, me, at)
    newest = newest_check(conn, kept)
    if newest is not None and newest.passed:
        lift_identity(conn, kept, at, me)
    data = {"kept": merge.kept_number, "gone": merge.gone_number, "reason": merge.why, "path": "/transcript"}
    data |= {"proposed_by": merge.proposer, "approved_by": visitor.me.name}
    post(conn, f"accounts_merged:{merge.id}", "accounts_merged", kept, now=at, data=data)
    return counts | {"credit_entry": len(written)}


def _hold_enrolments(conn: Connection, person_id: str) -> None:
    """No credit is recorded and no badge awarded for them meanwhile."""
    wanted = select(ENROLMENT.c.id).where(ENROLMENT.c.person_id == person_id).order_by(ENROLMENT.c.id)
    conn.execute(wanted.with_for_update()).all()
