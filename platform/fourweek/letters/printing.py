"""Which letters the fonts of our documents can print, so that a name without one is caught where it is entered.

`printable.txt` says it for each family of the fonts in `assessments/fonts`, of all its weights; a test compares it with
the fonts' own character maps.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Self

from fourweek.language import _
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass

_JOINERS: Final = "\u200c\u200d"
_MOST_NAMED: Final = 8


@dataclass(frozen=True, slots=True)
class Characters:
    """A set of characters as ranges: those from `starts[n]` to `ends[n]`, both in it. Ranges rise."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __contains__(self, char: str) -> bool:
        place = bisect_right(self.starts, ord(char)) - 1
        return place >= 0 and ord(char) <= self.ends[place]

    def __str__(self) -> str:
        """The ranges in hexadecimal: `20-7E A0`."""
        pairs = zip(self.starts, self.ends, strict=True)
        return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in pairs)

    @classmethod
    def of(cls, points: Iterable[int]) -> Self:
        """Code points, in any order."""
        ranges: list[list[int]] = []
        for point in sorted(set(points)):
            if ranges and ranges[-1][1] == point - 1:
                ranges[-1][1] = point
            else:
                ranges.append([point, point])
        return cls(tuple(first for first, _last in ranges), tuple(last for _first, last in ranges))

    @classmethod
    def read(cls, text: str) -> Self:
        """What `str` wrote."""
        ranges = [part.partition("-") for part in text.split()]
        return cls(
            tuple(int(first, 16) for first, _sign, _last in ranges),
            tuple(int(last or first, 16) for first, _sign, last in ranges),
        )


@cache
def families() -> Mapping[str, Characters]:
    """What each family of fonts can print, by its name, in the order in which they are tried."""
    lines = files("fourweek.letters").joinpath("printable.txt").read_text("ascii").splitlines()
    named = (line.partition(": ") for line in lines)
    return {name: Characters.read(ranges) for name, _colon, ranges in named}


def missing_glyphs(text: str) -> str:
    """The characters of `text`, once each in order, that would print as boxes; empty when all can be printed."""
    return "".join(dict.fromkeys(char for char in clean_text(text) if not is_printable(char)))


@cache
def is_printable(char: str) -> bool:
    """Whether some font has this character, or needs none for it."""
    return char.isascii() or char in _JOINERS or any(char in characters for characters in families().values())


def names_ok(text: str) -> str:
    """What is wrong with the letters of a name or a title, for beside its field; "" when documents can print it."""
    missing = missing_glyphs(text)
    if not missing:
        return ""
    said = ", ".join(f"{char} (U+{ord(char):04X})" for char in missing[:_MOST_NAMED])
    if len(missing) > _MOST_NAMED:
        return _("Transcripts cannot print {said} and others: write this with other letters.", said=said)
    return _("Transcripts cannot print {said}: write this with other letters.", said=said)
