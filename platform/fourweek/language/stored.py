"""Words that are kept and read later: a notice is written once, and read in the language of whoever reads it.

They are composed when they are kept, in every language, so that a reader needs nothing but the row. What is one text
in all of them is kept as that text, and so are rows of before there were languages.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from fourweek.language import ENGLISH, LANGUAGES, speaking, spoken

Kept = str | dict[str, str]
T = TypeVar("T")


def in_each_language(compose: Callable[[], str]) -> Kept:
    """What `compose` says in each language, for `say`."""
    return _one(_composed(compose))


def lines_in_each_language(compose: Callable[[], Sequence[str]]) -> list[Kept]:
    """Several texts that `compose` says, each for `say`. Languages say equally many."""
    said = _composed(compose)
    return [_one(dict(zip(said, words, strict=True))) for words in zip(*said.values(), strict=True)]


def _composed(compose: Callable[[], T]) -> dict[str, T]:
    said = {}
    for code in LANGUAGES:
        with speaking(code):
            said[code] = compose()
    return said


def _one(said: dict[str, str]) -> Kept:
    return said[ENGLISH] if len(set(said.values())) == 1 else said


def say(kept: object) -> str:
    """Kept words in the language spoken; a text or a number as it is."""
    if not isinstance(kept, Mapping):
        return str(kept)
    return str(kept.get(spoken()) or kept[ENGLISH])
