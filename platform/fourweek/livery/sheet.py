"""The style sheet of an institution's own colours: a few tokens over those of `static/css/tokens.css`."""

from typing import Final

from fourweek.livery.palette import Palette, Tokens, palette, seal_alone

_SHEET: Final = ":root {{\n{light}}}\n\n@media (prefers-color-scheme: dark) {{\n:root {{\n{dark}}}\n}}\n"


def own_palette(colour: str, accent: str, *, ours: str) -> Palette | None:
    """The tokens that differ from the sheet's; None where it is `ours`, the colour it was drawn with, and no second."""
    if colour.lower() != ours:
        return palette(colour, accent)
    return seal_alone(accent) if accent else None


def written(found: Palette) -> str:
    return _SHEET.format(light=_lines(found.light), dark=_lines(found.dark))


def _lines(tokens: Tokens) -> str:
    return "".join(f"  --{name}: {colour};\n" for name, colour in tokens.items())
