"""Sentences that are kept, and sent to programs, in English, and said on a page in the language of its reader."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Self

from courses.schedule.words import say_date
from fourweek.language import ENGLISH, _, speaking

Value = str | int | datetime | tuple[str, ...]
"""What stands in a sentence: a text as it is (or a `Sentence`), a number, an instant, several sentences."""


class Sentence(str):
    """A sentence with values: the English text, which remembers what it is made of, so that `say` can say it anew.

    `message` is marked with `N_` where it is written.
    """

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, Value]

    def __new__(cls, message: str, /, **values: Value) -> Self:
        with speaking(ENGLISH):
            made = super().__new__(cls, _(message, **_said(values)))
        made.message, made.values = message, values
        return made


def say(text: str) -> str:
    """A `Sentence`, or a fixed one, in the language spoken. What nobody marked is said as it is."""
    return _(text.message, **_said(text.values)) if isinstance(text, Sentence) else _(text)


def say_when(instant: datetime) -> str:
    """Such as "Monday 7 December 2026, 09:00 UTC": a verifier sits anywhere."""
    utc = instant.astimezone(UTC)
    return _("{date}, {time} UTC", date=say_date(utc.date()), time=f"{utc:%H:%M}")


def why_of(error: Exception) -> str:
    """What an error says, as it was raised: `str` would forget what a `Sentence` is made of."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, str) else str(error)


def _said(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: _one(value) for name, value in values.items()}


def _one(value: Value) -> object:
    if isinstance(value, datetime):
        return say_when(value)
    if isinstance(value, tuple):
        return " ".join(map(say, value))
    return say(value) if isinstance(value, Sentence) else value
