"""Answers between the page, which numbers options as it shows them, and the try, which knows them by their keys. Pure.

A page never holds an option's key: keys follow the author's order, and authors may put what is right first.
"""

from collections.abc import Iterable, Sequence

from assessments.checks.models import QuestionKind
from assessments.checks.numbers import LONGEST
from assessments.checks.questions import Question
from fourweek.language import n_
from fourweek.light import dataclass

ANSWER, SEEN = "answer-", "seen-"


@dataclass(frozen=True, slots=True)
class Answered:
    """What was sent for the question at `place`, counted from 1; `seen` is what the page showed as saved before."""

    place: int
    values: tuple[str, ...]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """A sent form: it was made for try `number` of attempt `attempt`."""

    attempt: int
    number: int
    answers: tuple[Answered, ...] = ()


def sent_from(fields: Sequence[tuple[str, str]]) -> Sent:
    """The form's fields as values. A question is answered by this form if it says what it showed before."""
    form = dict(fields)
    places = sorted({place for name in form if (place := _whole(name.removeprefix(SEEN))) and name.startswith(SEEN)})
    answers = (
        Answered(place, tuple(value for name, value in fields if name == f"{ANSWER}{place}"), form[f"{SEEN}{place}"])
        for place in places
    )
    return Sent(_whole(form.get("attempt", "")), _whole(form.get("try", "")), tuple(answers))


def stored(question: Question, keys: Sequence[str], values: Iterable[str]) -> list[str]:
    """An answer as it is kept, from the values of a page: keys of options in the order shown, or a number as typed."""
    if question.kind is QuestionKind.NUMBER:
        typed = "".join(char for char in next(iter(values), "") if char.isprintable()).strip()
        return [typed] if typed else []
    chosen = set(values)
    found = [key for place, key in enumerate(keys, 1) if str(place) in chosen]
    return found[:1] if question.kind is QuestionKind.ONE else found


def shown(question: Question, keys: Sequence[str], answer: Sequence[str]) -> tuple[str, ...]:
    """The values of the page for an answer that is kept; the other way round from `stored`."""
    if question.kind is QuestionKind.NUMBER:
        return tuple(answer)
    return tuple(str(place) for place, key in enumerate(keys, 1) if key in answer)


def mark_of(values: Iterable[str]) -> str:
    """What a page remembers of the answer it was made with; "" for none."""
    return " ".join(values)


def refused(answer: Sequence[str], question: Question) -> str:
    """Why this is more than can be kept; "" when it can."""
    too_long = question.kind is QuestionKind.NUMBER and any(len(typed) > LONGEST for typed in answer)
    if not too_long:
        return ""
    return n_(
        "This is longer than {count} character and was not saved. Write the number alone.",
        "This is longer than {count} characters and was not saved. Write the number alone.",
        LONGEST,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
