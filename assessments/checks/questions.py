"""A knowledge check as its course declares it: rules and a pool of questions. Pure."""

from decimal import Decimal

from assessments.checks.models import QuestionKind
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """`html` is inline."""

    key: str
    html: str
    right: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the pool; `prompt_html` and `feedback_html` are inline.

    A choice has options in the author's order; a number is right when it is at most `tolerance` from `number`.
    """

    id: str
    key: str
    kind: QuestionKind
    prompt_html: str
    feedback_html: str = ""
    options: tuple[Option, ...] = ()
    number: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    unit: str = ""

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    @property
    def right_keys(self) -> frozenset[str]:
        return frozenset(option.key for option in self.options if option.right)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a check asks: `ask` questions a try, `pass_percent` of them right to pass, `max_tries` an attempt or None."""

    ask: int
    shuffle: bool
    pass_percent: int
    max_tries: int | None

    @property
    def needed(self) -> int:
        """How many of the questions of a try must be right, rounded up to whole questions."""
        return -(-self.ask * self.pass_percent // 100)


@dataclass(frozen=True, slots=True)
class Pool:
    """The rules of one requirement, and all its questions in the author's order."""

    rules: Rules
    questions: tuple[Question, ...]

    def question(self, question_id: str) -> Question:
        """The question of this id; a try holds no others, so that another one raises LookupError."""
        found = next((question for question in self.questions if question.id == question_id), None)
        if found is None:
            raise LookupError(question_id)
        return found
