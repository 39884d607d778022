"""Drawing the questions of a try, and marking what was answered. Pure."""

from collections.abc import Mapping, Sequence
from random import Random

from assessments.checks.models import QuestionKind
from assessments.checks.numbers import Unreadable, is_near, read_number
from assessments.checks.questions import Pool, Question
from fourweek.language import _
from fourweek.light import dataclass

Drawn = list[tuple[str, list[str]]]
"""What a try asks: (question id, keys of its options in the order shown), in order."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished try came to."""

    asked: int
    right: int
    needed: int

    @property
    def passed(self) -> bool:
        return self.right >= self.needed


def draw(pool: Pool, seed: bytes) -> Drawn:
    """The questions of one try. The same seed draws the same; without `shuffle` the author's order is kept."""
    chance = Random(seed)  # noqa: S311 the seed is secret and used once; nothing is signed with it
    places = chance.sample(range(len(pool.questions)), pool.rules.ask)
    if not pool.rules.shuffle:
        places.sort()
    return [(pool.questions[place].id, _options(pool.questions[place], pool, chance)) for place in places]


def _options(question: Question, pool: Pool, chance: Random) -> list[str]:
    keys = [option.key for option in question.options]
    if pool.rules.shuffle:
        chance.shuffle(keys)
    return keys


def answer_problem(question: Question, answer: Sequence[str]) -> str:
    """Why this cannot be marked yet; "" when it can. `answer` holds option keys, or one number as typed."""
    if not answer:
        return _("There is no answer yet.")
    if question.kind is QuestionKind.NUMBER:
        try:
            read_number(answer[0], question.unit)
        except Unreadable as error:
            return str(error)
    return ""


def is_right(question: Question, answer: Sequence[str]) -> bool:
    """Whether an answer is right: the one option, exactly the right ones, or a number within the tolerance."""
    if question.kind is QuestionKind.NUMBER:
        return bool(answer) and _is_right_number(question, answer[0])
    return bool(question.right_keys) and frozenset(answer) == question.right_keys


def _is_right_number(question: Question, typed: str) -> bool:
    try:
        return is_near(read_number(typed, question.unit), question.number, question.tolerance)
    except Unreadable:
        return False


def mark(pool: Pool, drawn: Drawn, answers: Mapping[str, Sequence[str]]) -> Result:
    """Mark a whole try; a question without an answer is not right."""
    right = sum(is_right(pool.question(one), answers.get(one, ())) for one, _shown in drawn)
    return Result(len(drawn), right, pool.rules.needed)
