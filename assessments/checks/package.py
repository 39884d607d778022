"""The knowledge check of a course package: how it asks, and its questions. Pure."""

from decimal import Decimal

from assessments.checks.models import QuestionKind
from assessments.checks.numbers import LONGEST, read_strict
from courses.packages.fields import Fields, without_repeats
from fourweek.language import _, n_
from fourweek.light import dataclass

SHORT, LONG = 500, 2_000
MOST_QUESTIONS = 100
MOST_ASKED = 40
MOST_TRIES = 20
FEWEST_OPTIONS, MOST_OPTIONS = 2, 10
LETTERS = "abcdefghij"
CHECK_OPTIONS = ("ask", "shuffle", "pass_percent", "max_tries", "question")
_OWNERS: dict[str, tuple[QuestionKind, ...]] = {
    "options": (QuestionKind.ONE, QuestionKind.SEVERAL),
    "number": (QuestionKind.NUMBER,),
    "tolerance": (QuestionKind.NUMBER,),
    "unit": (QuestionKind.NUMBER,),
}


@dataclass(frozen=True, slots=True)
class ParsedOption:
    """`key` is a letter by the author's order; learners never see it."""

    key: str
    html: str
    right: bool


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """`number` and `tolerance` are decimals as text, "" for choices; HTML is inline."""

    key: str
    kind: QuestionKind
    prompt_html: str
    options: tuple[ParsedOption, ...]
    number: str
    tolerance: str
    unit: str
    feedback_html: str


@dataclass(frozen=True, slots=True)
class ParsedCheck:
    """`ask` None means all questions, `max_tries` None no limit."""

    ask: int | None
    shuffle: bool
    pass_percent: int
    max_tries: int | None
    questions: tuple[ParsedQuestion, ...]


def read_check(fields: Fields) -> ParsedCheck:
    """The check of one requirement; what is wrong is said in its document."""
    tables = fields.many("question", least=1)
    questions = tuple(_question(entry) for entry in tables)
    without_repeats(zip(tables, [one.key for one in questions], strict=True), "question")
    if len(questions) > MOST_QUESTIONS:
        fields.say(
            "question",
            n_(
                "There is {count} question; at most {most} fit.",
                "There are {count} questions; at most {most} fit.",
                len(questions),
                most=MOST_QUESTIONS,
            ),
        )
    ask = fields.whole("ask", most=MOST_ASKED)
    if ask is not None and questions and ask > len(questions):
        fields.say(
            "ask",
            n_(
                '"ask" is {ask}, and there is only {count} question.',
                '"ask" is {ask}, and there are only {count} questions.',
                len(questions),
                ask=ask,
            ),
        )
    if "ask" not in fields.table and len(questions) > MOST_ASKED:
        fields.say(
            "question",
            n_(
                'A try asks at most {count} question; say with "ask" how many to draw.',
                'A try asks at most {count} questions; say with "ask" how many to draw.',
                MOST_ASKED,
            ),
        )
    return ParsedCheck(
        ask=ask,
        shuffle=fields.flag("shuffle", default=True),
        pass_percent=fields.whole("pass_percent", required=True, most=100) or 100,
        max_tries=fields.whole("max_tries", most=MOST_TRIES),
        questions=questions,
    )


def _question(fields: Fields) -> ParsedQuestion:
    kind = fields.choice("kind", QuestionKind.ONE)
    is_number = kind is QuestionKind.NUMBER
    for name, owners in _OWNERS.items():
        if name in fields.table and kind not in owners:
            words = _(
                '"{name}" belongs to a question of kind "{owner}"; this one is "{kind}".',
                name=name,
                owner=owners[0],
                kind=kind,
            )
            fields.say(name, words)
    question = ParsedQuestion(
        key=fields.key("key"),
        kind=kind,
        prompt_html=_inline(fields, "prompt", fields.text("prompt", longest=LONG)),
        options=() if is_number else _options(fields, kind),
        number=_decimal(fields, "number", required=True) if is_number else "",
        tolerance=_tolerance(fields) if is_number else "",
        unit=fields.text("unit", required=False, longest=LONGEST) if is_number else "",
        feedback_html=_inline(fields, "feedback", fields.text("feedback", required=False, longest=LONG)),
    )
    fields.finish(also=_OWNERS)
    return question


def _options(fields: Fields, kind: QuestionKind) -> tuple[ParsedOption, ...]:
    tables = fields.many("options")
    if not FEWEST_OPTIONS <= len(tables) <= MOST_OPTIONS:
        words = _(
            "A question of choice has {fewest} to {most} options; this one has {number}.",
            fewest=FEWEST_OPTIONS,
            most=MOST_OPTIONS,
            number=len(tables),
        )
        fields.say("options", words)
    texts = [entry.text("text", longest=SHORT) for entry in tables]
    without_repeats(zip(tables, texts, strict=True), "option", "text")
    options = tuple(
        ParsedOption(key, _inline(entry, "text", text), entry.flag("right", default=False))
        for key, entry, text in zip(LETTERS, tables, texts, strict=False)
    )
    for entry in tables[: len(LETTERS)]:
        entry.finish()
    _right_ones(fields, kind, sum(option.right for option in options))
    return options


def _right_ones(fields: Fields, kind: QuestionKind, right: int) -> None:
    if not right:
        fields.say("options", _("No option is right; mark one with right = true."))
    elif kind is QuestionKind.ONE and right > 1:
        words = n_(
            '{count} option is right; a question of kind "one" has one. Use kind = "several".',
            '{count} options are right; a question of kind "one" has one. Use kind = "several".',
            right,
        )
        fields.say("options", words)


def _tolerance(fields: Fields) -> str:
    tolerance = _decimal(fields, "tolerance", required=False) or "0"
    if Decimal(tolerance) < 0:
        fields.say("tolerance", _('"tolerance" is {number}; it cannot be below 0.', number=tolerance))
    return tolerance


def _decimal(fields: Fields, key: str, *, required: bool) -> str:
    """A decimal in quotes, so that it stays exact; "" where it is missing or wrong."""
    text = fields.text(key, required=required)
    if text and read_strict(text) is None:
        words = n_(
            '"{text}" is no decimal number; write it as "12.5", at most {count} character.',
            '"{text}" is no decimal number; write it as "12.5", at most {count} characters.',
            LONGEST,
            text=text[:LONGEST],
        )
        fields.say(key, words)
        return ""
    return text


def _inline(fields: Fields, key: str, text: str) -> str:
    """One paragraph of Markdown, which stands at `key`, as inline HTML."""
    from courses.packages.prompts import render_prompt  # noqa: PLC0415 a server's start needs no Markdown

    html, problems = render_prompt(fields.document, (*fields.path, key), text)
    fields.document.problems += problems
    return html
