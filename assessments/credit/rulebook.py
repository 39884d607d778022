"""The types of credit, and the dated rules that ship with the product, one TOML file each in `rules/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from assessments.credit.rules import Mode, Rule
from fourweek.language import N_
from fourweek.light import dataclass

T = TypeVar("T")

CEU = "CEU"
PDH = "PDH"
CEU_NEAREST = "ceu-nearest-2018"


@dataclass(frozen=True, slots=True)
class CreditType:
    """A type of credit in words: one of them, several, and as it stands in a narrow column. Pages say them with `_`."""

    key: str
    title: str
    plural: str
    short: str


TYPES: Mapping[str, CreditType] = {
    one.key: one
    for one in (
        CreditType(CEU, N_("continuing education unit"), N_("continuing education units"), N_("CEU")),
        CreditType(PDH, N_("professional development hour"), N_("professional development hours"), N_("PDH")),
        CreditType("PDH-NC", N_("North Carolina PDH"), N_("North Carolina PDH"), N_("PDH (NC)")),
        CreditType("PDH-ND", N_("North Dakota PDH"), N_("North Dakota PDH"), N_("PDH (ND)")),
        CreditType("LU", N_("AIA learning unit hour"), N_("AIA learning unit hours"), N_("LU Hour")),
        CreditType("HSW", N_("AIA learning unit hour (HSW)"), N_("AIA learning unit hours (HSW)"), N_("LU/HSW Hour")),
        CreditType("PDU", N_("PMI professional development unit"), N_("PMI professional development units"), N_("PDU")),
        CreditType("CLOCK", N_("Washington clock hour"), N_("Washington clock hours"), N_("clock hours")),
        CreditType("NURSING", N_("nursing contact hour"), N_("nursing contact hours"), N_("nursing contact hours")),
    )
}
"""What a course may give, by key; the CEU is always given, the others where the course names them."""


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
        category=_take(table, "category", str) if "category" in table else "",
        share=Fraction(_take(table, "share", str)) if "share" in table else Fraction(0),
    )
    _check(rule, table)
    return rule


@cache
def load_rule(rule_id: str) -> Rule:
    """The shipped rule of that id. Raises UnknownRule."""
    return Book().rule(rule_id)


def rule_on(credit_type: str, day: date, ceu: Mode = Mode.NEAREST, rules: Mapping[str, Rule] | None = None) -> Rule:
    """The newest rule of that credit type in force on `day`, of the shipped ones unless others are given.

    There are two for the CEU at any time, told apart by their mode. Raises UnknownRule.
    """
    known = (all_rules() if rules is None else rules).values()
    named = [rule for rule in known if rule.credit_type == credit_type and (credit_type != CEU or rule.mode is ceu)]
    fitting = [rule for rule in named if rule.in_force(day)]
    if not fitting:
        raise UnknownRule(f"No rule for {credit_type} is in force on {day}.")
    return max(fitting, key=lambda rule: rule.effective_from)


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every shipped rule by its id."""
    return rules_in(files("assessments.credit").joinpath("rules"))


def rules_in(folder: Traversable) -> Mapping[str, Rule]:
    """Every rule of a folder by its id; each file is named after the id. Raises ValueError for one that is wrong."""
    texts = sorted((entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    rules = {name.removesuffix(".toml"): parse_rule(text) for name, text in texts}
    for name, rule in rules.items():
        if rule.id != name:
            raise ValueError(f"The rule in {name}.toml calls itself {rule.id!r}.")
    return rules


@dataclass(frozen=True, slots=True)
class Book:
    """What credit is counted by: how the institution rounds the CEU, and the rules, those that ship unless others are
    given."""

    ceu: Mode = Mode.NEAREST
    rules: Mapping[str, Rule] = field(default_factory=all_rules)

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id. Raises UnknownRule."""
        if rule_id not in self.rules:
            raise UnknownRule(f"There is no credit rule {rule_id!r}.")
        return self.rules[rule_id]

    def on(self, credit_type: str, day: date) -> Rule:
        """The rule of that type in force on `day`. Raises UnknownRule."""
        return rule_on(credit_type, day, self.ceu, self.rules)


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
    if bool(rule.category) != bool(rule.share) or not 0 <= rule.share <= 1:
        raise ValueError(f"Rule {rule.id}: a category and its share, from nothing to 1, are said together.")
    if rule.effective_until is not None and rule.effective_until <= rule.effective_from:
        raise ValueError(f"Rule {rule.id} ends before it begins.")
