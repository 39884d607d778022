"""What a licence asks for in one renewal window, whether a shipped board or its holder says so. Pure.

Hours are whole minutes here. Categories are those of the ledger's parts, such as "ethics" and "laws-rules:US-FL".
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from assessments.credit.rulebook import load_rule
from assessments.credit.rules import Rule
from courses.catalogue.categories import say_category
from fourweek.light import dataclass

HOUR: Final = 60
OWN_RULE: Final = "pdh-half-hour-2018"
"""Turns minutes into units where a professional describes an obligation: hours in halves, rounded down."""


@dataclass(frozen=True, slots=True)
class Need:
    """The least, or the most, that counts of some categories together."""

    title: str
    categories: frozenset[str]
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Minutes asked for in a window of `months`, and how much of what was too much may count in the next window.

    `live_minutes` is the least in sessions with an instructor, 0 where none is asked for.
    """

    unit: str
    rule: Rule
    minutes: int
    months: int
    minimums: tuple[Need, ...] = ()
    maximums: tuple[Need, ...] = ()
    live_minutes: int = 0
    carry_minutes: int = 0


def own_obligation(said: Mapping[str, Any]) -> Obligation:
    """The obligation that a professional described, as stored: `minutes`, `months`, `minimums`, `carry`, `live`.

    Categories are called in the language spoken.
    """
    needs: Sequence[Mapping[str, Any]] = said.get("minimums", ())
    return Obligation(
        unit="hours",
        rule=load_rule(OWN_RULE),
        minutes=said["minutes"],
        months=said["months"],
        minimums=tuple(
            Need(say_category(one["category"]), frozenset({one["category"]}), one["minutes"]) for one in needs
        ),
        live_minutes=said.get("live", 0),
        carry_minutes=said.get("carry", 0),
    )
