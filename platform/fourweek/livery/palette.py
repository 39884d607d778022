"""The tokens of pages that follow from an institution's two colours.

Their hue stays; lightness moves until text has 7 to 1 and what is only seen has 3 to 1 against every ground that it may
stand on. Grounds are those of `static/css/tokens.css`; a test holds them together.
"""

from typing import Final

from fourweek.colours import VISIBLE, WHITE, Colour, contrast, hex_colour, parse_colour
from fourweek.light import dataclass
from fourweek.livery.oklch import Oklch, to_colour, to_oklch

READABLE: Final = 7.0
STEP: Final = 0.005
PAPERS: Final = {"light": ("#fafaf8", "#ffffff"), "dark": ("#14171b", "#1a1e24")}
TONES: Final = {"light": ("#e9f3ec", "#faf1de", "#fbecea"), "dark": ("#15271c", "#2a2212", "#331b1a")}
"""What the accent stands on in each scheme, but for its own tint: paper and sheet, and the tints of the tones."""
MUCH: Final = 0.1
"""How far a lightness is moved before it is worth a word: from there on it looks another colour."""
TONE: Final = 0.66
"""Lightness of a seal that has no colour of its own."""
Tokens = dict[str, str]


@dataclass(frozen=True, slots=True)
class Palette:
    """Tokens by name, #rrggbb each."""

    light: Tokens
    dark: Tokens


def palette(colour: str, accent: str) -> Palette:
    """All tokens of a first and a second colour; without a second ("") the seal is a tone of the first."""
    first = _seen(colour)
    second = _seen(accent) if accent else first._replace(lightness=max(first.lightness, TONE))
    return Palette(_light(first) | _seal_light(second), _dark(first) | _seal_dark(second))


def seal_alone(accent: str) -> Palette:
    """The tokens of a second colour beside the accent that the sheet has."""
    second = _seen(accent)
    return Palette(_seal_light(second), _seal_dark(second))


def taken_for(colour: str) -> str:
    """The accent that pages take in place of a first colour, where it looks another; "" where it is near enough."""
    taken = palette(colour, "").light["accent"]
    far = abs(_seen(colour).lightness - _seen(taken).lightness)
    return taken if far > MUCH else ""


def _light(first: Oklch) -> Tokens:
    tint = to_colour(Oklch(0.957, min(0.01, first.chroma / 8), first.hue))
    accent = _moved(first, -STEP, _grounds(PAPERS["light"] + TONES["light"], tint), READABLE)
    base = to_oklch(accent)
    deep = to_colour(Oklch(max(base.lightness - 0.068, 0.0), base.chroma * 0.8, base.hue))
    return _named(accent=accent, accent_deep=deep, on_accent=WHITE, tint=tint, focus=accent)


def _dark(first: Oklch) -> Tokens:
    hue, tint = first.hue, to_colour(Oklch(0.271, min(0.027, first.chroma / 3), first.hue))
    softly = Oklch(0.83, min(0.09, first.chroma * 0.7), hue)
    accent = _moved(softly, STEP, _grounds(PAPERS["dark"] + TONES["dark"], tint), READABLE)
    deep = to_colour(Oklch(0.905, min(0.04, first.chroma * 0.4), hue))
    on_accent = to_colour(Oklch(0.22, min(0.042, first.chroma * 0.45), hue))
    return _named(accent=accent, accent_deep=deep, on_accent=on_accent, tint=tint)


def _seal_light(second: Oklch) -> Tokens:
    return _named(seal=_moved(second, -STEP, _grounds(PAPERS["light"]), VISIBLE))


def _seal_dark(second: Oklch) -> Tokens:
    """In the dark the focus is the seal's, lighter: it must not be taken for a link."""
    seal = _moved(second._replace(lightness=max(second.lightness, 0.7)), STEP, _grounds(PAPERS["dark"]), VISIBLE)
    return _named(seal=seal, focus=to_colour(Oklch(0.885, min(0.118, second.chroma), second.hue)))


def _moved(seen: Oklch, step: float, grounds: list[Colour], ratio: float) -> Colour:
    """The colour itself where it is seen on all grounds, else the nearest lightness in that direction that is."""
    lightness = seen.lightness
    while 0 < lightness < 1:
        candidate = to_colour(seen._replace(lightness=lightness))
        if all(contrast(candidate, ground) >= ratio for ground in grounds):
            return candidate
        lightness += step
    return to_colour(Oklch(0.0 if step < 0 else 1.0, 0.0, seen.hue))


def _seen(colour: str) -> Oklch:
    return to_oklch(parse_colour(colour))


def _grounds(colours: tuple[str, ...], *more: Colour) -> list[Colour]:
    return [*map(parse_colour, colours), *more]


def _named(**colours: Colour) -> Tokens:
    return {name.replace("_", "-"): hex_colour(colour) for name, colour in colours.items()}
