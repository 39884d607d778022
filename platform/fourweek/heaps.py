"""Marks heaped upon one letter, as no writing does it: composing them takes a time that grows with their number
squared."""

import re
import unicodedata
from functools import cache
from typing import Final, Literal

from fourweek.language import N_

MOST: Final = 64
"""In a row; the longest that any language writes are shorter by far (Unicode, annex 15, takes 30 to be enough)."""
_LAST: Final = 0x1FFFF
"""No mark has a higher number."""
HEAPED: Final = N_('"{name}" heaps very many marks upon one letter. Leave them out.')
"""Of a file that is not taken."""


def heaped(text: str) -> bool:
    """Whether more marks follow one another than may."""
    if text.isascii() or _marks().isdisjoint(text[::MOST]):  # no heap fits between two of these
        return False
    return _heap().search(text) is not None


def composed(text: str, form: Literal["NFC", "NFKC"] = "NFC") -> str:
    """The text in a composed form; as it is where it heaps marks. For all that comes by another way than a form."""
    return text if heaped(text) else unicodedata.normalize(form, text)


@cache
def _marks() -> frozenset[str]:
    return frozenset(chr(code) for code in range(0x80, _LAST) if _is_mark(chr(code)))


@cache
def _heap() -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(_marks()))}]{{{MOST + 1}}}")


def _is_mark(char: str) -> bool:
    """What composing may move before or behind its neighbours, and what is taken apart into such."""
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) != 0
