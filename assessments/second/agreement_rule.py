"""Whether two ratings of one submission agree, criterion by criterion. Pure."""

from collections.abc import Sequence

from assessments.deciding.rules import EVERY, Rule
from assessments.grading.rules import Criterion, Scoring


def differing(
    criteria: Sequence[Criterion], first: Scoring, second: Scoring, tolerance: int, rule: Rule = EVERY
) -> tuple[str, ...]:
    """Keys of the criteria on which they do not agree: one says met and the other does not, or their levels are more
    than `tolerance` steps apart. One without a level agrees with nothing.
    """
    return tuple(one.key for one in criteria if not _agree(one, first, second, tolerance, rule))


def _agree(criterion: Criterion, first: Scoring, second: Scoring, tolerance: int, rule: Rule) -> bool:
    keys = [level.key for level in criterion.levels]
    one, other = first.level(criterion.key), second.level(criterion.key)
    if one not in keys or other not in keys:
        return False
    same_side = criterion.met_by(one, rule) == criterion.met_by(other, rule)
    return same_side and abs(keys.index(one) - keys.index(other)) <= tolerance
