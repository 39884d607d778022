"""What changed from one text to another, word by word. Pure.

Lines are compared first, then the sentences of lines that differ, then the words of sentences that differ. Parts that
are too many to compare with each other are shown as taken out and put in whole, so that no text takes long.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from fourweek.light import dataclass

# The most pairs of parts that are weighed against each other at once.
MOST_PAIRS = 1_000_000
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_SENTENCES = re.compile(r"[^.!?]*[.!?]+\s*|[^.!?]+")
_WORDS = re.compile(r"\S+\s*|\s+")


class Fate(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words with what became of it; never empty."""

    fate: Fate
    text: str


def differences(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts as one. White space alone is no difference: what stayed is shown as it stands in `after`."""
    pieces = [piece for piece in _parts(before, after, (_LINES, _SENTENCES, _WORDS)) if piece.text]
    return tuple(
        Piece(fate, "".join(piece.text for piece in group))
        for fate, group in groupby(pieces, key=lambda piece: piece.fate)
    )


def _parts(before: str, after: str, levels: Sequence[re.Pattern[str]]) -> Iterator[Piece]:
    if not (before and after and levels):
        yield Piece(Fate.REMOVED, before)
        yield Piece(Fate.ADDED, after)
        return
    old, new = levels[0].findall(before), levels[0].findall(after)
    for kind, i, j, k, m in _steps(old, new):
        taken, put = "".join(old[i:j]), "".join(new[k:m])
        if kind == "equal":
            yield Piece(Fate.SAME, put)
        else:
            yield from _parts(taken, put, levels[1:])


def _steps(old: list[str], new: list[str]) -> Iterable[tuple[str, int, int, int, int]]:
    """How one list of parts becomes the other, as difflib says it."""
    a, b = [part.strip() for part in old], [part.strip() for part in new]
    start = _alike(a, b)
    end = _alike(a[start:][::-1], b[start:][::-1])
    last_a, last_b = len(a) - end, len(b) - end
    yield "equal", 0, start, 0, start
    if (last_a - start) * (last_b - start) > MOST_PAIRS:
        yield "replace", start, last_a, start, last_b
    else:
        for kind, i, j, k, m in SequenceMatcher(None, a[start:last_a], b[start:last_b]).get_opcodes():
            yield kind, i + start, j + start, k + start, m + start
    yield "equal", last_a, len(a), last_b, len(b)


def _alike(a: Sequence[str], b: Sequence[str]) -> int:
    """How many parts at the beginning are the same."""
    return next(
        (place for place, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )
