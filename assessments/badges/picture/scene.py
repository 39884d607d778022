"""How a badge looks: a medal with a ring of four arcs (the four weeks) and an icon over the title."""

import math
from collections.abc import Iterator
from typing import Final

from assessments.badges.picture import BadgePicture, said
from assessments.badges.picture.fitting import fit, text_width
from assessments.badges.picture.icons import Ink, draw_icon
from assessments.badges.picture.letters import settable
from assessments.badges.picture.shapes import Arc, Bar, Disc, Line, Polygon, Shape
from fourweek.colours import BLACK, VISIBLE, WHITE, Colour, deepen, mix, parse_colour
from fourweek.light import dataclass

_MIDDLE: Final = 300.0
_WEEKS: Final = 4
_PAPER: Final[Colour] = (255, 253, 249)
_INK: Final[Colour] = (29, 33, 41)
_INNER: Final = 226.0
_ICON_MIDDLE: Final = 152.0
_TITLE_MIDDLE: Final = 299.0
_TITLE_HEIGHT: Final = 160.0
_LEADING: Final = 1.16


@dataclass(frozen=True, slots=True)
class _Colours:
    """The institution's colour, dark enough for white text, and its second, bright enough to be seen on it."""

    deep: Colour
    bright: Colour

    def tone(self, share: float) -> Colour:
        return mix(self.deep, self.bright, share)


def compose(picture: BadgePicture) -> tuple[Shape, ...]:
    """The scene of a badge, back to front, in a square of 600. Raises ValueError for a colour that is none."""
    return tuple(_scene(picture))


def _scene(picture: BadgePicture) -> Iterator[Shape]:
    deep = deepen(parse_colour(picture.colour))
    colours = _Colours(deep, parse_colour(picture.accent) if picture.accent else mix(deep, WHITE, 0.78))
    title, institution = settable(said(picture.title)), settable(said(picture.institution))
    yield Disc(_MIDDLE, _MIDDLE, 292, deep)
    yield Disc(_MIDDLE, _MIDDLE, 284, colours.bright)
    yield Disc(_MIDDLE, _MIDDLE, 278, deep)
    yield from _weeks(colours)
    yield Disc(_MIDDLE, _MIDDLE, _INNER + 6, colours.bright)
    yield Disc(_MIDDLE, _MIDDLE, _INNER, _PAPER)
    yield from _icon(picture, colours, alone=not title)
    yield from _title(title)
    yield from _institution(institution, deep)
    yield from _ribbon(settable(said(picture.note)), colours)


def _weeks(colours: _Colours) -> Iterator[Shape]:
    """Four arcs from the lower left round to the lower right, each week brighter; the ribbon lies in the gap."""
    start, end, gap = 136.0, 404.0, 5.0
    length = (end - start - gap * (_WEEKS - 1)) / _WEEKS
    first = mix(colours.deep, WHITE, 0.3)
    for week in range(_WEEKS):
        begin = start + week * (length + gap)
        yield Arc(255, 22, begin, begin + length, mix(first, colours.bright, week / (_WEEKS - 1)))


def _icon(picture: BadgePicture, colours: _Colours, *, alone: bool) -> tuple[Shape, ...]:
    """Over the title, or large in the middle where the title's letters are none that can be set."""
    accent = deepen(parse_colour(picture.accent), VISIBLE) if picture.accent else mix(colours.deep, WHITE, 0.25)
    ink = Ink(dark=colours.deep, light=mix(colours.deep, WHITE, 0.5), accent=accent, paper=_PAPER)
    y, scale = (252.0, 2.3) if alone else (_ICON_MIDDLE, 1.08)
    return draw_icon(picture.icon, ink, x=_MIDDLE, y=y, scale=scale)


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

    fitted = fit(text, room, tuple(range(72, 25, -2)), 4, bold=True)
    for place, line in enumerate(fitted.lines):
        middle = _line_middle(place, len(fitted.lines), fitted.size)
        width = text_width(line, fitted.size, bold=True)
        yield Line(line, _MIDDLE, middle + fitted.size * 0.36, fitted.size, width, _INK, bold=True)


def _line_middle(line: int, count: int, size: float) -> float:
    return _TITLE_MIDDLE + (line - (count - 1) / 2) * size * _LEADING


def _institution(text: str, deep: Colour) -> Iterator[Shape]:
    top, leading = 412.0, 1.25
    fitted = fit(
        text, lambda line, _, size: _chord(top + (line + 0.3) * size * leading, 30), (26, 24, 22, 20, 18), 2, bold=False
    )
    first = top + (8 if len(fitted.lines) == 1 else 0)
    for place, line in enumerate(fitted.lines):
        width = text_width(line, fitted.size, bold=False)
        yield Line(line, _MIDDLE, first + place * fitted.size * leading, fitted.size, width, mix(deep, _INK, 0.35))


def _ribbon(text: str, colours: _Colours) -> Iterator[Shape]:
    """A ribbon across the foot of the medal, with folded ends behind it."""
    fitted = fit(text, lambda *_: 268, (30, 28, 26, 24, 22, 20), 1, bold=True)
    top, height, half, tail = 471.0, 64.0, 160.0, 48.0
    front, behind, fold = (mix(colours.deep, BLACK, share) for share in (0.3, 0.48, 0.68))
    for side in (-1, 1):
        near, far = _MIDDLE + side * (half - 26), _MIDDLE + side * (half + tail)
        upper, lower = top + 16, top + 16 + height
        notch = (far - side * 20, (upper + lower) / 2)
        yield Polygon(((near, upper), (far, upper), notch, (far, lower), (near, lower)), behind)
        yield Polygon(((_MIDDLE + side * half, top + height), (near, top + height), (near, lower)), fold)
    yield Bar(_MIDDLE - half, top, 2 * half, height, 2, front)
    for edge in (top + 5, top + height - 7):
        yield Bar(_MIDDLE - half, edge, 2 * half, 2, 0, colours.tone(0.8))
    for line in fitted.lines:
        width = text_width(line, fitted.size, bold=True)
        yield Line(line, _MIDDLE, top + height / 2 + fitted.size * 0.36, fitted.size, width, WHITE, bold=True)
