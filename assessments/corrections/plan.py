"""What a change of an entry does to the ledger: which entries are taken back and which are written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from assessments.corrections.changes import Change
from assessments.corrections.models import ProposedAct
from assessments.corrections.queries import standing
from assessments.corrections.recount import Line, Written, recount
from assessments.credit.amounts import Amount, Part, joined_parts, read_amounts
from assessments.credit.ledger import parts_of


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written in the place of the stored entry `row`."""

    row: Row[Any]
    parts: tuple[Part, ...]
    completed_on: date
    minutes_before: int
    tenths: int
    amounts: tuple[Amount, ...]

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True, slots=True)
class Plan:
    """`taken_back` are reversed in their order, then `written` are added in theirs. `left` is the event afterwards."""

    taken_back: tuple[Row[Any], ...]
    written: tuple[NewEntry, ...]
    left: tuple[Line, ...]


def plan(conn: Connection, entry: Row[Any], change: Change) -> Plan:
    """What the change means for the credit event of `entry`, which is one of `queries.target`; one statement."""
    rows = [row for row in standing(conn, entry) if row.id != entry.id]
    lines = [line_of(row) for row in rows]
    if change.act is ProposedAct.CORRECT:
        lines.append(replace(line_of(entry), parts=joined_parts(change.parts), is_new=True))
    written = recount(lines)
    by_id = {row.id: row for row in rows} | {entry.id: entry}
    new = tuple(_new(by_id[one.key], one, change if one.key == entry.id else None) for one in written)
    others = tuple(by_id[one.key] for one in written if one.key != entry.id)
    return Plan((entry, *others), new, left_of(lines, written))


def line_of(row: Row[Any]) -> Line:
    """A stored entry as a line of its event."""
    amounts = read_amounts(row.amounts)
    return Line(row.id, parts_of(row), row.rule_id, row.tenths, amounts, is_repeat=row.repeat_of_id is not None)


def left_of(lines: Sequence[Line], written: Sequence[Written]) -> tuple[Line, ...]:
    """The lines as they stand once `written` are."""
    anew = {one.key: one for one in written}
    return tuple(
        replace(line, tenths=anew[line.key].tenths, amounts=anew[line.key].amounts) if line.key in anew else line
        for line in lines
    )


def _new(row: Row[Any], one: Written, change: Change | None) -> NewEntry:
    """An entry in the place of `row`; `change` says what is other of the one that is corrected."""
    parts = joined_parts(change.parts) if change else parts_of(row)
    day = (change.completed_on if change else None) or row.completed_on
    return NewEntry(row, parts, day, one.minutes_before, one.tenths, one.amounts)
