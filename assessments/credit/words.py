"""Credit in words."""

from collections.abc import Callable, Mapping
from typing import Final

from assessments.credit.counting import course_worth
from assessments.credit.rulebook import CEU
from assessments.credit.rules import Mode, Rule, steps_text
from courses.coursework import CountedCourse
from fourweek.language import _, n_

_PARTS: Final = 100
"""Stands for an amount that is no whole number: 17.5 hours are counted as 100 hours are, in every language."""
_IN_WORDS: Final[Mapping[str, Callable[[str, int], str]]] = {
    "CEU": lambda amount, _count: _("{amount} CEU", amount=amount),
    "PDH": lambda amount, count: n_(
        "{amount} professional development hour", "{amount} professional development hours", count, amount=amount
    ),
    "PDH-NC": lambda amount, _count: _("{amount} North Carolina PDH", amount=amount),
    "PDH-ND": lambda amount, _count: _("{amount} North Dakota PDH", amount=amount),
    "LU": lambda amount, count: n_(
        "{amount} AIA learning unit hour", "{amount} AIA learning unit hours", count, amount=amount
    ),
    "HSW": lambda amount, count: n_(
        "{amount} AIA learning unit hour (HSW)", "{amount} AIA learning unit hours (HSW)", count, amount=amount
    ),
    "PDU": lambda amount, count: n_(
        "{amount} PMI professional development unit",
        "{amount} PMI professional development units",
        count,
        amount=amount,
    ),
    "CLOCK": lambda amount, count: n_(
        "{amount} Washington clock hour", "{amount} Washington clock hours", count, amount=amount
    ),
    "NURSING": lambda amount, count: n_(
        "{amount} nursing contact hour", "{amount} nursing contact hours", count, amount=amount
    ),
}


def say_credit(steps: int, rule: Rule) -> str:
    """Such as "1.0 CEU", "17.5 professional development hours" or "1.0 nursing contact hour"."""
    units = steps * rule.step
    count = int(units) if units.denominator == 1 else _PARTS
    say = _IN_WORDS.get(rule.credit_type)
    amount = steps_text(steps, rule)
    return say(amount, count) if say else f"{amount} {rule.credit_type}"


def credit_words(course: CountedCourse, ceu: Mode) -> tuple[str, ...]:
    """What a course is worth in each type it gives, were it completed on its day; the CEU first."""
    modules = [tuple(one.items()) for one in course.modules]
    worth = course_worth(modules, separate=course.separate_events, types=course.types, day=course.day, ceu=ceu)
    return tuple(say_credit(steps, rule) for rule, steps in worth.items() if steps or rule.credit_type == CEU)
