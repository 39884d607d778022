"""Colours derived from the institution's own, so that what stands on them can always be seen."""

import re
from typing import Final

Colour = tuple[int, int, int]
WHITE: Final[Colour] = (255, 255, 255)
BLACK: Final[Colour] = (0, 0, 0)
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_READABLE: Final = 7.0
VISIBLE: Final = 3.0
"""The contrast by which a shape is told from what it stands on (WCAG 2.2, 1.4.11)."""


def parse_colour(text: str) -> Colour:
    """`#1f4e79` as red, green, blue. Raises ValueError for anything else."""
    if not _HEX.fullmatch(text):
        raise ValueError(f"{text!r} is not a colour like #1f4e79.")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def hex_colour(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` (0 to 1) of the second colour in the first."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def deepen(colour: Colour, ratio: float = _READABLE) -> Colour:
    """The colour, darkened in small steps until it has that contrast to white; 7 to 1 is good for small text."""
    for step in range(21):
        candidate = mix(colour, BLACK, step / 20)
        if contrast(candidate, WHITE) >= ratio:
            return candidate
    return BLACK


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio by WCAG 2.2: 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
