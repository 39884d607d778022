"""Bringing a credit event to its rounded totals again after one of its lines was taken away or came anew. Pure.

The rounding of a line depends on the lines before it, so an event can be a step off once one is gone: of four modules
of 150 minutes (0.3, 0.2, 0.3, 0.2) the last three come to 0.7, and 450 minutes to 0.8. Then as few of the last lines
as possible are written anew.
"""

from collections.abc import Collection, Sequence

from assessments.credit.amounts import Amount, Part
from assessments.credit.rulebook import CEU, load_rule
from assessments.credit.rules import credit_steps
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an event: how its minutes divide and what it is worth, which of one that `is_new` is still to be found.

    It counts in the CEU unless it is a repeat, and in each other type that it holds an amount of, even of no steps.
    """

    key: str
    parts: tuple[Part, ...]
    rule_id: str
    tenths: int = 0
    amounts: tuple[Amount, ...] = ()
    is_repeat: bool = False
    is_new: bool = False

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def held(self) -> dict[str, tuple[str, int]]:
        """(rule, steps) by type, of every type that it counts in."""
        others = {one.credit_type: (one.rule_id, one.steps) for one in self.amounts}
        return others if self.is_repeat else {CEU: (self.rule_id, self.tenths)} | others


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it has to be written: `minutes_before` are those of the event's lines before it that count."""

    key: str
    minutes_before: int
    tenths: int
    amounts: tuple[Amount, ...]


def recount(lines: Sequence[Line], nothing: Collection[str] = (), fixed: int = 0) -> tuple[Written, ...]:
    """Which lines have to be written (anew), in their order: every new one, and as few others as make the event right.

    Lines come in their order, those that are new last. Nothing where all is right as it stands. The event earns
    `nothing` of these types. The first `fixed` lines are never written; where they alone are above the event's total,
    the others add nothing.
    """
    fresh = next((len(lines) - place for place, line in enumerate(lines) if line.is_new), 0)
    starts = range(len(lines) - fresh, fixed - 1, -1)
    found = next((one for start in starts if (one := _from(lines, start, nothing)) is not None), None)
    if found is None:
        found = _from(lines, fixed, nothing, is_right=False) or []
    anew = lines[len(lines) - len(found) :]
    return tuple(one for one, line in zip(found, anew, strict=True) if _differs(one, line))


def _from(
    lines: Sequence[Line], start: int, nothing: Collection[str], *, is_right: bool = True
) -> list[Written] | None:
    """The lines from `start` on, worked out anew, none below nothing; None where the event comes out wrong."""
    so_far = {key: sum(line.held[key][1] for line in lines[:start] if key in line.held) for key in _types(lines)}
    written = []
    for place in range(start, len(lines)):
        line, whole = lines[place], _totals(lines[: place + 1], lines[place].held, nothing)
        gained = {key: whole[key] - so_far[key] for key in whole}
        if is_right and any(steps < 0 for steps in gained.values()):
            return None
        gained = {key: max(0, steps) for key, steps in gained.items()}
        before = sum(one.minutes for one in lines[:place] if not one.is_repeat)
        amounts = tuple(Amount(one.credit_type, one.rule_id, gained[one.credit_type]) for one in line.amounts)
        written.append(Written(line.key, before, gained.get(CEU, 0), amounts))
        so_far |= {key: so_far[key] + steps for key, steps in gained.items()}
    return written if not is_right or so_far == _totals(lines, so_far, nothing) else None


def _types(lines: Sequence[Line]) -> set[str]:
    return {key for line in lines for key in line.held}


def _totals(lines: Sequence[Line], keys: Collection[str], nothing: Collection[str]) -> dict[str, int]:
    return {key: 0 if key in nothing else _total(lines, key) for key in keys}


def _total(lines: Sequence[Line], key: str) -> int:
    """What lines of an event come to together in one type, in whole steps of the rule that the first goes by."""
    counting = [line for line in lines if key in line.held]
    rule_id, _ = counting[0].held[key]
    return credit_steps(sum(line.minutes for line in counting), load_rule(rule_id))


def _differs(one: Written, line: Line) -> bool:
    return line.is_new or (one.tenths, one.amounts) != (line.tenths, line.amounts)
