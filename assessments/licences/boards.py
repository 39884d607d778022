"""The boards that ship with the product: dated rules, one TOML file each in `boards/`, each with its sources.

All of them are estimates; the board decides. A file is never edited once it was in use: a changed rule is a new file
of the same board with a later day. For a window, the rule counts that is in force on its last day.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from assessments.credit.rulebook import load_rule
from assessments.licences.obligation import HOUR, Need, Obligation
from fourweek.language import N_
from fourweek.light import dataclass

ESTIMATE: Final = N_("This is an estimate; your board decides.")
_YEARS: Final = ("any", "odd", "even")
_GIVEN: Final = frozenset(
    {"board", "title", "profession", "jurisdiction", "zone", "effective_from", "hours", "months", "unit", "rule"}
    | {"ends", "years", "carry_hours", "live_hours", "minimum", "maximum", "conversion", "notes", "source"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule was read, and when."""

    title: str
    url: str
    read_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRule:
    """What a board asks for since `effective_from`.

    `ends` are the (month, day) on which windows end, in `years` ("odd", "even" or "any"); empty where each licence has
    a day of its own. `conversion` says how many units another measure is worth. `zone` is "" where the board has none.
    """

    id: str
    board: str
    title: str
    profession: str
    jurisdiction: str
    zone: str
    effective_from: date
    obligation: Obligation
    ends: tuple[tuple[int, int], ...]
    years: str
    conversion: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]

    def ends_on(self, day: date) -> bool:
        """Whether a window of this board usually ends on that day."""
        fits = self.years == "any" or (day.year % 2 == 1) == (self.years == "odd")
        return not self.ends or (fits and (day.month, day.day) in self.ends)

    def next_end(self, today: date) -> date | None:
        """The first usual end of a window from `today` on; None where each licence has its own."""
        days = (date(year, *end) for year in range(today.year, today.year + 3) for end in self.ends)
        return min((day for day in days if day >= today and self.ends_on(day)), default=None)


def parse_board(rule_id: str, text: str) -> BoardRule:
    """A board's rule from its TOML text. Raises ValueError, in words, for what is missing, wrong or unknown."""
    said = tomllib.loads(text)
    if unknown := sorted(set(said) - _GIVEN):
        raise ValueError(f"Board {rule_id}: unknown {', '.join(unknown)}.")
    try:
        rule = _board(rule_id, said)
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"Board {rule_id}: {wrong} is missing or of another kind.") from wrong
    if rule.years not in _YEARS or not rule.sources or rule.obligation.minutes <= 0 or rule.obligation.months <= 0:
        raise ValueError(f"Board {rule_id}: hours, months, years or source cannot be right.")
    return rule


@cache
def all_boards() -> Mapping[str, tuple[BoardRule, ...]]:
    """The rules of every shipped board by its key, the oldest first."""
    folder = files("assessments.licences").joinpath("boards")
    entries = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    found: dict[str, list[BoardRule]] = {}
    for entry in entries:
        rule = parse_board(entry.name.removesuffix(".toml"), entry.read_text("utf-8"))
        found.setdefault(rule.board, []).append(rule)
    return {key: tuple(sorted(rules, key=lambda rule: rule.effective_from)) for key, rules in found.items()}


def rule_for(rules: Sequence[BoardRule], last_day: date) -> BoardRule:
    """The rule in force on the last day of a window; the oldest known one for a window that ended before it."""
    known = [rule for rule in rules if rule.effective_from <= last_day]
    return known[-1] if known else rules[0]


def _board(rule_id: str, said: Mapping[str, Any]) -> BoardRule:
    return BoardRule(
        id=rule_id,
        board=said["board"],
        title=said["title"],
        profession=said["profession"],
        jurisdiction=said["jurisdiction"],
        zone=said.get("zone", ""),
        effective_from=said["effective_from"],
        obligation=_obligation(said),
        ends=tuple((int(end[:2]), int(end[3:])) for end in said.get("ends", ())),
        years=said.get("years", "any"),
        conversion=tuple(said.get("conversion", {}).items()),
        notes=tuple(said.get("notes", ())),
        sources=tuple(Source(one["title"], one["url"], one["read_on"]) for one in said["source"]),
    )


def _obligation(said: Mapping[str, Any]) -> Obligation:
    return Obligation(
        unit=said["unit"],
        rule=load_rule(said["rule"]),
        minutes=said["hours"] * HOUR,
        months=said["months"],
        minimums=tuple(map(_need, said.get("minimum", ()))),
        maximums=tuple(map(_need, said.get("maximum", ()))),
        live_minutes=said.get("live_hours", 0) * HOUR,
        carry_minutes=said["carry_hours"] * HOUR,
    )


def _need(said: Mapping[str, Any]) -> Need:
    return Need(said["title"], frozenset(said["categories"]), said["hours"] * HOUR)
