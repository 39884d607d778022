"""What an entry holds beside its CEU: amounts of other credit types, and how its minutes divide by category."""

from collections.abc import Iterable, Mapping
from typing import Any

from fourweek.light import dataclass

Stored = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole steps of rule `rule_id` in one credit type, such as 5 half hours. Negative in a reversal."""

    credit_type: str
    rule_id: str
    steps: int


@dataclass(frozen=True, slots=True)
class Part:
    """The minutes of one category. The parts of an entry add up to its minutes; negative in a reversal."""

    category: str
    minutes: int


UNREADABLE = "unreadable"
"""Stands in for what somebody put into the database that is no amount and no part: no hash fits it."""


def stored_amounts(amounts: Iterable[Amount]) -> list[Stored]:
    """As the column holds them and as they are hashed."""
    return [{"type": one.credit_type, "rule": one.rule_id, "steps": one.steps} for one in amounts]


def stored_parts(parts: Iterable[Part]) -> list[Stored]:
    return [{"category": one.category, "minutes": one.minutes} for one in parts]


def read_amounts(stored: object) -> tuple[Amount, ...]:
    """What `stored_amounts` made; `UNREADABLE` stands for each value that it cannot have made."""
    return tuple(
        Amount(one["type"], one["rule"], one["steps"])
        if _is(one, {"type": str, "rule": str, "steps": int})
        else Amount(UNREADABLE, "", 0)
        for one in _listed(stored)
    )


def read_parts(stored: object) -> tuple[Part, ...]:
    return tuple(
        Part(one["category"], one["minutes"]) if _is(one, {"category": str, "minutes": int}) else Part(UNREADABLE, 0)
        for one in _listed(stored)
    )


def negated(amounts: Iterable[Amount], parts: Iterable[Part]) -> tuple[tuple[Amount, ...], tuple[Part, ...]]:
    """What takes these back in full."""
    return (
        tuple(Amount(one.credit_type, one.rule_id, -one.steps) for one in amounts),
        tuple(Part(one.category, -one.minutes) for one in parts),
    )


def joined_parts(minutes: Iterable[tuple[str, int]]) -> tuple[Part, ...]:
    """(category, minutes) as parts, one a category in the order of their names; nothing of nothing."""
    sums: dict[str, int] = {}
    for category, count in minutes:
        sums[category] = sums.get(category, 0) + count
    return tuple(Part(category, sums[category]) for category in sorted(sums) if sums[category])


def main_category(parts: Iterable[Part]) -> str:
    """The category of the most minutes, the first by name among equals; "" of nothing."""
    return max(parts, key=lambda part: part.minutes, default=Part("", 0)).category


def _listed(stored: object) -> list[Any]:
    return stored if isinstance(stored, list) else [None]


def _is(one: object, kinds: Mapping[str, type]) -> bool:
    return isinstance(one, dict) and {key: type(value) for key, value in one.items()} == kinds
