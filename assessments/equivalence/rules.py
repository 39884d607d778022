"""Which group a module belongs to: the newest decision that reaches it, else its course. Pure."""

from collections.abc import Iterable

from fourweek.light import dataclass


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


def course_group(decisions: Iterable[Decided], code: str, major: int) -> str:
    """The group of a version as a whole, whatever was decided of single modules."""
    group = code
    for one in decisions:
        if one.from_major <= major and one.module_number is None:
            group = one.group_name
    return group


def new_group(code: str, major: int, number: int | None) -> str:
    """The name of the group that a revised version begins, or one module of it; no course's code has an @."""
    return f"{code}@{major}" if number is None else f"{code}@{major}/{number}"
