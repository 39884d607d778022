"""The picture that goes with a capacity note: utilisation against load on the course's busy day, as a PNG."""

import csv
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import assessments
from fourweek.cli.seed.worksheets import EXAMPLES

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

SOURCE = EXAMPLES / "reliable-services" / "week2" / "data" / "busy-day.csv"
FONT = Path(assessments.__file__).parent / "fonts" / "NotoSans-Regular.ttf"
SIZE, LEFT, RIGHT, TOP, BOTTOM = (720, 450), 70, 690, 30, 390
MOST_LOAD, MOST_BUSY = 70, 50
SLOPE, BACKGROUND = 0.56, 3.0
INK, LINE, GRID, DOT = "#1c1c1c", "#b3541e", "#d8d8d8", "#1f4e79"


@cache
def utilisation_png() -> bytes:
    """One point for each hour, and the line 3 % + 0.56 % for each request a second."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 heavy

    picture = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(picture)
    draw.font = ImageFont.truetype(str(FONT), 15)
    _axes(draw)
    draw.line((*_place(0, BACKGROUND), *_place(MOST_LOAD, BACKGROUND + SLOPE * MOST_LOAD)), fill=LINE, width=2)
    for load, busy in _hours():
        x, y = _place(load, busy)
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=DOT)
    draw.text((LEFT + 20, TOP + 4), "busy = 3 % + 0.56 % for each request a second", fill=LINE)
    file = BytesIO()
    picture.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _axes(draw: "ImageDraw") -> None:
    for load in range(0, MOST_LOAD + 1, 10):
        x, _ = _place(load, 0)
        draw.line((x, TOP, x, BOTTOM), fill=GRID)
        draw.text((x, BOTTOM + 8), str(load), fill=INK, anchor="ma")
    for busy in range(0, MOST_BUSY + 1, 10):
        _, y = _place(0, busy)
        draw.line((LEFT, y, RIGHT, y), fill=GRID)
        draw.text((LEFT - 8, y), f"{busy} %", fill=INK, anchor="rm")
    draw.text(((LEFT + RIGHT) / 2, BOTTOM + 34), "requests a second, mean of an hour", fill=INK, anchor="ma")


def _place(load: float, busy: float) -> tuple[float, float]:
    """Where a point lies on the picture."""
    across = LEFT + (RIGHT - LEFT) * load / MOST_LOAD
    return across, BOTTOM - (BOTTOM - TOP) * busy / MOST_BUSY


def _hours() -> list[tuple[float, float]]:
    with SOURCE.open(newline="", encoding="utf-8") as file:
        return [(float(row["mean_requests_per_s"]), float(row["cpu_busy_percent"])) for row in csv.DictReader(file)]
