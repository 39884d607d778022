"""Recording credit for completed modules, and taking an entry back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.credit.amounts import joined_parts, negated, read_amounts
from assessments.credit.chain import EntryFields, EntryKind
from assessments.credit.ledger import ENTRY, LEDGER, LedgerHead, append, hold_ledger, parts_of
from assessments.credit.models import ReasonCode
from assessments.credit.queries import DueCredit, DueModule, due_credit
from assessments.credit.rulebook import CEU, load_rule, rule_on
from assessments.credit.rules import Rule, next_steps
from assessments.evidence.queries import work_of_many
from courses.coursework import module_complete
from courses.live.queries import unattended_of_many
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, new_id
from fourweek.errors import Conflict, Invalid, NotFound

log = structlog.get_logger(__name__)
MOST_WORDS = 500

_OF_ENROLMENT: Select[Any] = (
    select(ENTRY.c.module_number, ENTRY.c.kind, ENTRY.c.minutes, ENTRY.c.tenths, ENTRY.c.rule_id)
    .where(ENTRY.c.enrolment_id == bindparam("enrolment"))
    .order_by(ENTRY.c.seq)
)
_ONE = (
    select(ENTRY, LEDGER.c.person_id)
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .where(ENTRY.c.id == bindparam("entry"))
)
_TAKEN_BACK = select(ENTRY.c.id).where(ENTRY.c.reverses_id == bindparam("entry"))


@dataclass(frozen=True, slots=True)
class CourseSoFar:
    """What the ledger has of one enrolment: minutes and tenths after reversals, the rule used, and the numbers of the
    modules earned (another version of the course may have other modules, never others of the same number)."""

    minutes: int
    tenths: int
    earned: frozenset[int]
    rule_id: str | None


def record_due_credit(db: Database, now: Now) -> int:
    """Record every module that is complete, once, each enrolment in a transaction of its own (law 7).

    Safe to run twice or at once. Returns how many entries were added.
    """
    added = 0
    for due in due_credit(db, now.school):
        try:
            added += db.write_now(record_credit, due, now)
        except Exception:
            log.exception("credit not recorded", enrolment=due.enrolment_id)
    return added


def record_credit(conn: Connection, due: DueCredit, now: Now) -> int:
    """Add what is due to one enrolment to its person's ledger; what others added meanwhile is left alone."""
    ledger = hold_ledger(conn, due.person_id)
    work = work_of_many(conn, {due.enrolment_id: due.version_id}, now.school)[due.enrolment_id]
    unattended = unattended_of_many(conn, [due.enrolment_id])[due.enrolment_id]
    added = 0
    for module in due.modules:
        so_far = course_so_far(conn.execute(_OF_ENROLMENT, {"enrolment": due.enrolment_id}).all())
        if module.number not in so_far.earned and module_complete(work, module.number, unattended):
            entry = _earned(due, module, so_far, ledger, now)
            ledger = append(conn, ledger, entry, module.id)
            _note(conn, "credit.record", entry, now, actor_id=None)
            added += 1
    return added


def course_so_far(rows: Sequence[Row[Any]]) -> CourseSoFar:
    """The sums of one enrolment's entries, oldest first."""
    return CourseSoFar(
        minutes=sum(row.minutes for row in rows),
        tenths=sum(row.tenths for row in rows),
        earned=frozenset(row.module_number for row in rows if row.kind is EntryKind.EARNED),
        rule_id=rows[0].rule_id if rows else None,
    )


def reverse_entry(conn: Connection, visitor: Visitor, entry_id: str, code: str, words: str) -> None:
    """Take an entry back in full, with a reason. For the registrar; everybody else gets NotFound.

    Raises Invalid for a missing reason, Conflict for an entry that was taken back or is a reversal itself.
    """
    registrar = visitor.me
    if not registrar.may(Permission.KEEP_RECORD):
        raise NotFound
    reason = _reason(code, words)
    target = conn.execute(_ONE, {"entry": entry_id}).first()
    if target is None:
        raise NotFound
    ledger = hold_ledger(conn, target.person_id)
    if target.kind is EntryKind.REVERSAL or conn.execute(_TAKEN_BACK, {"entry": entry_id}).first():
        raise Conflict("This entry was taken back already.")
    entry = reversal(target, reason, ledger, visitor.now)
    append(conn, ledger, entry, target.module_id)
    _note(conn, "credit.reverse", entry, visitor.now, actor_id=registrar.id, reason=words.strip())


def _earned(due: DueCredit, module: DueModule, so_far: CourseSoFar, ledger: LedgerHead, now: Now) -> EntryFields:
    completed_on = module.completed_at.astimezone(zone(due.zone)).date()
    rule = _rule(so_far, completed_on)
    return EntryFields(
        entry_id=new_id(),
        ledger_id=ledger.id,
        sequence=ledger.entries + 1,
        kind=EntryKind.EARNED,
        reverses=None,
        reason_code=None,
        enrolment_id=due.enrolment_id,
        course_code=due.course_code,
        course_version=due.course_version,
        module_number=module.number,
        category=due.category,
        credit_type=rule.credit_type,
        rule_id=rule.id,
        minutes_before=so_far.minutes,
        counted_minutes=module.counted_minutes,
        tenths=next_steps((so_far.minutes, so_far.tenths), module.counted_minutes, rule),
        completed_at=module.completed_at,
        completed_on=completed_on,
        zone=due.zone,
        recorded_at=now.real,
        parts=joined_parts([(due.category, module.counted_minutes)]),
    )


def _rule(so_far: CourseSoFar, day: date) -> Rule:
    """A course is counted by one rule to its end: the one in force when its first module was completed."""
    return load_rule(so_far.rule_id) if so_far.rule_id else rule_on(CEU, day)


def reversal(
    target: Row[Any], reason: ReasonCode, ledger: LedgerHead, now: Now, cause: str | None = None
) -> EntryFields:
    """What takes the stored entry `target` back in full: the same, with its figures negative."""
    amounts, parts = negated(read_amounts(target.amounts), parts_of(target))
    return EntryFields(
        entry_id=new_id(),
        ledger_id=ledger.id,
        sequence=ledger.entries + 1,
        kind=EntryKind.REVERSAL,
        reverses=target.id,
        reason_code=reason,
        enrolment_id=target.enrolment_id,
        course_code=target.course_code,
        course_version=target.course_version,
        module_number=target.module_number,
        category=target.category,
        credit_type=target.credit_type,
        rule_id=target.rule_id,
        minutes_before=target.minutes_before,
        counted_minutes=-target.minutes,
        tenths=-target.tenths,
        completed_at=target.completed_at,
        completed_on=target.completed_on,
        zone=target.zone,
        recorded_at=now.real,
        amounts=amounts,
        parts=parts,
        group_key=target.group_key,
        repeat_of=target.repeat_of_id,
        cause=cause,
    )


def _reason(code: str, words: str) -> ReasonCode:
    problems: dict[str, str] = {}
    if code not in set(ReasonCode):
        problems["code"] = "Choose a reason."
    if not words.strip():
        problems["words"] = "Say in a sentence why."
    elif len(words) > MOST_WORDS:
        problems["words"] = f"Say it in at most {MOST_WORDS} characters."
    if problems:
        raise Invalid(problems)
    return ReasonCode(code)


def _note(conn: Connection, act: str, entry: EntryFields, now: Now, *, actor_id: str | None, reason: str = "") -> None:
    detail = {"seq": entry.sequence, "minutes": entry.counted_minutes, "tenths": entry.tenths}
    record(conn, act, "credit_entry", entry.entry_id, at=now.real, actor_id=actor_id, reason=reason, detail=detail)
