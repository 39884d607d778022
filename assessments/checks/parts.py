"""The parts of a check's pages: questions to answer, questions that were answered, tries in a list. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from assessments.checks.answers import mark_of, shown
from assessments.checks.marking import is_right
from assessments.checks.models import QuestionKind
from assessments.checks.queries import Sheet
from assessments.checks.questions import Pool, Question, Rules
from assessments.checks.standing import CheckStanding, Done
from assessments.checks.views import AnsweredView, AskedView, OptionView, ShownOption
from fourweek.language import NP_, _, n_
from fourweek.language.lists import all_of

PASSED, NOT_PASSED, OPEN = (
    (NP_("a try", "Passed"), "good"),
    (NP_("a try", "Not passed"), "warn"),
    (NP_("a try", "Begun"), "info"),
)


def say_rules(rules: Rules) -> str:
    """How the check asks, in two sentences."""
    if rules.ask == 1:
        asks = _("1 question; it must be right to pass.")
    else:
        asks = n_(
            "{count} question; {needed} must be right to pass.",
            "{count} questions; {needed} must be right to pass.",
            rules.ask,
            needed=rules.needed,
        )
    return f"{asks} {say_tries(rules)}"


def say_tries(rules: Rules) -> str:
    if rules.max_tries is None:
        return _("You may try as often as you like.")
    return n_("One try.", "Up to {count} tries.", rules.max_tries)


def outcome(done: Done) -> tuple[str, str]:
    """The state of a try in words, and its tone."""
    if done.finished_at is None:
        words, tone = OPEN
    else:
        words, tone = PASSED if done.passed else NOT_PASSED
    return _(words), tone


def tone_of(stands: CheckStanding) -> str:
    if stands.passed_by is not None:
        return "good"
    if stands.open is not None:
        return "info"
    return "plain" if stands.last is None else "warn"


def asked_views(
    pool: Pool,
    sheet: Sheet,
    sent: Mapping[int, tuple[str, ...]],
    wrong: Mapping[int, str],
    others: Mapping[int, tuple[str, ...]],
) -> tuple[AskedView, ...]:
    """The questions of an open try; `sent` are values that were sent and not kept, by the place of their question."""
    views = []
    for place, (question_id, keys) in enumerate(sheet.drawn, 1):
        question = pool.question(question_id)
        kept = shown(question, keys, sheet.answers.get(question_id, ()))
        values = sent.get(place, kept) if place in wrong or place in others else kept
        views.append(
            AskedView(
                place=place,
                kind=question.kind.value,
                prompt_html=question.prompt_html,
                options=_options(question, keys, values),
                value=next(iter(values), "") if question.kind is QuestionKind.NUMBER else "",
                unit=question.unit,
                seen=mark_of(kept),
                error=wrong.get(place, ""),
                other=say_values(others[place], question) if place in others else None,
            )
        )
    return tuple(views)


def _options(question: Question, keys: Sequence[str], values: Sequence[str]) -> tuple[OptionView, ...]:
    found = (question.option(key) for key in keys)
    return tuple(
        OptionView(str(place), option.html, str(place) in values) for place, option in enumerate(found, 1) if option
    )


def say_values(values: Sequence[str], question: Question) -> str:
    """Values of the page in words, such as "options 2 and 3"; options are numbered as they are shown."""
    if not values:
        return _("no answer")
    if question.kind is QuestionKind.NUMBER:
        return values[0]
    if len(values) == 1:
        return _("option {number}", number=values[0])
    return _("options {numbers}", numbers=all_of(values))


def answered_views(pool: Pool, sheet: Sheet, *, told: bool, key: bool) -> tuple[AnsweredView, ...]:
    """What a try asked and what was answered. `told`: which answers were right; `key`: what would have been."""
    return tuple(_answered(pool.question(one), keys, sheet, told, key) for one, keys in sheet.drawn)


def _answered(question: Question, keys: Sequence[str], sheet: Sheet, told: bool, key: bool) -> AnsweredView:  # noqa: FBT001
    answer = sheet.answers.get(question.id, [])
    options = [option for each in keys if (option := question.option(each))]
    is_number = question.kind is QuestionKind.NUMBER
    return AnsweredView(
        prompt_html=question.prompt_html,
        options=tuple(ShownOption(one.html, one.key in answer, one.right if key else None) for one in options),
        given=" ".join([*answer, question.unit]).strip() if is_number and answer else "",
        right=is_right(question, answer) if told else None,
        wanted=say_number(question.number, question.tolerance, question.unit) if is_number and key else "",
        feedback_html=question.feedback_html if told else "",
    )


def say_number(number: Decimal, tolerance: Decimal, unit: str) -> str:
    """A right number with what is allowed around it."""
    around = f" ± {tolerance:f}" if tolerance else ""
    return f"{number:f}{around} {unit}".strip()
