"""How far raters agree: percent agreement, Cohen's weighted kappa, Krippendorff's ordinal alpha. Pure.

All are worked out from counts of equal cases, so that ten thousand ratings cost what a table of levels costs. Why no
library does it: docs/decisions/0003-agreement-figures.md.
"""

import math
import random
from collections.abc import Callable, Mapping
from typing import TypeVar

from fourweek.light import dataclass

Unit = tuple[int, ...]
"""The level positions that one work was given, in the order of its raters; missing ones are left out."""
Pair = tuple[int, int]
Levels = TypeVar("Levels", bound=Unit)
Distance = Callable[[int, int], float]

ENOUGH = 10
"""Works that at least two rated, below which chance is not told from agreement."""
DRAWS = 1000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval of 95 %; `value` is None where there is not enough."""

    value: float | None
    low: float | None = None
    high: float | None = None


def linear(one: int, other: int) -> float:
    return abs(one - other)


def quadratic(one: int, other: int) -> float:
    return (one - other) ** 2


def percent(pairs: Mapping[Pair, int], within: int = 0) -> Figure:
    """The share of works whose two levels are at most `within` steps apart, with Wilson's interval (1927)."""
    total = sum(pairs.values())
    if not total:
        return Figure(None)
    share = sum(n for (one, other), n in pairs.items() if abs(one - other) <= within) / total
    z = 1.959964
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return Figure(share, max(0.0, middle - half), min(1.0, middle + half))


def weighted_kappa(pairs: Mapping[Pair, float], distance: Distance) -> float | None:
    """Cohen (1968), from (first, second) levels; None where chance alone would leave no disagreement."""
    total = sum(pairs.values())
    rows, columns = _sums(pairs, 0), _sums(pairs, 1)
    seen = sum(n * distance(*pair) for pair, n in pairs.items()) * total
    by_chance = sum(rows[i] * columns[j] * distance(i, j) for i in rows for j in columns)
    return 1 - seen / by_chance if by_chance else None


def ordinal_alpha(units: Mapping[Levels, float]) -> float | None:
    """Krippendorff (2011), section D, for any number of raters and missing values; None where no two values differ.

    `units` holds how many works were given these levels. Works with fewer than two levels say nothing and are left out.
    """
    seen = coincidences(units)
    levels = _sums(seen, 0)
    total = sum(levels.values())
    apart = ordinal_distances(levels)
    observed = sum(n * apart[pair] for pair, n in seen.items())
    expected = sum(levels[c] * levels[k] * apart[c, k] for c in levels for k in levels)
    return 1 - (total - 1) * observed / expected if expected else None


def coincidences(units: Mapping[Levels, float]) -> dict[Pair, float]:
    """How often each two levels met in one work; each work counts as often as it has levels."""
    found: dict[Pair, float] = {}
    for unit, n in units.items():
        share = n / (len(unit) - 1) if len(unit) > 1 else 0.0
        for here, one in enumerate(unit):
            for there, other in enumerate(unit):
                if here != there:
                    found[one, other] = found.get((one, other), 0.0) + share
    return found


def ordinal_distances(levels: Mapping[int, float]) -> dict[Pair, float]:
    """The squared ordinal difference: how many values lie between two levels, half of the ends counted."""
    found = {}
    for c in levels:
        for k in levels:
            between = sum(n for level, n in levels.items() if min(c, k) <= level <= max(c, k))
            found[c, k] = (between - (levels[c] + levels[k]) / 2) ** 2 if c != k else 0.0
    return found


def kappa_figure(pairs: Mapping[Pair, int], distance: Distance, seed: str) -> Figure:
    return _figure(pairs, lambda weights: weighted_kappa(weights, distance), seed)


def alpha_figure(units: Mapping[Levels, int], seed: str) -> Figure:
    return _figure({unit: n for unit, n in units.items() if len(unit) > 1}, ordinal_alpha, seed)


def _figure(
    units: Mapping[Levels, int], work_out: Callable[[Mapping[Levels, float]], float | None], seed: str
) -> Figure:
    total = sum(units.values())
    if total < ENOUGH:
        return Figure(None)
    value = work_out({unit: float(n) for unit, n in units.items()})
    if value is None:
        return Figure(None)
    drawn = sorted(found for weights in _draws(units, seed) if (found := work_out(weights)) is not None)
    cut = int(len(drawn) * (1 - LEVEL) / 2)
    return Figure(value, drawn[cut], drawn[-1 - cut])


def _draws(units: Mapping[Levels, int], seed: str) -> list[dict[Levels, float]]:
    """The Bayesian bootstrap over works (Rubin 1981): each gets a random share, so equal works get the sum of theirs.

    A sum of n shares is one draw from a gamma distribution of shape n, whatever n is. The same seed draws the same.
    """
    chance, total = random.Random(seed), sum(units.values())  # noqa: S311 statistics, no secret
    made = []
    for _draw in range(DRAWS):
        shares = {unit: chance.gammavariate(n, 1.0) for unit, n in sorted(units.items())}
        whole = sum(shares.values())
        made.append({unit: total * share / whole for unit, share in shares.items()})
    return made


def _sums(pairs: Mapping[Pair, float], side: int) -> dict[int, float]:
    """How often each level occurs on one side."""
    found: dict[int, float] = {}
    for pair, n in pairs.items():
        found[pair[side]] = found.get(pair[side], 0.0) + n
    return found
