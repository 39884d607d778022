"""Bringing a credit event to its rounded totals again after one of its lines was taken away or came anew. Pure.

The rounding of a line depends on the lines before it, so an event can be a step off once one is gone: of four modules
of 150 minutes (0.3, 0.2, 0.3, 0.2) the last three come to 0.7, and 450 minutes to 0.8. Then as few of the last lines
as possible are written anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.credit.amounts import Amount, Part
from assessments.credit.rulebook import CEU, load_rule
from assessments.credit.rules import credit_steps


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


def recount(lines: Sequence[Line]) -> tuple[Written, ...]:
    """Which lines have to be written (anew), in their order: every new one, and as few others as make the event right.

    Lines come in their order, those that are new last. Nothing where all is right as it stands.
    """
    fresh = sum(line.is_new for line in lines)
    for anew in range(fresh, len(lines) + 1):
        start = len(lines) - anew
        written = _from(lines, start)
        if written is not None:
            return tuple(one for one, line in zip(written, lines[start:], strict=True) if _differs(one, line))
    raise AssertionError("An event that is written wholly anew comes out right.")


def _from(lines: Sequence[Line], start: int) -> list[Written] | None:
    """The lines from `start` on, worked out anew; None where the event comes out wrong or a line below nothing."""
    so_far = {key: sum(line.held[key][1] for line in lines[:start] if key in line.held) for key in _types(lines)}
    written = []
    for place in range(start, len(lines)):
        line, whole = lines[place], {key: _total(lines[: place + 1], key) for key in lines[place].held}
        gained = {key: whole[key] - so_far[key] for key in whole}
        if any(steps < 0 for steps in gained.values()):
            return None
        before = sum(one.minutes for one in lines[:place] if not one.is_repeat)
        amounts = tuple(Amount(one.credit_type, one.rule_id, gained[one.credit_type]) for one in line.amounts)
        written.append(Written(line.key, before, gained.get(CEU, 0), amounts))
        so_far |= whole
    return written if all(so_far[key] == _total(lines, key) for key in so_far) else None


def _types(lines: Sequence[Line]) -> set[str]:
    return {key for line in lines for key in line.held}


def _total(lines: Sequence[Line], key: str) -> int:
    """What lines of an event come to together in one type, in whole steps of the rule that the first goes by."""
    counting = [line for line in lines if key in line.held]
    rule_id, _ = counting[0].held[key]
    return credit_steps(sum(line.minutes for line in counting), load_rule(rule_id))


def _differs(one: Written, line: Line) -> bool:
    return line.is_new or (one.tenths, one.amounts) != (line.tenths, line.amounts)
