"""The picture of a licence: a bar for each requirement, told apart by pattern and by the words above it. Pure."""

from collections.abc import Sequence
from typing import Final

from assessments.credit.rules import contact_hours_text
from assessments.licences.counting import Estimate
from assessments.licences.words import say_shipped
from fourweek.language import _
from fourweek.light import dataclass

WHOLE: Final = 1_000
"""Parts of a bar's length: places in it are whole thousandths."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: `kind` is "earned", "stated" or "carried" and picks its pattern; lengths such as "12.5%"."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One requirement: `mark` is where all that is asked for ends."""

    title: str
    words: str
    parts: tuple[Part, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, and the kinds that occur in them."""

    bars: tuple[Bar, ...]
    kinds: tuple[str, ...]


def chart_of(found: Estimate) -> Chart:
    """The total first, then each requirement of a category."""
    carried = int(found.carried * found.obligation.rule.step_minutes)
    whole = (("earned", found.earned_minutes), ("stated", found.stated_minutes), ("carried", carried))
    total = _(
        "{have} of {asked} {unit}",
        have=found.say(found.earned + found.carried),
        asked=found.say(found.required),
        unit=say_shipped(found.obligation.unit),
    )
    bars = [_bar(_("In all"), total, found.obligation.minutes, whole)]
    for need in found.needs:
        words = _(
            "{have} of {asked} hours",
            have=contact_hours_text(need.minutes),
            asked=contact_hours_text(need.needed),
        )
        own = need.minutes - need.stated
        bars.append(_bar(say_shipped(need.title), words, need.needed, (("earned", own), ("stated", need.stated))))
    return Chart(tuple(bars), tuple(kind for kind, minutes in whole if minutes))


def _bar(title: str, words: str, needed: int, pieces: Sequence[tuple[str, int]]) -> Bar:
    scale = max(needed, sum(minutes for _kind, minutes in pieces), 1)
    parts, before = [], 0
    for kind, minutes in pieces:
        start, end = before * WHOLE // scale, (before + minutes) * WHOLE // scale
        if end > start:
            parts.append(Part(kind, _percent(start), _percent(end - start)))
        before += minutes
    return Bar(title, words, tuple(parts), _percent(needed * WHOLE // scale))


def _percent(thousandths: int) -> str:
    return f"{thousandths // 10}.{thousandths % 10}%"
