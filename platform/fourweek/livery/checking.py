"""Whether what an institution wants to wear can be worn: asked while the settings are read."""

from pathlib import Path

from fourweek.colours import VISIBLE, contrast, deepen, parse_colour
from fourweek.livery.logo import read_logo


def check_livery(colour: str, accent: str, logo: str) -> None:
    """Raises ValueError for a colour that is none, a second one not seen on the first, or a logo that cannot be one."""
    _check_colour("COLOUR", colour, "#1f4e79")
    if accent:
        _check_colour("ACCENT", accent, "#e0a526")
        _check_seen(colour, accent)
    try:
        if logo:
            read_logo(Path(logo))
    except ValueError as error:
        raise ValueError(f"FOURWEEK_INSTITUTION_LOGO: {str(error).removesuffix('.')}") from None


def _check_colour(name: str, colour: str, like: str) -> None:
    try:
        parse_colour(colour)
    except ValueError:
        raise ValueError(f"FOURWEEK_INSTITUTION_{name} must be a colour like {like}") from None


def _check_seen(colour: str, accent: str) -> None:
    """The second colour is seen on the first, as badges darken it."""
    found = contrast(parse_colour(accent), deepen(parse_colour(colour)))
    if found < VISIBLE:
        raise ValueError(
            f"FOURWEEK_INSTITUTION_ACCENT is too close to FOURWEEK_INSTITUTION_COLOUR: their contrast on a badge is "
            f"{found:.1f} to 1, and {VISIBLE:.0f} are needed; take a brighter one"
        )
