"""How a badge looks: a medal with a ring of four arcs (the four weeks) and a star of four points over the title."""

import math
from collections.abc import Iterator
from typing import Final

from assessments.badges.picture import BadgePicture, said
from assessments.badges.picture.colours import BLACK, WHITE, Colour, deepen, mix, parse_colour
from assessments.badges.picture.fitting import fit, text_width
from assessments.badges.picture.shapes import Arc, Bar, Disc, Line, Polygon, Shape

_MIDDLE: Final = 300.0
_WEEKS: Final = 4
_PAPER: Final[Colour] = (255, 253, 249)
_INK: Final[Colour] = (29, 33, 41)
_INNER: Final = 226.0
_TITLE_MIDDLE: Final = 293.0
_TITLE_HEIGHT: Final = 156.0
_LEADING: Final = 1.16


def compose(picture: BadgePicture) -> tuple[Shape, ...]:
    """The scene of a badge, back to front, in a square of 600."""
    return tuple(_scene(picture))


def _scene(picture: BadgePicture) -> Iterator[Shape]:
    base = parse_colour(picture.colour)
    deep = deepen(base)
    yield Disc(_MIDDLE, _MIDDLE, 292, deep)
    yield Disc(_MIDDLE, _MIDDLE, 284, mix(deep, WHITE, 0.9))
    yield Disc(_MIDDLE, _MIDDLE, 278, deep)
    yield from _weeks(deep)
    yield Disc(_MIDDLE, _MIDDLE, _INNER + 6, mix(deep, WHITE, 0.78))
    yield Disc(_MIDDLE, _MIDDLE, _INNER, _PAPER)
    yield from _star(deep)
    yield from _title(said(picture.title))
    yield from _institution(said(picture.institution), deep)
    yield from _ribbon(said(picture.note), deep)


def _weeks(deep: Colour) -> Iterator[Shape]:
    """Four arcs from the lower left round to the lower right, each week brighter; the ribbon lies in the gap."""
    start, end, gap = 136.0, 404.0, 5.0
    length = (end - start - gap * (_WEEKS - 1)) / _WEEKS
    for week in range(_WEEKS):
        begin = start + week * (length + gap)
        yield Arc(255, 22, begin, begin + length, mix(deep, WHITE, 0.3 + 0.17 * week))


def _star(deep: Colour) -> Iterator[Shape]:
    """A star of four points, each with a lit and a shaded side."""
    x, y, long, short = _MIDDLE, 146.0, 52.0, 16.0
    for point in range(_WEEKS):
        angle = math.radians(90 * point - 90)
        tip = (x + long * math.cos(angle), y + long * math.sin(angle))
        for side, tint in ((-1, mix(deep, WHITE, 0.5)), (1, deep)):
            turned = angle + side * math.pi / 4
            notch = (x + short * math.cos(turned), y + short * math.sin(turned))
            yield Polygon(((x, y), tip, notch), tint)


def _chord(y: float, margin: float) -> float:
    """How wide the inner disc is at that height, with a margin on both sides."""
    away = min(abs(y - _MIDDLE), _INNER - margin)
    return 2 * math.sqrt((_INNER - margin) ** 2 - away**2)


def _title(text: str) -> Iterator[Shape]:
    def room(line: int, count: int, size: float) -> float:
        if count * size * _LEADING > _TITLE_HEIGHT:
            return 0
        middle = _line_middle(line, count, size)
        return min(_chord(middle - size / 2, 26), _chord(middle + size / 2, 26))

    fitted = fit(text, room, tuple(range(60, 25, -2)), 4, bold=True)
    for place, line in enumerate(fitted.lines):
        middle = _line_middle(place, len(fitted.lines), fitted.size)
        width = text_width(line, fitted.size, bold=True)
        yield Line(line, _MIDDLE, middle + fitted.size * 0.36, fitted.size, width, _INK, bold=True)


def _line_middle(line: int, count: int, size: float) -> float:
    return _TITLE_MIDDLE + (line - (count - 1) / 2) * size * _LEADING


def _institution(text: str, deep: Colour) -> Iterator[Shape]:
    top, leading = 408.0, 1.25
    fitted = fit(
        text, lambda line, _, size: _chord(top + (line + 0.3) * size * leading, 30), (26, 24, 22, 20, 18), 2, bold=False
    )
    for place, line in enumerate(fitted.lines):
        width = text_width(line, fitted.size, bold=False)
        yield Line(line, _MIDDLE, top + place * fitted.size * leading, fitted.size, width, mix(deep, _INK, 0.35))


def _ribbon(text: str, deep: Colour) -> Iterator[Shape]:
    """A ribbon across the foot of the medal, with folded ends behind it."""
    fitted = fit(text, lambda *_: 268, (30, 28, 26, 24, 22, 20), 1, bold=True)
    top, height, half, tail = 471.0, 64.0, 160.0, 48.0
    front, behind, fold = (mix(deep, BLACK, share) for share in (0.3, 0.48, 0.68))
    for side in (-1, 1):
        near, far = _MIDDLE + side * (half - 26), _MIDDLE + side * (half + tail)
        upper, lower = top + 16, top + 16 + height
        notch = (far - side * 20, (upper + lower) / 2)
        yield Polygon(((near, upper), (far, upper), notch, (far, lower), (near, lower)), behind)
        yield Polygon(((_MIDDLE + side * half, top + height), (near, top + height), (near, lower)), fold)
    yield Bar(_MIDDLE - half, top, 2 * half, height, 2, front)
    for edge in (top + 5, top + height - 7):
        yield Bar(_MIDDLE - half, edge, 2 * half, 2, 0, mix(deep, WHITE, 0.55))
    for line in fitted.lines:
        width = text_width(line, fitted.size, bold=True)
        yield Line(line, _MIDDLE, top + height / 2 + fitted.size * 0.36, fitted.size, width, WHITE, bold=True)
