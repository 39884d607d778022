"""Which group a module belongs to: the newest decision that reaches it, else its course. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: from version `from_major` on, the module of that number, or all (None), is of group `group_name`."""

    from_major: int
    module_number: int | None
    group_name: str


def group_key(decisions: Iterable[Decided], code: str, major: int, number: int) -> str:
    """The group of module `number` of version `major` of the course `code`; `decisions` on the course, oldest first.

    A group of whole courses is told apart by the module's number, "water-works/2": the second week of one is equivalent
    to the second of the other. A decision about one module names such a key itself.
    """
    group = f"{code}/{number}"
    for one in decisions:
        if one.from_major <= major and one.module_number in {None, number}:
            group = one.group_name if one.module_number is not None else f"{one.group_name}/{number}"
    return group
