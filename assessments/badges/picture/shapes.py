"""What a scene is made of. Lengths are in the scene's own units, 600 a side; angles in degrees, clockwise."""

from fourweek.colours import Colour
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Disc:
    x: float
    y: float
    radius: float
    fill: Colour


@dataclass(frozen=True, slots=True)
class Arc:
    """A stroke along a circle around the middle, from `start` to `end`, where 0 is on the right."""

    radius: float
    width: float
    start: float
    end: float
    stroke: Colour


@dataclass(frozen=True, slots=True)
class Polygon:
    points: tuple[tuple[float, float], ...]
    fill: Colour


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from point to point with round ends and corners."""

    points: tuple[tuple[float, float], ...]
    width: float
    stroke: Colour


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with rounded corners."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    fill: Colour


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, centred on `x` with its baseline at `y`; `width` is how wide it is set."""

    text: str
    x: float
    y: float
    size: float
    width: float
    fill: Colour
    bold: bool = False


Shape = Disc | Arc | Polygon | Stroke | Bar | Line
