"""The knowledge checks of a package as its authors read them, with their answers. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from assessments.assignments.package import ParsedAssignment
from assessments.checks.package import ParsedCheck, ParsedQuestion
from assessments.checks.parts import say_number, say_rules
from assessments.checks.questions import Rules
from courses.coursework import CheckPreview, QuestionPreview


def checks_of(parsed: ParsedAssignment) -> Iterator[CheckPreview]:
    """The checks of one assignment, in order."""
    for requirement in parsed.requirements:
        if requirement.check is not None:
            questions = tuple(_question(one) for one in requirement.check.questions)
            yield CheckPreview(parsed.key, requirement.title, say_rules(_rules(requirement.check)), questions)


def _rules(check: ParsedCheck) -> Rules:
    return Rules(check.ask or len(check.questions), check.shuffle, check.pass_percent, check.max_tries)


def _question(parsed: ParsedQuestion) -> QuestionPreview:
    number, tolerance = Decimal(parsed.number or "0"), Decimal(parsed.tolerance or "0")
    return QuestionPreview(
        prompt_html=parsed.prompt_html,
        options=tuple((option.html, option.right) for option in parsed.options),
        wanted="" if parsed.options else say_number(number, tolerance, parsed.unit),
        feedback_html=parsed.feedback_html,
    )
