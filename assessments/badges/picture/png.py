"""A scene as PNG: drawn four times as large and scaled down, since Pillow's own edges are not smooth."""

import io
import math
from itertools import pairwise
from typing import Final

from PIL import Image, ImageDraw

from assessments.badges.picture.fitting import font
from assessments.badges.picture.shapes import Arc, Bar, Disc, Line, Polygon, Shape, Stroke
from fourweek.colours import Colour

SIDE: Final = 600
_SCALE: Final = 4


def render_png(shapes: tuple[Shape, ...]) -> bytes:
    """The scene, 600 × 600 with transparency."""
    large = Image.new("RGBA", (SIDE * _SCALE, SIDE * _SCALE), (255, 255, 255, 0))
    draw = ImageDraw.Draw(large)
    for shape in shapes:
        _draw(draw, shape)
    small = large.convert("RGBa").reduce(_SCALE).convert("RGBA")
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw(draw: ImageDraw.ImageDraw, shape: Shape) -> None:
    match shape:
        case Disc(x, y, radius, fill):
            draw.ellipse(_scaled(x - radius, y - radius, x + radius, y + radius), fill=fill)
        case Arc():
            draw.polygon(_scaled_points(_arc_outline(shape)), fill=shape.stroke)
        case Polygon(points, fill):
            draw.polygon(_scaled_points(points), fill=fill)
        case Stroke(points, width, stroke):
            _stroke(draw, points, width / 2, stroke)
        case Bar(x, y, width, height, radius, fill):
            draw.rounded_rectangle(_scaled(x, y, x + width, y + height), radius * _SCALE, fill=fill)
        case Line():
            face = font(round(shape.size * _SCALE), bold=shape.bold)
            draw.text((shape.x * _SCALE, shape.y * _SCALE), shape.text, shape.fill, face, anchor="ms")


def _stroke(draw: ImageDraw.ImageDraw, points: tuple[tuple[float, float], ...], half: float, fill: Colour) -> None:
    """A disc at every point, and a bar between each two: round ends and corners."""
    for x, y in points:
        draw.ellipse(_scaled(x - half, y - half, x + half, y + half), fill=fill)
    for (x1, y1), (x2, y2) in pairwise(points):
        length = math.hypot(x2 - x1, y2 - y1) or 1.0
        dx, dy = (y2 - y1) * half / length, (x1 - x2) * half / length
        corners = ((x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy))
        draw.polygon(_scaled_points(corners), fill=fill)


def _arc_outline(arc: Arc) -> tuple[tuple[float, float], ...]:
    """The stroke as a polygon: along its outer edge and back along its inner one, half a degree a step."""
    steps = max(2, math.ceil((arc.end - arc.start) * 2))
    angles = [math.radians(arc.start + (arc.end - arc.start) * step / steps) for step in range(steps + 1)]
    outer, inner = arc.radius + arc.width / 2, arc.radius - arc.width / 2
    middle = SIDE / 2
    there = [(middle + outer * math.cos(angle), middle + outer * math.sin(angle)) for angle in angles]
    back = [(middle + inner * math.cos(angle), middle + inner * math.sin(angle)) for angle in reversed(angles)]
    return (*there, *back)


def _scaled(*lengths: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (length * _SCALE for length in lengths)
    return left, top, right, bottom


def _scaled_points(points: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    return [(x * _SCALE, y * _SCALE) for x, y in points]
