"""Which entries of one ledger go to another, where both are one person's. An hour that stood in both counts once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select

from assessments.assignments.queries import MODULE
from assessments.corrections.plan import left_of, line_of
from assessments.corrections.recount import recount
from assessments.credit.amounts import Amount, read_amounts
from assessments.credit.chain import EntryFields, EntryKind
from assessments.credit.ledger import ENTRY, LEDGER, LedgerHead, append, following
from assessments.credit.models import ReasonCode
from assessments.credit.repeats import Had, is_inside, repeated, window_on
from assessments.credit.rulebook import CEU
from assessments.credit.service import reversal
from assessments.equivalence.queries import decisions_of
from assessments.equivalence.rules import Decided, group_key
from assessments.merging.documents import follow
from courses.cohorts.queries import VERSION
from fourweek.clock import Now
from fourweek.light import dataclass

_TAKING_BACK = ENTRY.alias("taking_back")
_STANDING: Select[Any] = (
    select(
        ENTRY, MODULE.c.title.label("module_title"), VERSION.c.title.label("course_title"), VERSION.c.separate_events
    )
    .add_columns(VERSION.c.id.label("version_id"))
    .join(LEDGER, LEDGER.c.id == ENTRY.c.ledger_id)
    .join(MODULE, MODULE.c.id == ENTRY.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .where(
        LEDGER.c.person_id == bindparam("person"),
        ENTRY.c.kind != EntryKind.REVERSAL,
        ~exists().where(_TAKING_BACK.c.reverses_id == ENTRY.c.id),
    )
    .order_by(ENTRY.c.seq)
)
_MODULES: Select[Any] = select(MODULE.c.version_id, MODULE.c.number).where(
    MODULE.c.version_id.in_(bindparam("versions", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Moving:
    """An entry that stands in the ledger that goes, and what it is worth in the other one.

    `stood` is the entry there that has the same hour already: this one is a repeat of it then, which carries no credit
    and lets its course be completed.
    """

    row: Row[Any]
    stood: str | None
    minutes_before: int = 0
    tenths: int = 0
    amounts: tuple[Amount, ...] = ()


def plan(conn: Connection, gone: str, kept: str) -> tuple[Moving, ...]:
    """What a merge means for the ledgers, in the order of the one that goes; four statements."""
    theirs, ours = (list(conn.execute(_STANDING, {"person": person})) for person in (gone, kept))
    decisions = decisions_of(conn, {row.course_code for row in (*theirs, *ours)})
    modules = conn.execute(_MODULES, {"versions": list({row.version_id for row in theirs})}).all()
    stood = _stood(theirs, ours, decisions)
    left = [row for row in theirs if row.id not in stood]
    worth: dict[str, Moving] = {}
    for event in _events(left):
        numbers = [one.number for one in modules if one.version_id == event[0].version_id]
        beside = [*ours, *(row for row in left if row not in event)]
        found = _worth(event, _carried(event, numbers, beside, decisions), worth)
        worth |= {one.row.id: one for one in found}
    return tuple(worth.get(row.id) or Moving(row, stood[row.id]) for row in theirs)


def _stood(theirs: Sequence[Row[Any]], ours: Sequence[Row[Any]], decisions: dict[str, list[Decided]]) -> dict[str, str]:
    """By entries that go: the one of the same group that stands already, close enough in time to be the same hour."""
    had: dict[str, list[Had]] = {}
    for row in ours:
        if row.repeat_of_id is None:
            had.setdefault(_group(row, decisions), []).append(Had(row.id, row.completed_on))
    found: dict[str, str] = {}
    for row in theirs:
        same = had.get(_group(row, decisions), [])
        again = (
            repeated(same, row.completed_on, [CEU], window_on(row.completed_on)) if row.repeat_of_id is None else None
        )
        if again:
            found[row.id] = again.of
    return found


def _carried(
    event: Sequence[Row[Any]], numbers: Iterable[int], beside: Sequence[Row[Any]], decisions: dict[str, list[Decided]]
) -> list[Row[Any]]:
    """What stands of the same course beside an event: one taken in two accounts, or goes, is worth its hours once."""
    first = event[0]
    if first.separate_events:
        return []
    groups, months = (
        {_group(first, decisions, number) for number in numbers},
        window_on(first.completed_on).months_of(CEU),
    )
    same = [row for row in beside if row.repeat_of_id is None and _group(row, decisions) in groups]
    return [row for row in same if is_inside(row.completed_on, first.completed_on, months)]


def _group(row: Row[Any], decisions: dict[str, list[Decided]], number: int | None = None) -> str:
    """What is decided today holds for what was recorded before as well."""
    major = int(row.course_version.partition(".")[0])
    return group_key(decisions[row.course_code], row.course_code, major, number or row.module_number)


def _events(rows: Sequence[Row[Any]]) -> list[list[Row[Any]]]:
    """Rows by the credit event that they belong to."""

    def event(row: Row[Any]) -> tuple[str, int]:
        return row.enrolment_id, row.module_number if row.separate_events else 0

    return [list(group) for _, group in groupby(sorted(rows, key=lambda row: (*event(row), row.seq)), key=event)]


def _worth(rows: Sequence[Row[Any]], carried: Sequence[Row[Any]], worth: Mapping[str, Moving]) -> list[Moving]:
    """The entries of an event without what stood elsewhere: each as it was, unless the whole would be a step off.

    What is `carried` of it stays as it is, or as it is `worth` by now.
    """
    fixed = len(carried)
    beside = [(line_of(row), worth.get(row.id)) for row in carried]
    lines = [replace(line, tenths=now.tenths, amounts=now.amounts) if now else line for line, now in beside]
    lines += map(line_of, rows)
    left, found = left_of(lines, recount(lines, fixed=fixed)), []
    before = sum(row.minutes for row in carried if row.ledger_id != rows[0].ledger_id or row.seq < rows[0].seq)
    for row, line in zip(rows, left[fixed:], strict=True):
        found.append(Moving(row, None, before, line.tenths, line.amounts))
        before += 0 if line.is_repeat else line.minutes
    return found


def write(
    conn: Connection, moving: Sequence[Moving], ledgers: tuple[LedgerHead, LedgerHead], now: Now, cause: str
) -> list[EntryFields]:
    """Take the entries back in the ledger that goes, then add them to the other; documents follow what stays the same.

    `ledgers` are both of them, held, in this order. Returns all that was written.
    """
    theirs, ours = ledgers
    written: list[EntryFields] = []
    for one in moving:
        entry = reversal(one.row, ReasonCode.MERGED, theirs, now, cause=cause)
        theirs = append(conn, theirs, entry, one.row.module_id)
        written.append(entry)
    stands, same = {one.row.id: one.stood for one in moving if one.stood}, dict[str, str]()
    for one in moving:
        repeat_of = one.stood or stands.get(one.row.repeat_of_id or "", one.row.repeat_of_id)
        entry = _transferred(one, ours, now.real, cause, repeat_of)
        ours = append(conn, ours, entry, one.row.module_id)
        written.append(entry)
        if one.stood is None:
            stands[one.row.id] = entry.entry_id
            if (one.tenths, one.amounts) == (one.row.tenths, read_amounts(one.row.amounts)):
                same[one.row.id] = entry.entry_id
    follow(conn, theirs.id, same)
    return written


def _transferred(one: Moving, ledger: LedgerHead, at: datetime, cause: str, repeat_of: str | None) -> EntryFields:
    counted = {"minutes_before": one.minutes_before, "tenths": one.tenths, "amounts": one.amounts}
    return following(one.row, ledger, EntryKind.TRANSFERRED, at, **counted, repeat_of=repeat_of, cause=cause)
