"""Several words as one, as each language joins them (Unicode CLDR, list patterns); for pages and letters."""

import re
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Final

from fourweek.language import LANGUAGES, p_, spoken

Join = Callable[[str, str], str]
_LATIN: Final = re.compile("[A-Za-z\u00c0-\u024f]")
_BEFORE: Final = re.compile(r"\W*")
_SOUNDS_LIKE_I: Final = re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE)
_SOUNDS_LIKE_O: Final = re.compile(r"h?[oó]|8|11(?!\d)", re.IGNORECASE)


def in_a_row(words: Iterable[object]) -> str:
    """Facts or names in a row, such as "90 minutes, module 2, with Ada Byron"; "" for none."""
    return reduce(lambda some, last: p_("list", "{some}, {last}", some=some, last=last), _apart(words) or [""])


def all_of(words: Iterable[object]) -> str:
    """Such as "Pumps, Valves and Motors"; "" for none."""
    return _ended(words, lambda some, last: p_("list with and", "{some}, {last}", some=some, last=last), _and)


def any_of(words: Iterable[object]) -> str:
    """Such as "Pumps, Valves or Motors"; "" for none."""
    return _ended(words, lambda some, last: p_("list with or", "{some}, {last}", some=some, last=last), _or)


def quoted(words: object) -> str:
    """Such as "“Pumps”", in the quotation marks of the language."""
    return p_("in quotation marks", "“{words}”", words=words)


def _ended(words: Iterable[object], between: Join, end: Join) -> str:
    """All joined by `between`, but for the last."""
    *some, last = _apart(words) or [""]
    return end(reduce(between, some), last) if some else last


def _and(some: str, last: str) -> str:
    if spoken() == "es" and _SOUNDS_LIKE_I.match(_sound(last)):
        return " e ".join((some, last))
    return p_("list with and", "{some} and {last}", some=some, last=last)


def _or(some: str, last: str) -> str:
    if spoken() == "es" and _SOUNDS_LIKE_O.match(_sound(last)):
        return " u ".join((some, last))
    return p_("list with or", "{some} or {last}", some=some, last=last)


def _apart(words: Iterable[object]) -> list[str]:
    """The words; between Arabic ones, Latin ones are isolated, or neighbours would be read in the wrong order."""
    said = [str(word) for word in words]
    if LANGUAGES[spoken()].direction == "ltr":
        return said
    return [f"\u2068{word}\u2069" if _LATIN.search(word) else word for word in said]


def _sound(word: str) -> str:
    return _BEFORE.sub("", word, count=1)
