"""Setting text into a given room: the greatest size at which it fits, broken into lines at its words."""

import math
from collections.abc import Callable
from functools import cache
from importlib.resources import as_file, files
from typing import Final

from PIL import ImageFont

from fourweek.light import dataclass

_PROBE: Final = 200  # metrics are taken at this size and scaled, so that both outputs break lines alike
_FONTS: Final = {False: "NotoSans-Regular.ttf", True: "NotoSans-Bold.ttf"}
_ELLIPSIS: Final = "…"
_SOFT: Final = "\u00ad"
_SHORTEST_PIECE: Final = 4


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit, and the size they are set in."""

    lines: tuple[str, ...]
    size: float


@cache
def font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    """The vendored font at a size in pixels."""
    with as_file(files("assessments").joinpath("fonts", _FONTS[bold])) as path:
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: float, *, bold: bool) -> float:
    """How wide the text is at that size."""
    return font(_PROBE, bold=bold).getlength(text) * size / _PROBE


def fit(
    text: str, room: Callable[[int, int, float], float], sizes: tuple[int, ...], most: int, *, bold: bool
) -> Fitted:
    """Break `text` into at most `most` lines at the first of `sizes` (largest first) at which it fits.

    `room(line, count, size)` is the width there is for one line of so many. Words too long for any size are parted
    with a hyphen; what fits at no size even so is cut short with an ellipsis at the smallest.
    """
    words = text.split()
    if not words:
        return Fitted((), sizes[0])
    for parted in (False, True):
        for size in sizes:
            for count in range(1, most + 1):
                widths = [room(line, count, size) for line in range(count)]
                pieces = _parted(words, min(widths), size, bold=bold) if parted else words
                lines = _broken(pieces, widths, size, bold=bold)
                if lines is not None:
                    return Fitted(lines, size)
    return _cut(words, [room(line, most, sizes[-1]) for line in range(most)], sizes[-1], bold=bold)


def _parted(words: list[str], width: float, size: float, *, bold: bool) -> list[str]:
    """The words, those wider than `width` in pieces of about one length; a soft hyphen stands where one was parted."""
    found: list[str] = []
    for word in words:
        parts = math.ceil(text_width(word, size, bold=bold) / max(width - text_width("-", size, bold=bold), 1))
        each = max(_SHORTEST_PIECE, math.ceil(len(word) / parts))
        pieces = [word[start : start + each] for start in range(0, len(word), each)] if parts > 1 else [word]
        found += [piece + _SOFT for piece in pieces[:-1]] + pieces[-1:]
    return found


def _joined(words: list[str]) -> str:
    line = " ".join(words).replace(f"{_SOFT} ", "")
    return line[:-1] + "-" if line.endswith(_SOFT) else line


def _broken(words: list[str], widths: list[float], size: float, *, bold: bool) -> tuple[str, ...] | None:
    """The words over exactly these lines with the widest line as narrow as can be; None if they do not fit."""
    if len(widths) == 1:
        line = _joined(words)
        return (line,) if text_width(line, size, bold=bold) <= widths[0] else None
    found: list[tuple[float, tuple[str, ...]]] = []
    for cut in range(1, len(words)):
        first = _joined(words[:cut])
        width = text_width(first, size, bold=bold)
        if width > widths[0]:
            break
        rest = _broken(words[cut:], widths[1:], size, bold=bold)
        if rest is not None:
            widest = max(width, *(text_width(line, size, bold=bold) for line in rest))
            found.append((widest, (first, *rest)))
    return min(found)[1] if found else None


def _cut(words: list[str], widths: list[float], size: float, *, bold: bool) -> Fitted:
    lines: list[str] = []
    left = words
    for place, width in enumerate(widths):
        line, left = _fill(left, width, size, bold=bold)
        last = place == len(widths) - 1
        lines.append(_shorten(line, width, size, bold=bold) if left and last else line)
        if not left:
            break
    return Fitted(tuple(lines), size)


def _fill(words: list[str], width: float, size: float, *, bold: bool) -> tuple[str, list[str]]:
    """As many words as the line takes, at least one (itself cut if it is too long), and the words left."""
    count = 1
    while count < len(words) and text_width(" ".join(words[: count + 1]), size, bold=bold) <= width:
        count += 1
    line = " ".join(words[:count])
    if text_width(line, size, bold=bold) > width:
        line = _shorten(line, width, size, bold=bold)
    return line, words[count:]


def _shorten(line: str, width: float, size: float, *, bold: bool) -> str:
    kept = line.removesuffix(_ELLIPSIS)
    while kept and text_width(kept + _ELLIPSIS, size, bold=bold) > width:
        kept = kept[:-1].rstrip()
    return kept + _ELLIPSIS
