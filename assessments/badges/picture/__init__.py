"""The badge's picture, drawn from what the badge is about: one scene, as PNG (600 × 600) and as SVG."""

from typing import Final

from assessments.badges.plain import clean_text
from fourweek.light import dataclass

MICROCREDENTIAL: Final = "Microcredential"
SERIES: Final = "Series of courses"
_MAX_TEXT: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgePicture:
    """What the picture says. `colour` and `accent` are the institution's (#rrggbb); `note` stands on the ribbon.

    Without an accent a lighter tone of the colour stands in. `icon` is one of `icons.ICONS`; "" is the star.
    """

    title: str
    institution: str
    colour: str = "#1f4e79"
    accent: str = ""
    icon: str = ""
    note: str = MICROCREDENTIAL


def draw_png(picture: BadgePicture) -> bytes:
    """PNG, 600 × 600, transparent around the medal. The same picture gives the same bytes.

    Raises ValueError for a colour that is none.
    """
    from assessments.badges.picture.png import render_png  # noqa: PLC0415 (Pillow is heavy)
    from assessments.badges.picture.scene import compose  # noqa: PLC0415 (Pillow is heavy)

    return render_png(compose(picture))


def draw_svg(picture: BadgePicture) -> str:
    """SVG of the same scene, without scripts, styles or anything to fetch. Raises like `draw_png`."""
    from assessments.badges.picture.scene import compose  # noqa: PLC0415 (Pillow is heavy)
    from assessments.badges.picture.svg import render_svg  # noqa: PLC0415 (goes with the scene)

    return render_svg(compose(picture), f"Badge: {said(picture.title)}, {said(picture.institution)}")


def said(text: str) -> str:
    """Text as the picture may carry it: one line, at most 120 characters."""
    words = " ".join(clean_text(text).split())
    return words if len(words) <= _MAX_TEXT else words[: _MAX_TEXT - 1].rstrip() + "…"


def can_be_set(text: str) -> bool:
    """Whether the picture can write this text, in Latin, Greek or Cyrillic letters; else the icon stands alone."""
    from assessments.badges.picture.letters import settable  # noqa: PLC0415 (Pillow is heavy)

    return bool(settable(said(text)))
