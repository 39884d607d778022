"""The rule of an assignment in a course package: by which levels become an outcome. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from assessments.deciding.models import RuleKind
from assessments.deciding.rules import LARGEST_WEIGHT, WHOLE, Ladder, Rule
from courses.packages.fields import Fields
from courses.packages.suggestions import did_you_mean
from fourweek.language import _

OF_WEIGHTED = ("weights", "mark", "floors", "must")


def read_rule(fields: Fields, ladders: Sequence[Ladder]) -> Rule | None:
    """The table [module.assignment.rule] of an assignment whose criteria are `ladders`; None where it has none."""
    if "rule" not in fields.table:
        return None
    entry = fields.one("rule")
    kind = entry.choice("kind", RuleKind.EVERY)
    rule = _weighted(entry, {one.key: one for one in ladders}) if kind is RuleKind.WEIGHTED else _every(entry)
    entry.finish(also=OF_WEIGHTED)
    return rule


def _every(entry: Fields) -> Rule:
    for key in OF_WEIGHTED:
        if key in entry.table:
            entry.say(key, _('"{key}" belongs to a rule of kind "weighted"; this one is "every".', key=key))
    return Rule()


def _weighted(entry: Fields, ladders: Mapping[str, Ladder]) -> Rule:
    if not entry.table.get("weights"):
        entry.document.say(entry.path, _('The key "weights" is missing: a whole number for each criterion.'))
    must = entry.texts("must")
    for key in must:
        _known(entry, "must", key, ladders)
    return Rule(
        weights=dict(_weights(entry, ladders)),
        mark=entry.whole("mark", required=True, most=WHOLE) or WHOLE,
        floors=dict(_floors(entry, ladders)),
        must=frozenset(must),
    )


def _weights(entry: Fields, ladders: Mapping[str, Ladder]) -> Iterator[tuple[str, int]]:
    for key, weight in _by_criterion(entry, "weights", ladders):
        if isinstance(weight, bool) or not isinstance(weight, int) or not 1 <= weight <= LARGEST_WEIGHT:
            words = _('The weight of "{key}" must be a whole number from 1 to {most}.', key=key, most=LARGEST_WEIGHT)
            entry.say("weights", words)
        else:
            yield key, weight


def _floors(entry: Fields, ladders: Mapping[str, Ladder]) -> Iterator[tuple[str, str]]:
    for key, level in _by_criterion(entry, "floors", ladders):
        levels = ladders[key].levels
        if isinstance(level, str) and level in levels:
            yield key, level
        else:
            guess = did_you_mean(str(level), levels)
            words = _('"{level}" is not a level of the criterion "{key}".', level=str(level)[:60], key=key)
            entry.say("floors", words + guess)


def _by_criterion(entry: Fields, name: str, ladders: Mapping[str, Ladder]) -> Iterator[tuple[str, object]]:
    """What a table of the rule says for each criterion that there is."""
    if name not in entry.table:
        return
    for key, value in entry.one(name).table.items():
        if _known(entry, name, key, ladders):
            yield key, value


def _known(entry: Fields, name: str, key: str, ladders: Mapping[str, Ladder]) -> bool:
    if key not in ladders:
        words = _('"{key}" is not a criterion of this assignment.', key=key)
        entry.say(name, words + did_you_mean(key, tuple(ladders)))
    return key in ladders
