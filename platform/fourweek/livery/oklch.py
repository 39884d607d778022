"""OKLCH: lightness, chroma and hue as people see them, and the nearest colour of a screen (B. Ottosson, 2020)."""

from math import atan2, cos, hypot, sin
from typing import Final, NamedTuple

from fourweek.colours import Colour

_STEPS: Final = 16
_CUBES: Final = ((0.4122214708, 0.5363325363, 0.0514459929), (0.2119034982, 0.6806995451, 0.1073969566))
_CUBE_S: Final = (0.0883024619, 0.2817188376, 0.6299787005)


class Oklch(NamedTuple):
    """`lightness` from 0 (black) to 1 (white), `chroma` from 0 (grey), `hue` in radians."""

    lightness: float
    chroma: float
    hue: float


def to_oklch(colour: Colour) -> Oklch:
    linear = [_linear(channel / 255) for channel in colour]
    long, middle, short = (_dot(row, linear) ** (1 / 3) for row in (*_CUBES, _CUBE_S))
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(lightness, hypot(a, b), atan2(b, a))


def to_colour(seen: Oklch) -> Colour:
    """The colour of that lightness and hue, of that chroma as far as a screen can show it."""
    low, high = 0.0, seen.chroma
    if _on_screen(_rgb(seen)):
        low = high
    for _ in range(_STEPS if low < high else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _on_screen(_rgb(seen._replace(chroma=middle))) else (low, middle)
    red, green, blue = (round(255 * _gamma(min(max(part, 0), 1))) for part in _rgb(seen._replace(chroma=low)))
    return red, green, blue


def _rgb(seen: Oklch) -> tuple[float, float, float]:
    """Linear light of red, green and blue; outside of 0 to 1 where no screen shows it."""
    a, b = seen.chroma * cos(seen.hue), seen.chroma * sin(seen.hue)
    long = (seen.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (seen.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (seen.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _on_screen(linear: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= part <= 1.0001 for part in linear)


def _dot(row: tuple[float, ...], values: list[float]) -> float:
    return sum(one * other for one, other in zip(row, values, strict=True))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(linear: float) -> float:
    return linear * 12.92 if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
