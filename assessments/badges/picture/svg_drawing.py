"""Draws a cleaned SVG as PNG. Runs in the child process that draws what others sent, since no renderer is proof."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from assessments.badges.picture.svg_cleaning import SIDE

if TYPE_CHECKING:
    import typst

_PAGE: Final = (
    f"#set page(width: {SIDE}pt, height: {SIDE}pt, margin: 0pt, fill: none)\n"
    f'#image(bytes(sys.inputs.svg), format: "svg", width: {SIDE}pt, height: {SIDE}pt)\n'
).encode()


def draw(source: Path, target: Path, _page: int) -> dict[str, Any]:
    """PNG of 600 × 600 in the shipped fonts alone; the same picture gives the same bytes. Raises what typst does."""
    import typst  # noqa: PLC0415 (heavy)

    svg = source.read_text(encoding="utf-8")
    target.write_bytes(typst.compile(_PAGE, font_paths=_fonts(), sys_inputs={"svg": svg}, format="png", ppi=72))
    return {"ending": "png"}


@cache
def _fonts() -> "typst.Fonts":
    import typst  # noqa: PLC0415 (heavy)

    folder = str(files("assessments").joinpath("fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
