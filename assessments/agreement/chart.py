"""Where the parts of the picture of agreement lie, in its own units. Pure: the template draws, the sheet colours."""

import math
from collections.abc import Sequence

from assessments.agreement.figures import Figure
from fourweek.light import dataclass

LEFT, RIGHT, WORDS, WIDTH = 20.0, 470.0, 492.0, 720
TOP, LANE, ROW = 46.0, 24.0, 112.0
BOUNDS = ((0.667, "0.667"), (0.8, ""))
"""Where they lie, and their words; 0.8 is a step of the scale already."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure: a shape of its own at `x`, its interval from `low` to `high`; without one only words, at `said`."""

    shape: str
    y: float
    x: float
    low: float
    high: float
    said: float
    words: str
    has_value: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion: its title above its marks."""

    title: str
    y: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line down the picture; `bound` is one of the customary bounds, not a step of the scale."""

    x: float
    words: str
    bound: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`title` and `described` say in words what the picture shows."""

    width: int
    height: float
    bottom: float
    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    left: float
    right: float
    title: str
    described: str


def chart(title: str, criteria: Sequence[tuple[str, Sequence[tuple[str, Figure, str]]]]) -> Chart:
    """A picture of (criterion, its marks); a mark is (shape, figure, words)."""
    figures = [figure for _name, marks in criteria for _shape, figure, _words in marks]
    least = lowest(figures)
    steps = [least + i * 0.2 for i in range(round((1 - least) / 0.2) + 1)]
    lines = [Line(_at(step, least), f"{step:.1f}".replace("-", "−"), bound=False) for step in steps]
    bounds = [Line(_at(value, least), words, bound=True) for value, words in BOUNDS]
    rows = tuple(
        Row(
            name,
            TOP + i * ROW,
            tuple(_mark(mark, TOP + i * ROW + (j + 1) * LANE, least) for j, mark in enumerate(marks)),
        )
        for i, (name, marks) in enumerate(criteria)
    )
    bottom = TOP + len(rows) * ROW - LANE / 2
    said = "; ".join(f"{name}: {', '.join(words for *_, words in marks)}" for name, marks in criteria)
    return Chart(WIDTH, bottom + LANE, bottom, (*lines, *bounds), rows, LEFT, RIGHT, title, said)


def lowest(figures: Sequence[Figure]) -> float:
    """Where the scale begins: 0, or the first fifth below everything that is shown."""
    shown = [figure.low for figure in figures if figure.low is not None]
    return max(-1.0, math.floor(min([0.0, *shown]) * 5) / 5)


def _mark(mark: tuple[str, Figure, str], y: float, least: float) -> Mark:
    shape, figure, words = mark
    if figure.value is None:
        return Mark(shape, y, LEFT, LEFT, LEFT, LEFT, words, has_value=False)
    low, high = figure.low or 0.0, figure.high or 0.0
    return Mark(shape, y, _at(figure.value, least), _at(low, least), _at(high, least), WORDS, words, has_value=True)


def _at(value: float, least: float) -> float:
    inside = min(max(value, least), 1.0)
    return round(LEFT + (inside - least) / (1 - least) * (RIGHT - LEFT), 1)
