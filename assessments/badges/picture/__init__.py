"""The badge's picture, drawn from what the badge is about: one scene, as PNG (600 × 600) and as SVG."""

from dataclasses import dataclass
from typing import Final

from assessments.badges.plain import clean_text

_MAX_TEXT: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgePicture:
    """What the picture says. `colour` is the institution's (#rrggbb); `note` stands on the ribbon."""

    title: str
    institution: str
    colour: str = "#1f4e79"
    note: str = "Microcredential"


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
    return " ".join(clean_text(text).split())[:_MAX_TEXT]
