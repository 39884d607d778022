"""The picture of a licence: a bar for each requirement, told apart by pattern and by the numbers beside it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assessments.credit.rules import contact_hours_text
from assessments.licences.counting import Estimate

WIDTH: Final = 600
"""Of a bar that is all that is asked for, or all that there is where that is more."""
ROW: Final = 58


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: `kind` is "earned", "stated" or "carried" and picks its pattern."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One requirement: `mark` is where all that is asked for would end."""

    title: str
    words: str
    y: int
    parts: tuple[Part, ...]
    mark: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with their scale; `described` says in words what it shows."""

    bars: tuple[Bar, ...]
    height: int
    described: str
    kinds: tuple[str, ...]


def chart_of(found: Estimate) -> Chart:
    """The total first, then each requirement of a category."""
    carried = int(found.carried * found.obligation.rule.step_minutes)
    whole = (("earned", found.earned_minutes), ("stated", found.stated_minutes), ("carried", carried))
    total = f"{found.say(found.earned + found.carried)} of {found.say(found.required)} {found.obligation.unit}"
    bars = [_bar("In all", total, found.obligation.minutes, whole, 0)]
    for place, need in enumerate(found.needs, start=1):
        words = f"{contact_hours_text(need.minutes)} of {contact_hours_text(need.needed)} hours"
        bars.append(_bar(need.title, words, need.needed, (("earned", need.minutes),), place))
    used = tuple(kind for kind, minutes in whole if minutes)
    return Chart(tuple(bars), len(bars) * ROW, "; ".join(f"{bar.title}: {bar.words}" for bar in bars) + ".", used)


def _bar(title: str, words: str, needed: int, pieces: Sequence[tuple[str, int]], place: int) -> Bar:
    scale = max(needed, sum(minutes for _, minutes in pieces), 1)
    parts, x = [], 0
    for kind, minutes in pieces:
        width = minutes * WIDTH // scale
        if width:
            parts.append(Part(kind, x, width))
        x += width
    return Bar(title, words, place * ROW, tuple(parts), needed * WIDTH // scale)
