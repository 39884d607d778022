"""Sharing work out among graders. Pure."""

from collections.abc import Mapping, Sequence

from assessments.terms.models import Allocation
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A submission that nobody has: who may get it, in a fixed order, and who of them must not."""

    id: str
    pool: tuple[str, ...]
    barred: frozenset[str] = frozenset()

    @property
    def eligible(self) -> tuple[str, ...]:
        return tuple(one for one in self.pool if one not in self.barred)


def share_out(
    way: Allocation, works: Sequence[Work], loads: Mapping[str, int], turn: int
) -> tuple[dict[str, str], int]:
    """The grader of each submission by its id, and how often work was given in turn since the beginning.

    Work that nobody may get is left out. `loads` are how much each grader has to do; among equals it goes in turn.
    """
    has, given = dict(loads), {}
    for work in works:
        if way is Allocation.OPEN or not work.eligible:
            continue
        first = turn % len(work.eligible)
        in_turn = work.eligible[first:] + work.eligible[:first]
        grader = in_turn[0] if way is Allocation.IN_TURN else min(in_turn, key=lambda one: has.get(one, 0))
        given[work.id] = grader
        has[grader] = has.get(grader, 0) + 1
        turn += 1
    return given, turn
