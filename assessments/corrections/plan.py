"""What a change of an entry does to the ledger: which entries are taken back and which are written."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from assessments.corrections.changes import Change
from assessments.corrections.models import ProposedAct
from assessments.corrections.queries import standing
from assessments.corrections.recount import Line, Written, recount
from assessments.credit.amounts import Amount, Part, joined_parts, read_amounts
from assessments.credit.equivalents import Groups, equivalents_of
from assessments.credit.ledger import parts_of
from assessments.credit.planned import as_recorded, module_parts
from assessments.credit.repeats import repeated, window_on
from assessments.credit.rulebook import CEU, UnknownRule, load_rule, rule_on
from assessments.credit.rules import earns
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to be written in the place of the stored entry `row`."""

    row: Row[Any]
    parts: tuple[Part, ...]
    completed_on: date
    minutes_before: int
    tenths: int
    amounts: tuple[Amount, ...]
    repeat_of: str | None

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
    """What the change means for the credit event of `entry`, which is one of `queries.target`; four statements.

    The event holds what an earlier or a later go at the course earned too, unless modules are events of their own.
    """
    planned = module_parts(conn, entry.version_id, entry.version_category)
    groups = equivalents_of(conn, entry.ledger_id, entry)
    own = [row for row in standing(conn, entry) if row.id != entry.id]
    carried = [] if entry.separate_events else groups.carried({*planned, entry.module_number}, entry.completed_on)
    rows = sorted([*own, *carried], key=lambda row: int(row.seq))
    lines, parts, repeat_of = [line_of(row) for row in rows], as_recorded(planned, own), None
    if change.act is ProposedAct.CORRECT:
        parts[entry.module_number] = joined_parts(change.parts)
        fresh, repeat_of = _corrected(entry, change, groups, lines)
        lines.append(fresh)
    event = (
        parts.get(entry.module_number, ()) if entry.separate_events else [one for of in parts.values() for one in of]
    )
    divided = [(part.category, part.minutes) for part in event]
    lines, nothing = _earning(lines, entry, {entry.id, *(row.id for row in own)}, divided)
    written = recount(lines, nothing)
    by_id = {row.id: row for row in rows}
    new = tuple(
        _new(by_id[one.key], one)
        if one.key in by_id
        else replace(
            _new(entry, one),
            parts=joined_parts(change.parts),
            completed_on=change.completed_on or entry.completed_on,
            repeat_of=repeat_of,
        )
        for one in written
    )
    others = tuple(by_id[one.key] for one in written if one.key in by_id)
    return Plan((entry, *others), new, left_of(lines, written))


def _corrected(entry: Row[Any], change: Change, groups: Groups, lines: Sequence[Line]) -> tuple[Line, str | None]:
    """The entry as it would be, its worth still to be found, and what it repeats.

    What it repeats is looked at anew where it was a repeat, whose original may be gone, and where its day is another.
    """
    line, day = replace(line_of(entry), parts=joined_parts(change.parts), is_new=True), change.completed_on
    if day is None or (entry.repeat_of_id is None and day == entry.completed_on):
        return line, entry.repeat_of_id
    types = (CEU, *entry.credit_types)
    repeat = repeated(groups.earlier(entry.module_number), day, types, window_on(day))
    without = repeat.types if repeat else frozenset[str]()
    amounts = [one for one in line.amounts if one.credit_type not in without]
    if entry.repeat_of_id is not None:
        wanted = [key for key in types[1:] if key not in {*without, *line.held}]
        amounts += [one for key in wanted if (one := _none_yet(key, lines, day)) and _comes(one, lines)]
    line = replace(line, amounts=tuple(amounts), is_repeat=CEU in without)
    return line, repeat.of if repeat and line.is_repeat else None


def _comes(amount: Amount, lines: Sequence[Line]) -> bool:
    """Whether a type comes to a line by itself; what asks for a share of a category does where others have it."""
    return not load_rule(amount.rule_id).category or any(amount.credit_type in line.held for line in lines)


def _earning(
    lines: list[Line], entry: Row[Any], own: Collection[str], parts: Sequence[tuple[str, int]]
) -> tuple[list[Line], list[str]]:
    """The lines with what the event earns where it divides into these parts, and the types that it earns nothing of.

    That concerns types that ask for a share of one category: a correction can bring them to the enrolment's `own`
    lines, or take them away.
    """
    nothing = []
    for key in entry.credit_types:
        none_yet = _none_yet(key, lines, entry.completed_on)
        if none_yet is None or not load_rule(none_yet.rule_id).category:
            continue
        if not earns(parts, load_rule(none_yet.rule_id)):
            nothing.append(key)
        elif not any(key in line.held for line in (line_of(entry), *lines) if line.key in own):
            lines = [_with(line, none_yet) if line.key in own else line for line in lines]
    return lines, nothing


def _with(line: Line, amount: Amount) -> Line:
    if line.is_repeat or amount.credit_type in line.held:
        return line
    return replace(line, amounts=(*line.amounts, amount), is_new=True)


def _none_yet(key: str, lines: Sequence[Line], day: date) -> Amount | None:
    """No steps of a type, by the rule that the lines go by, else the one of the day; None where there is none."""
    for line in lines:
        if key in line.held:
            return Amount(key, line.held[key][0], 0)
    with suppress(UnknownRule):
        return Amount(key, rule_on(key, day).id, 0)
    return None


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


def _new(row: Row[Any], one: Written) -> NewEntry:
    """An entry in the place of `row`, worth what was found."""
    return NewEntry(row, parts_of(row), row.completed_on, one.minutes_before, one.tenths, one.amounts, row.repeat_of_id)
