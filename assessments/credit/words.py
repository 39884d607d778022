"""Credit in words."""

from assessments.credit.counting import course_worth
from assessments.credit.rulebook import CEU, TYPES
from assessments.credit.rules import Mode, Rule, steps_text
from courses.coursework import CountedCourse


def say_credit(steps: int, rule: Rule) -> str:
    """Such as "1.0 CEU", "17.5 professional development hours" or "1.0 nursing contact hour"."""
    kind = TYPES[rule.credit_type]
    noun = kind.short if kind.key == CEU else kind.title if steps * rule.step == 1 else kind.plural
    return f"{steps_text(steps, rule)} {noun}"


def credit_words(course: CountedCourse, ceu: Mode) -> tuple[str, ...]:
    """What a course is worth in each type it gives, were it completed on its day; the CEU first."""
    modules = [tuple(one.items()) for one in course.modules]
    worth = course_worth(modules, separate=course.separate_events, types=course.types, day=course.day, ceu=ceu)
    return tuple(say_credit(steps, rule) for rule, steps in worth.items() if steps or rule.credit_type == CEU)
