"""What is wrong with the types of credit that a course package names."""

from assessments.credit.rulebook import CEU, TYPES, all_rules
from assessments.credit.rules import Rule, earns
from courses.packages.models import CreditEvent, ParsedCourse, Problem, Severity
from courses.packages.suggestions import did_you_mean
from fourweek.language import _
from fourweek.language.lists import any_of

OTHERS = tuple(key for key in TYPES if key != CEU)


def credit_problems(course: ParsedCourse) -> list[Problem]:
    """Errors for types that are not known; a warning for one that no event of the course can earn."""
    found = [(words, Severity.ERROR) for key in course.credit.types if (words := _fault(key))]
    found += [(words, Severity.WARNING) for key in course.credit.types if (words := _out_of_reach(course, key))]
    said = course.credit
    line = said.lines.line((*said.path, "types"))
    return [Problem(said.file, line, words, severity) for words, severity in found]


def _fault(key: str) -> str:
    if key == CEU:
        return _("The CEU is always given; name only what is given beside it.")
    if key in OTHERS:
        return ""
    return _('"{name}" is not one of {names}.', name=key[:80], names=any_of(OTHERS)) + did_you_mean(key, OTHERS)


def _out_of_reach(course: ParsedCourse, key: str) -> str:
    rules = [rule for rule in all_rules().values() if rule.credit_type == key and rule.category]
    if not rules or any(_earned(course, rule) for rule in rules):
        return ""
    share = rules[0].share
    return _(
        'Nothing is earned of "{name}": it needs {some} in {all} counted minutes of the category "{category}".',
        name=key,
        some=share.numerator,
        all=share.denominator,
        category=rules[0].category,
    )


def _earned(course: ParsedCourse, rule: Rule) -> bool:
    modules = [tuple(one.counted_by_category(course.credit.category).items()) for one in course.modules]
    events = modules if course.credit.event is CreditEvent.MODULES else [tuple(part for one in modules for part in one)]
    return any(earns(event, rule) for event in events)
