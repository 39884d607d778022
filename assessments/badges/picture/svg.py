"""A scene as SVG. Text stays text: `textLength` keeps it in its place whatever font the viewer has."""

import math
from xml.sax.saxutils import escape, quoteattr

from assessments.badges.picture.shapes import Arc, Bar, Disc, Line, Polygon, Shape, Stroke
from fourweek.colours import hex_colour

_SIDE = 600
_FAMILY = "'Noto Sans', 'Segoe UI', Helvetica, Arial, sans-serif"


def render_svg(shapes: tuple[Shape, ...], label: str) -> str:
    """The scene as one SVG element; `label` is its name for those who do not see it."""
    parts = "\n".join(_element(shape) for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" width="{_SIDE}" height="{_SIDE}"'
        f' role="img" aria-label={quoteattr(label)}>\n<title>{escape(label)}</title>\n{parts}\n</svg>\n'
    )


def _element(shape: Shape) -> str:
    match shape:
        case Disc(x, y, radius, fill):
            return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{hex_colour(fill)}"/>'
        case Arc():
            return _arc(shape)
        case Polygon(points, fill):
            return f'<polygon points="{_places(points)}" fill="{hex_colour(fill)}"/>'
        case Stroke(points, width, stroke):
            look = f'fill="none" stroke="{hex_colour(stroke)}" stroke-width="{width:g}"'
            ends = 'stroke-linecap="round" stroke-linejoin="round"'
            return f'<polyline points="{_places(points)}" {look} {ends}/>'
        case Bar(x, y, width, height, radius, fill):
            box = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
            return f'<rect {box} fill="{hex_colour(fill)}"/>'
        case Line():
            return _line(shape)


def _places(points: tuple[tuple[float, float], ...]) -> str:
    return " ".join(f"{round(x, 2):g},{round(y, 2):g}" for x, y in points)


def _arc(arc: Arc) -> str:
    (x1, y1), (x2, y2) = _on_circle(arc.radius, arc.start), _on_circle(arc.radius, arc.end)
    large = int(arc.end - arc.start > 180)
    path = f"M{x1:.2f} {y1:.2f}A{arc.radius:g} {arc.radius:g} 0 {large} 1 {x2:.2f} {y2:.2f}"
    return f'<path d="{path}" fill="none" stroke="{hex_colour(arc.stroke)}" stroke-width="{arc.width:g}"/>'


def _on_circle(radius: float, degrees: float) -> tuple[float, float]:
    angle = math.radians(degrees)
    return _SIDE / 2 + radius * math.cos(angle), _SIDE / 2 + radius * math.sin(angle)


def _line(line: Line) -> str:
    place = f'x="{line.x:g}" y="{line.y:.2f}" text-anchor="middle" textLength="{line.width:.2f}"'
    face = f'font-family="{_FAMILY}" font-size="{line.size:g}" font-weight="{700 if line.bold else 400}"'
    look = f'lengthAdjust="spacingAndGlyphs" {face} fill="{hex_colour(line.fill)}"'
    return f"<text {place} {look}>{escape(line.text)}</text>"
