"""Recording credit for completed modules, and what takes an entry back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from assessments.credit.amounts import Part, main_category, negated, read_amounts
from assessments.credit.chain import EntryFields, EntryKind
from assessments.credit.counting import Event, counted_so_far, worth
from assessments.credit.equivalents import Groups, equivalents_of
from assessments.credit.ledger import ENTRY, LedgerHead, append, following, hold_ledger, parts_of
from assessments.credit.models import ReasonCode
from assessments.credit.planned import as_recorded, module_parts
from assessments.credit.queries import DueCredit, DueModule, due_credit
from assessments.credit.repeats import Repeat, repeated, window_on
from assessments.credit.rulebook import CEU, Book
from assessments.evidence.queries import work_of_many
from assessments.holds.service import held, place_missing_identity
from courses.coursework import module_complete
from courses.enrolment.access import ENROLMENT
from courses.live.queries import unattended_of_many
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database, new_id
from fourweek.light import dataclass

log = structlog.get_logger(__name__)

_OF_ENROLMENT: Select[Any] = select(ENTRY).where(ENTRY.c.enrolment_id == bindparam("enrolment")).order_by(ENTRY.c.id)
# Whose ledger an enrolment's credit goes to. A place that stayed with an account that went is its new account's.
_OWNER = (
    select(func.coalesce(PERSON.c.merged_into_id, PERSON.c.id))
    .join(ENROLMENT, ENROLMENT.c.person_id == PERSON.c.id)
    .where(ENROLMENT.c.id == bindparam("enrolment"))
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How the modules of a course are counted: their parts by number, what each is equivalent to, by which rules."""

    parts: dict[int, tuple[Part, ...]]
    groups: Groups
    book: Book


def record_due_credit(db: Database, now: Now, book: Book | None = None) -> int:
    """Record every module that is complete, once, each enrolment in a transaction of its own (law 7).

    Safe to run twice or at once. Returns how many entries were added. `book` says by which rules an event that begins
    now is counted, the shipped ones unless it is given; one that was begun keeps its rules.
    """
    added = 0
    for due in due_credit(db, now.school):
        try:
            added += db.write_now(record_credit, due, now, book)
        except Exception:
            log.exception("credit not recorded", enrolment=due.enrolment_id)
    return added


def record_credit(conn: Connection, due: DueCredit, now: Now, book: Book | None = None) -> int:
    """Add what is due to one enrolment to its person's ledger; what others added meanwhile is left alone.

    Nothing is added while the credit is held; it is due again once the hold is lifted.
    """
    owner = str(conn.execute(_OWNER, {"enrolment": due.enrolment_id}).scalar())
    ledger = hold_ledger(conn, owner)
    if conn.execute(_OWNER, {"enrolment": due.enrolment_id}).scalar() != owner:
        return 0  # the accounts of two were merged meanwhile; it is due to the other one now
    if place_missing_identity(conn, due, now) or held(conn, due.person_id, due.enrolment_id):
        return 0
    work = work_of_many(conn, {due.enrolment_id: due.version_id}, now.school)[due.enrolment_id]
    unattended = unattended_of_many(conn, [due.enrolment_id])[due.enrolment_id]
    rows = list(conn.execute(_OF_ENROLMENT, {"enrolment": due.enrolment_id}))
    earned = {row.module_number for row in rows if row.kind is EntryKind.EARNED}
    complete = [one for one in due.modules if module_complete(work, one.number, unattended)]
    plan = Plan(module_parts(conn, due.version_id, due.category), equivalents_of(conn, ledger.id, due), book or Book())
    added = 0
    for module in complete:
        if module.number not in earned:
            entry = _earned(due, module, _event(due, module, plan, rows), plan, ledger, now)
            ledger = append(conn, ledger, entry, module.id)
            _note(conn, "credit.record", entry, now, actor_id=None)
            rows = list(conn.execute(_OF_ENROLMENT, {"enrolment": due.enrolment_id}))
            added += 1
    return added


def _event(due: DueCredit, module: DueModule, plan: Plan, rows: Sequence[Row[Any]]) -> Event:
    """The event that a module is counted in: the course, also what an earlier go at it earned, or the module where each
    is an event of its own."""
    if due.separate_events:
        rows = [row for row in rows if row.module_number == module.number]
        planned = plan.parts.get(module.number, ())
    else:
        planned = tuple(part for parts in as_recorded(plan.parts, rows).values() for part in parts)
        rows = [*plan.groups.carried(plan.parts, _day(due, module)), *rows]
    return Event(planned, due.credit_types, counted_so_far(rows))


def _earned(due: DueCredit, module: DueModule, event: Event, plan: Plan, ledger: LedgerHead, now: Now) -> EntryFields:
    completed_on = _day(due, module)
    repeat = _repeat(due, module, plan, completed_on)
    counted = worth(event, module.counted_minutes, completed_on, plan.book, repeat.types if repeat else ())
    parts = plan.parts.get(module.number, ())
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
        category=main_category(parts) or due.category,
        credit_type=counted.rule.credit_type,
        rule_id=counted.rule.id,
        minutes_before=counted.minutes_before,
        counted_minutes=module.counted_minutes,
        tenths=counted.tenths,
        completed_at=module.completed_at,
        completed_on=completed_on,
        zone=due.zone,
        recorded_at=now.real,
        amounts=counted.amounts,
        parts=parts,
        group_key=plan.groups.key(module.number),
        repeat_of=repeat.of if repeat and CEU in repeat.types else None,
    )


def _day(due: DueCredit, module: DueModule) -> date:
    """The day on which a module was completed, where its cohort is."""
    return module.completed_at.astimezone(zone(due.zone)).date()


def _repeat(due: DueCredit, module: DueModule, plan: Plan, day: date) -> Repeat | None:
    earlier = plan.groups.earlier(module.number)
    return repeated(earlier, day, (CEU, *due.credit_types), window_on(day)) if earlier else None


def reversal(
    target: Row[Any], reason: ReasonCode, ledger: LedgerHead, now: Now, cause: str | None = None
) -> EntryFields:
    """What takes the stored entry `target` back in full: the same, with its figures negative."""
    amounts, parts = negated(read_amounts(target.amounts), parts_of(target))
    figures = {"counted_minutes": -target.minutes, "tenths": -target.tenths, "amounts": amounts, "parts": parts}
    stood = {"reverses": target.id, "reason_code": reason, "cause": cause}
    return following(target, ledger, EntryKind.REVERSAL, now.real, **figures, **stood)


def _note(conn: Connection, act: str, entry: EntryFields, now: Now, *, actor_id: str | None, reason: str = "") -> None:
    detail = {"seq": entry.sequence, "minutes": entry.counted_minutes, "tenths": entry.tenths}
    record(conn, act, "credit_entry", entry.entry_id, at=now.real, actor_id=actor_id, reason=reason, detail=detail)
