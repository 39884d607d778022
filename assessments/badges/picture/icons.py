"""The icons a badge may bear, drawn by ourselves: shapes around the origin in a square of 100, back to front."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from assessments.badges.picture.curves import Points, arc, bezier, mirrored, turned
from assessments.badges.picture.shapes import Bar, Disc, Polygon, Shape, Stroke
from fourweek.colours import Colour
from fourweek.light import dataclass

STAR: Final = "star"


@dataclass(frozen=True, slots=True)
class Ink:
    """What an icon is drawn with: its main colour, a lighter tone, the second colour, and the ground it stands on."""

    dark: Colour
    light: Colour
    accent: Colour
    paper: Colour


def draw_icon(name: str, ink: Ink, *, x: float, y: float, scale: float) -> tuple[Shape, ...]:
    """The shapes of an icon with its middle at (x, y); the star for a name that is none."""
    return tuple(_placed(shape, x, y, scale) for shape in _ICONS.get(name, _star)(ink))


def _placed(shape: Shape, x: float, y: float, scale: float) -> Shape:
    match shape:
        case Disc():
            return replace(shape, x=x + shape.x * scale, y=y + shape.y * scale, radius=shape.radius * scale)
        case Polygon():
            return replace(shape, points=_moved(shape.points, x, y, scale))
        case Stroke():
            return replace(shape, points=_moved(shape.points, x, y, scale), width=shape.width * scale)
        case Bar():
            left, top, radius = x + shape.x * scale, y + shape.y * scale, shape.radius * scale
            return Bar(left, top, shape.width * scale, shape.height * scale, radius, shape.fill)
    raise ValueError(f"An icon is not made of {shape!r}.")


def _moved(points: Points, x: float, y: float, scale: float) -> Points:
    return tuple((x + px * scale, y + py * scale) for px, py in points)


def _star(ink: Ink) -> Iterator[Shape]:
    """Four points, each with a lit and a shaded side."""
    for point in range(4):
        angle = math.radians(90 * point - 90)
        tip = (50 * math.cos(angle), 50 * math.sin(angle))
        for side, tint in ((-1, ink.light), (1, ink.dark)):
            away = angle + side * math.pi / 4
            yield Polygon(((0, 0), tip, (15 * math.cos(away), 15 * math.sin(away))), tint)
    yield Disc(0, 0, 6, ink.accent)


def _compass(ink: Ink) -> Iterator[Shape]:
    yield Disc(0, 0, 48, ink.dark)
    yield Disc(0, 0, 39, ink.paper)
    for quarter in range(4):
        yield Stroke(turned(((0, -33), (0, -29)), 90 * quarter), 5, ink.light)
    yield Polygon(turned(((0, -30), (9, 0), (-9, 0)), 38), ink.accent)
    yield Polygon(turned(((0, 30), (9, 0), (-9, 0)), 38), ink.dark)
    yield Disc(0, 0, 4, ink.paper)


def _pen(ink: Ink) -> Iterator[Shape]:
    """A nib that has just written a line."""
    side = bezier((11, -30), (15, -8), (24, 0), (0, 44))
    yield Polygon(turned((*side, (-11, -30), *reversed(mirrored(side))), 35), ink.dark)
    yield Polygon(turned(((-11, -47), (11, -47), (11, -34), (-11, -34)), 35), ink.accent)
    yield Stroke(turned(((0, 38), (0, 6)), 35), 3, ink.paper)
    yield Disc(*turned(((0, 3),), 35)[0], 5, ink.paper)
    yield Stroke(((-20, 46), (34, 46)), 6, ink.light)


def _gear(ink: Ink) -> Iterator[Shape]:
    corners: list[tuple[float, float]] = []
    for tooth in range(8):
        middle = 45 * tooth
        for radius, angle in ((36, -13), (49, -8), (49, 8), (36, 13)):
            away = math.radians(middle + angle)
            corners.append((radius * math.cos(away), radius * math.sin(away)))
    yield Polygon(tuple(corners), ink.dark)
    yield Disc(0, 0, 37, ink.dark)
    yield Disc(0, 0, 24, ink.light)
    yield Disc(0, 0, 17, ink.paper)
    yield Disc(0, 0, 8, ink.accent)


def _flask(ink: Ink) -> Iterator[Shape]:
    yield Polygon(((-11, -40), (11, -40), (11, -12), (38, 36), (34, 46), (-34, 46), (-38, 36), (-11, -12)), ink.dark)
    yield Polygon(((-4, -36), (4, -36), (4, -10), (29, 35), (27, 38), (-27, 38), (-29, 35), (-4, -10)), ink.paper)
    yield Polygon(((-16, 11), (16, 11), (29, 35), (27, 38), (-27, 38), (-29, 35)), ink.accent)
    yield Bar(-18, -48, 36, 10, 5, ink.dark)
    yield Disc(-7, 26, 5, ink.paper)
    yield Disc(9, 21, 3, ink.paper)
    yield Disc(2, -4, 3, ink.light)


def _chart(ink: Ink) -> Iterator[Shape]:
    for place, (height, tint) in enumerate(((28, ink.light), (44, ink.light), (62, ink.dark))):
        yield Bar(-44 + 32 * place, 46 - height, 24, height, 3, tint)
    yield Stroke(((-36, -2), (-6, -20), (8, -12), (38, -42)), 6, ink.accent)
    yield Disc(38, -42, 8, ink.accent)


def _shield(ink: Ink) -> Iterator[Shape]:
    right = (
        (0, -48),
        *bezier((0, -48), (14, -38), (28, -34), (41, -34)),
        *bezier((41, -34), (42, 10), (28, 34), (0, 49)),
    )
    yield Polygon(right, ink.dark)
    yield Polygon(mirrored(right), ink.light)
    yield Stroke(((-17, 0), (-4, 14), (19, -15)), 9, ink.paper)


def _bridge(ink: Ink) -> Iterator[Shape]:
    cable = tuple((float(x), 8 - 44 * (x / 24) ** 2) for x in range(-24, 25, 2))
    for side in (-1, 1):
        yield Stroke(((side * 24, -36), (side * 48, 8)), 4, ink.light)
        yield Stroke(((side * 36, -14), (side * 36, 12)), 3, ink.light)
    yield Stroke(cable, 4, ink.light)
    for x in (-12, 0, 12):
        yield Stroke(((x, 8 - 44 * (x / 24) ** 2), (x, 12)), 3, ink.light)
    for side in (-24, 24):
        yield Bar(side - 5, -44, 10, 78, 3, ink.dark)
    yield Bar(-50, 10, 100, 10, 3, ink.dark)
    yield Stroke(_sine(42, 4, 50), 5, ink.accent)


def _leaf(ink: Ink) -> Iterator[Shape]:
    edge = bezier((0, -50), (38, -28), (38, 18), (0, 34), 30)
    yield Polygon(turned(edge, 35), ink.dark)
    yield Polygon(turned(mirrored(edge), 35), ink.light)
    for y in (-18, 0, 18):
        for side in (-1, 1):
            yield Stroke(turned(((0, y + 6), (side * 15, y - 6)), 35), 3, ink.paper)
    yield Stroke(turned(((0, 50), (0, -32)), 35), 4, ink.accent)


def _code(ink: Ink) -> Iterator[Shape]:
    for side in (-1, 1):
        yield Stroke(((side * 22, -26), (side * 45, 0), (side * 22, 26)), 11, ink.dark)
    yield Stroke(((9, -38), (-9, 38)), 9, ink.accent)


def _gavel(ink: Ink) -> Iterator[Shape]:
    def leaning(left: float, top: float, right: float, bottom: float) -> Points:
        return turned(((left, top), (right, top), (right, bottom), (left, bottom)), -40)

    yield Polygon(leaning(-6, -22, 50, -12), ink.light)
    yield Polygon(leaning(-24, -40, 2, 8), ink.dark)
    for top in (-46, 4):
        yield Polygon(leaning(-29, top, 7, top + 10), ink.accent)
    yield Bar(-42, 38, 58, 10, 3, ink.dark)
    yield Bar(-34, 28, 42, 10, 3, ink.light)


def _heart(ink: Ink) -> Iterator[Shape]:
    half = (*bezier((0, -22), (8, -46), (48, -46), (47, -10)), *bezier((47, -10), (45, 14), (18, 32), (0, 46)))
    yield Polygon(half, ink.dark)
    yield Polygon(mirrored(half), ink.light)
    yield Stroke(((-47, 2), (-16, 2), (-7, -16), (6, 20), (14, 2), (45, 2)), 6, ink.paper)


def _book(ink: Ink) -> Iterator[Shape]:
    cover = (*bezier((0, -24), (14, -38), (34, -38), (48, -32)), *bezier((48, 36), (34, 30), (14, 30), (0, 44)))
    page = (*bezier((0, -17), (14, -29), (30, -30), (41, -26)), *bezier((41, 27), (30, 24), (12, 25), (0, 35)))
    for half in (cover, mirrored(cover)):
        yield Polygon(half, ink.dark)
    yield Polygon(page, ink.paper)
    yield Polygon(mirrored(page), ink.paper)
    for y in (-12, 0, 12):
        yield Stroke(((9, y + 1), (32, y - 7)), 4, ink.light)
        yield Stroke(((-9, y + 1), (-32, y - 7)), 4, ink.light)
    yield Stroke(((0, -20), (0, 40)), 4, ink.accent)


def _wave(ink: Ink) -> Iterator[Shape]:
    for y, tint in ((-26, ink.light), (0, ink.dark), (26, ink.accent)):
        yield Stroke(_sine(y, 8, 46), 10, tint)


def _bolt(ink: Ink) -> Iterator[Shape]:
    yield Disc(0, 0, 48, ink.dark)
    yield Disc(0, 0, 41, ink.paper)
    yield Polygon(((9, -34), (-22, 7), (-3, 7), (-9, 34), (22, -7), (3, -7)), ink.accent)


def _people(ink: Ink) -> Iterator[Shape]:
    for side in (-1, 1):
        yield Disc(side * 31, -13, 12, ink.light)
        yield Polygon((*arc(side * 31, 36, 21, 180, 360), (side * 31 + 21, 40), (side * 31 - 21, 40)), ink.light)
    yield Disc(0, -26, 20, ink.paper)
    yield Disc(0, -26, 16, ink.accent)
    yield Polygon((*arc(0, 34, 33, 180, 360), (33, 44), (-33, 44)), ink.paper)
    yield Polygon((*arc(0, 34, 28, 180, 360), (28, 44), (-28, 44)), ink.dark)


def _sine(y: float, height: float, half: float) -> Points:
    steps = 48
    places = (-half + 2 * half * step / steps for step in range(steps + 1))
    return tuple((x, y + height * math.sin(2 * math.pi * x / half)) for x in places)


_ICONS: Final[dict[str, Callable[[Ink], Iterator[Shape]]]] = {
    STAR: _star,
    "bolt": _bolt,
    "book": _book,
    "bridge": _bridge,
    "chart": _chart,
    "code": _code,
    "compass": _compass,
    "flask": _flask,
    "gavel": _gavel,
    "gear": _gear,
    "heart": _heart,
    "leaf": _leaf,
    "pen": _pen,
    "people": _people,
    "shield": _shield,
    "wave": _wave,
}
ICONS: Final = tuple(_ICONS)
"""Every name, the one taken where none is said first."""
