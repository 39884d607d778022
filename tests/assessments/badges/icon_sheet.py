"""`python -m tests.assessments.badges.icon_sheet`: writes docs/badge-icons.svg, which shows authors every icon."""

from pathlib import Path
from typing import Final

from assessments.badges.picture.fitting import text_width
from assessments.badges.picture.icons import ICONS, Ink, draw_icon
from assessments.badges.picture.shapes import Bar, Line, Shape
from assessments.badges.picture.svg import render_svg
from fourweek.colours import WHITE, mix, parse_colour

PLACE: Final = Path(__file__).parents[3] / "docs" / "badge-icons.svg"
IN_A_ROW: Final = 4
CELL: Final = 150


def sheet() -> str:
    deep, paper = parse_colour("#1f4e79"), (255, 253, 249)
    ink = Ink(dark=deep, light=mix(deep, WHITE, 0.5), accent=parse_colour("#bd8b1f"), paper=paper)
    shapes: list[Shape] = [Bar(0, 0, 600, 600, 0, paper)]
    for place, name in enumerate(ICONS):
        x, y = CELL * (place % IN_A_ROW + 0.5), CELL * (place // IN_A_ROW + 0.5)
        shapes += draw_icon(name, ink, x=x, y=y - 14, scale=0.9)
        shapes.append(Line(name, x, y + 58, 18, text_width(name, 18, bold=False), deep))
    return render_svg(tuple(shapes), "The icons of badges")


if __name__ == "__main__":
    PLACE.write_text(sheet(), encoding="utf-8")
