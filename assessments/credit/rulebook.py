"""The dated rules that ship with the product, one TOML file each in `rules/`."""

import tomllib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TypeVar

from assessments.credit.rules import Mode, Rule

T = TypeVar("T")

CEU = "CEU"
CEU_NEAREST = "ceu-nearest-2018"


class UnknownRule(LookupError):
    """No rule of that id ships with the product."""


def parse_rule(text: str) -> Rule:
    """A rule from its TOML text. Raises ValueError, in words, for anything that is missing, wrong or unknown."""
    table = tomllib.loads(text)
    rule = Rule(
        id=_take(table, "id", str),
        credit_type=_take(table, "credit_type", str),
        title=_take(table, "title", str),
        source=_take(table, "source", str),
        effective_from=_take(table, "effective_from", date),
        effective_until=_take(table, "effective_until", date) if "effective_until" in table else None,
        minutes_per_unit=_take(table, "minutes_per_unit", int),
        step=Fraction(_take(table, "step", str)),
        mode=Mode(_take(table, "mode", str)),
        minimum_minutes=_take(table, "minimum_minutes", int),
    )
    _check(rule, table)
    return rule


@cache
def load_rule(rule_id: str) -> Rule:
    """The shipped rule of that id. Raises UnknownRule."""
    rule = all_rules().get(rule_id)
    if rule is None:
        raise UnknownRule(f"There is no credit rule {rule_id!r}.")
    return rule


def rule_on(credit_type: str, day: date) -> Rule:
    """The newest shipped rule of that credit type in force on `day`. Raises UnknownRule."""
    fitting = [rule for rule in all_rules().values() if rule.credit_type == credit_type and rule.in_force(day)]
    if not fitting:
        raise UnknownRule(f"No rule for {credit_type} is in force on {day}.")
    return max(fitting, key=lambda rule: rule.effective_from)


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every shipped rule by its id; the file is named after the id."""
    folder = files("assessments.credit").joinpath("rules")
    texts = sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    rules = {name.removesuffix(".toml"): parse_rule(text) for name, text in texts}
    for name, rule in rules.items():
        if rule.id != name:
            raise ValueError(f"The rule in {name}.toml calls itself {rule.id!r}.")
    return rules


def _take(table: Mapping[str, object], key: str, kind: type[T]) -> T:
    value = table.get(key)
    if type(value) is not kind:
        raise ValueError(f"A credit rule needs `{key}` as {kind.__name__}.")
    return value


def _check(rule: Rule, table: Mapping[str, object]) -> None:
    unknown = sorted(set(table) - set(Rule.__dataclass_fields__))
    if unknown:
        raise ValueError(f"Rule {rule.id}: unknown {', '.join(unknown)}.")
    if rule.minutes_per_unit <= 0 or rule.step <= 0 or rule.minimum_minutes < 0:
        raise ValueError(f"Rule {rule.id}: minutes and step must be more than nothing.")
    if rule.effective_until is not None and rule.effective_until <= rule.effective_from:
        raise ValueError(f"Rule {rule.id} ends before it begins.")
