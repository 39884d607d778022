"""A rule in words, for those it is held over and those who hold it."""

from collections.abc import Sequence
from typing import Protocol

from assessments.deciding.rules import Rule
from fourweek.language import N_, _
from fourweek.language.lists import in_a_row

EVERY_WORDS = N_("Demonstrated when every criterion reaches its required level.")


class Titled(Protocol):
    """A level with its stable key and what it is called."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...


class Judged(Protocol):
    """A criterion with its levels, lowest first."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def levels(self) -> Sequence[Titled]: ...


def say_rule(rule: Rule, criteria: Sequence[Judged]) -> tuple[str, ...]:
    """The rule as sentences about these criteria."""
    weighed = [one for one in criteria if one.key in rule.weights]
    if not weighed:
        return (_(EVERY_WORDS),)
    counted = in_a_row(_("“{title}” counts {weight}", title=one.title, weight=rule.weights[one.key]) for one in weighed)
    return (
        _(
            "Demonstrated when every criterion reaches its required level, or when the levels together "
            "reach {mark} % of what the highest levels would make.",
            mark=rule.mark,
        ),
        _(
            "A level makes nothing where it is the lowest, all where it is the highest, in even steps. {counted}.",
            counted=counted,
        ),
        *(_floor(one, rule) for one in criteria if _has_floor(one, rule)),
        *(_must(one) for one in criteria if one.key in rule.must or one.key not in rule.weights),
    )


def _has_floor(criterion: Judged, rule: Rule) -> bool:
    return any(level.key == rule.floors.get(criterion.key) for level in criterion.levels)


def _floor(criterion: Judged, rule: Rule) -> str:
    title = next(level.title for level in criterion.levels if level.key == rule.floors[criterion.key])
    return _("“{title}” must reach “{level}” whatever the rest makes.", title=criterion.title, level=title)


def _must(criterion: Judged) -> str:
    return _("“{title}” must reach its required level whatever the rest makes.", title=criterion.title)
