"""What a module adds to its credit event, in the CEU and in every other type, each from minutes. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import Row

from assessments.credit.amounts import Amount, Part, read_amounts
from assessments.credit.rulebook import CEU, Book, UnknownRule, rule_on
from assessments.credit.rules import Mode, Rule, credit_steps, earns, next_steps
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """What an event has of one credit type so far: the minutes behind it, whole steps, and the rule it goes by."""

    minutes: int
    steps: int
    rule_id: str


@dataclass(frozen=True, slots=True)
class Worth:
    """What one module adds; `minutes_before` stood behind the event's CEU."""

    rule: Rule
    minutes_before: int
    tenths: int
    amounts: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What a module is counted in: the parts of the whole event as it is planned, and what the ledger has of it."""

    parts: tuple[Part, ...]
    types: tuple[str, ...]
    so_far: Mapping[str, Counted]


def counted_so_far(rows: Sequence[Row[Any]]) -> dict[str, Counted]:
    """The sums of one event's entries by credit type, reversals among them; a repeat adds nothing to what it is not
    counted in."""
    found: dict[str, Counted] = {}
    for row in rows:
        for key, rule_id, steps in _lines(row):
            before = found.get(key, Counted(0, 0, rule_id))
            found[key] = Counted(before.minutes + row.minutes, before.steps + steps, before.rule_id)
    return found


def worth(event: Event, minutes: int, day: date, book: Book, without: Collection[str] = ()) -> Worth:
    """What a module of so many minutes, completed on `day`, adds to its event; nothing of the types in `without`.

    An event is counted by one rule of each type to its end: the one in force when its first module was completed. A
    type whose rule is in force no more, or that an event so divided does not earn, is left out.
    """
    rule = _rule(event, CEU, day, book)
    had = event.so_far.get(CEU, Counted(0, 0, rule.id))
    others = [found for key in event.types if key not in without and (found := _other(event, key, minutes, day, book))]
    tenths = 0 if CEU in without else next_steps((had.minutes, had.steps), minutes, rule)
    return Worth(rule, had.minutes, tenths, tuple(others))


def course_worth(
    modules: Iterable[Iterable[tuple[str, int]]], *, separate: bool, types: Iterable[str], day: date, ceu: Mode
) -> dict[Rule, int]:
    """Whole steps that a course is worth by the rule of each type, the CEU first, were it all completed on `day`.

    `modules` hold (category, minutes); with `separate` each is rounded by itself.
    """
    parts = [list(one) for one in modules]
    events = parts if separate else [[part for one in parts for part in one]]
    found: dict[Rule, int] = {}
    for key in (CEU, *types):
        with suppress(UnknownRule):
            rule = rule_on(key, day, ceu)
            found[rule] = sum(credit_steps(_minutes(event), rule) for event in events if earns(event, rule))
    return found


def _minutes(event: Iterable[tuple[str, int]]) -> int:
    return sum(minutes for _, minutes in event)


def _lines(row: Row[Any]) -> Iterable[tuple[str, str, int]]:
    if row.repeat_of_id is None:
        yield row.credit_type, row.rule_id, row.tenths
    for one in read_amounts(row.amounts):
        yield one.credit_type, one.rule_id, one.steps


def _other(event: Event, key: str, minutes: int, day: date, book: Book) -> Amount | None:
    try:
        rule = _rule(event, key, day, book)
    except UnknownRule:
        return None
    if not earns([(part.category, part.minutes) for part in event.parts], rule):
        return None
    had = event.so_far.get(key, Counted(0, 0, rule.id))
    return Amount(key, rule.id, next_steps((had.minutes, had.steps), minutes, rule))


def _rule(event: Event, key: str, day: date, book: Book) -> Rule:
    had = event.so_far.get(key)
    return book.rule(had.rule_id) if had else book.on(key, day)
