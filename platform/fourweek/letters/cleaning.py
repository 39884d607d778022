"""Text as documents may hold it: composed, on one line, without characters that hide or reorder others."""

import unicodedata
from collections.abc import Iterator

from fourweek.heaps import composed

_JOINERS = "\u200c\u200d"
_VIRAMA = 9
_DROPPED = {"Cc", "Cf", "Cs"}


def clean_text(text: str) -> str:
    """NFC, white space as single spaces, no control, format, bidi or surrogate characters.

    The two zero-width joiners stay where writing needs them: after a virama or between Arabic letters.
    """
    spaced = " ".join(composed(text).split())
    return composed(" ".join("".join(_visible(spaced)).split()))


def _visible(text: str) -> Iterator[str]:
    before = ""
    for char in text:
        if unicodedata.category(char) in _DROPPED and not (char in _JOINERS and _joins(before)):
            continue
        before = char
        yield char


def _joins(before: str) -> bool:
    if not before:
        return False
    return unicodedata.combining(before) == _VIRAMA or unicodedata.name(before, "").startswith("ARABIC LETTER")
