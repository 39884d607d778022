"""How levels become an outcome. Pure: a rubric's ladders, the levels reached and a rule in, yes or no out."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from typing import Any

from assessments.deciding.models import RuleKind
from fourweek.light import dataclass

LARGEST_WEIGHT = 1_000
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Ladder:
    """A criterion as a rule sees it: its levels' keys, lowest first, and the one from which it is demonstrated."""

    key: str
    levels: tuple[str, ...]
    required: str

    def place(self, level: str) -> int:
        """How high a level stands, from 0. Raises ValueError for one that is not of this criterion."""
        return self.levels.index(level)

    def share(self, place: int) -> Fraction:
        """What a level is worth: 0 for the lowest, 1 for the highest, in even steps."""
        top = len(self.levels) - 1
        return Fraction(place, top) if top else Fraction(1)


@dataclass(frozen=True, slots=True)
class Rule:
    """Whole weights by criterion key, and the `mark`, in percent of what all highest levels are worth, that will do.

    `floors` are level keys by criterion key: a level to be reached whatever the sum. Criteria in `must` need their
    required level whatever the sum, and so do those without a weight: a rule without weights asks for every criterion.
    What a rule names and a rubric lacks says nothing.
    """

    weights: Mapping[str, int] = field(default_factory=dict)
    mark: int = WHOLE
    floors: Mapping[str, str] = field(default_factory=dict)
    must: frozenset[str] = frozenset()

    @property
    def kind(self) -> RuleKind:
        return RuleKind.WEIGHTED if self.weights else RuleKind.EVERY

    @property
    def terms(self) -> dict[str, Any]:
        """As it is stored beside its kind."""
        if not self.weights:
            return {}
        return {
            "weights": dict(self.weights),
            "mark": self.mark,
            "floors": dict(self.floors),
            "must": sorted(self.must),
        }


EVERY = Rule()


def rule_of(terms: Mapping[str, Any]) -> Rule:
    """The rule that is stored as these terms."""
    if not terms:
        return EVERY
    return Rule(terms["weights"], terms["mark"], terms["floors"], frozenset(terms["must"]))


def is_met(ladder: Ladder, level: str, rule: Rule = EVERY) -> bool:
    """Whether this level demonstrates the criterion: the required one or, where that is higher, its floor."""
    return ladder.place(level) >= needed(ladder, rule)


def needed(ladder: Ladder, rule: Rule) -> int:
    """The place of the lowest level that demonstrates the criterion."""
    return max(ladder.place(ladder.required), _floor(ladder, rule))


def demonstrates(ladders: Sequence[Ladder], levels: Mapping[str, str], rule: Rule = EVERY) -> bool:
    """Whether these levels, one for each criterion, demonstrate the whole.

    Where every criterion is met they do, whatever the mark: a sum can make up for a criterion, and never asks for more.
    """
    if not ladders:
        return False
    if all(is_met(ladder, levels[ladder.key], rule) for ladder in ladders):
        return True
    return all(_stands(ladder, levels[ladder.key], rule) for ladder in ladders) and reaches_mark(ladders, levels, rule)


def reaches_mark(ladders: Sequence[Ladder], levels: Mapping[str, str], rule: Rule) -> bool:
    return worth(ladders, {one.key: one.place(levels[one.key]) for one in ladders}, rule) * WHOLE >= rule.mark


def worth(ladders: Sequence[Ladder], places: Mapping[str, int], rule: Rule) -> Fraction:
    """What levels at these places are worth together, from 0 to 1, exactly; 1 where nothing has a weight."""
    weighed = [ladder for ladder in ladders if ladder.key in rule.weights]
    most = sum(rule.weights[ladder.key] for ladder in weighed)
    got = sum((rule.weights[one.key] * one.share(places[one.key]) for one in weighed), Fraction(0))
    return got / most if most else Fraction(1)


def _stands(ladder: Ladder, level: str, rule: Rule) -> bool:
    """Whether the criterion does not bar the whole by itself."""
    alone = ladder.key in rule.must or ladder.key not in rule.weights
    return is_met(ladder, level, rule) if alone else ladder.place(level) >= _floor(ladder, rule)


def _floor(ladder: Ladder, rule: Rule) -> int:
    floor = rule.floors.get(ladder.key)
    return ladder.place(floor) if floor in ladder.levels else 0
