"""Credit in a sentence: "150 minutes, 0.3 CEU, 2.5 PDH"."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from assessments.corrections.plan import NewEntry
from assessments.corrections.recount import Line
from assessments.credit.amounts import Amount, Part, read_amounts
from assessments.credit.ledger import parts_of
from assessments.credit.rulebook import TYPES, load_rule
from assessments.credit.rules import ceu_text, steps_text
from courses.catalogue.categories import say_category
from courses.schedule.words import say_date
from fourweek.language import _, n_
from fourweek.language.lists import in_a_row


def credit_words(minutes: int, tenths: int, amounts: Iterable[Amount]) -> str:
    """Minutes, CEU, and what other types come to that are not nothing."""
    return in_a_row([_minutes(minutes), _("{amount} CEU", amount=ceu_text(tenths)), *amounts_words(amounts)])


def amounts_words(amounts: Iterable[Amount]) -> list[str]:
    """Each other type in its own words: "2.5 PDH"."""
    found: dict[tuple[str, str], int] = {}
    for one in amounts:
        found[one.credit_type, one.rule_id] = found.get((one.credit_type, one.rule_id), 0) + one.steps
    return [
        f"{steps_text(steps, load_rule(rule))} {_(TYPES[kind].short) if kind in TYPES else kind}"
        for (kind, rule), steps in found.items()
        if steps
    ]


def parts_words(parts: Sequence[Part]) -> str:
    """How minutes divide: "Technical: 60 minutes, Ethics: 30 minutes"."""
    return in_a_row(
        _("{category}: {amount}", category=say_category(part.category), amount=_minutes(part.minutes)) for part in parts
    )


def entry_words(row: Row[Any]) -> str:
    """A stored entry: its credit, how its minutes divide, and the day."""
    return _all(row.minutes, row.tenths, read_amounts(row.amounts), parts_of(row), row.completed_on)


def new_words(new: NewEntry) -> str:
    """An entry to be written, in the same words."""
    return _all(new.minutes, new.tenths, new.amounts, new.parts, new.completed_on)


def event_words(lines: Sequence[Line], entry: Row[Any]) -> str:
    """What is left of a credit event: of the course, or of the module where modules count for themselves."""
    amounts = [amount for line in lines for amount in line.amounts]
    whole = credit_words(sum(line.minutes for line in lines), sum(line.tenths for line in lines), amounts)
    return _("{credit} (this module alone)", credit=whole) if entry.separate_events else whole


def _minutes(count: int) -> str:
    return n_("{count} minute", "{count} minutes", count)


def _all(minutes: int, tenths: int, amounts: Iterable[Amount], parts: Sequence[Part], day: date) -> str:
    return _(
        "{credit} ({parts}), completed {day}",
        credit=credit_words(minutes, tenths, amounts),
        parts=parts_words(parts),
        day=say_date(day),
    )
