"""A picture that an author brings for a badge, as PNG or SVG: checked, cleaned and made into the other form."""

import base64
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from assessments.badges.models import OwnPicture
from assessments.badges.picture.svg_cleaning import SIDE, Fault, clean_svg
from assessments.showing.drawing import said_by_child
from fourweek.language import _
from fourweek.light import dataclass

if TYPE_CHECKING:
    from PIL import Image

LEAST_SIDE: Final = 300
MOST_SIDE: Final = 2000
MAX_PNG_BYTES: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Own:
    """Both forms of an author's picture, b"" where `faults` forbid it; `notes` only warn."""

    kind: OwnPicture
    png: bytes = b""
    svg: bytes = b""
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def read_own(path: str, data: bytes) -> Own:
    """Read a picture; the name decides which kind is meant. Slow: not on the loop, not in a transaction."""
    return _from_svg(data) if path.lower().endswith(".svg") else _from_png(data)


def _from_svg(data: bytes) -> Own:
    clean = clean_svg(data)
    if clean.faults:
        return Own(OwnPicture.SVG, faults=clean.faults, notes=clean.notes)
    png = _drawn(clean.svg)
    if png is None:
        return Own(OwnPicture.SVG, faults=(Fault(None, _("The SVG cannot be drawn in a few seconds.")),))
    return Own(OwnPicture.SVG, png, clean.svg, notes=clean.notes)


def _drawn(svg: bytes) -> bytes | None:
    """The SVG as PNG; None for what cannot be drawn, or not with little time and memory."""
    with tempfile.TemporaryDirectory(prefix="fourweek-badge-") as folder:
        source, target = Path(folder) / "badge.svg", Path(folder) / "badge.png"
        source.write_bytes(svg)
        if said_by_child("badges.picture.svg_drawing", source, target) is None:
            return None
        return target.read_bytes()


def _from_png(data: bytes) -> Own:
    png, fault = _plain_png(data)
    if fault:
        return Own(OwnPicture.PNG, faults=(Fault(None, fault),))
    return Own(OwnPicture.PNG, png, _around(png))


def _plain_png(data: bytes) -> tuple[bytes, str]:
    """The picture written anew, pixels and nothing else; or what is wrong with it."""
    from PIL import Image  # noqa: PLC0415 (heavy)

    if len(data) > MAX_PNG_BYTES:
        return b"", _("The PNG is larger than {most} MB.", most=MAX_PNG_BYTES // 2**20)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            fault = _fault(image)
            return (b"", fault) if fault else (_written(image), "")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return b"", _("The picture cannot be read as a PNG.")


def _fault(image: "Image.Image") -> str:
    width, height = image.size
    if width != height:
        return _(
            "The picture is {width} by {height} pixels; a badge is as wide as it is high.", width=width, height=height
        )
    if not LEAST_SIDE <= width <= MOST_SIDE:
        return _(
            "The picture is {width} pixels wide; it must be from {least} to {most}.",
            width=width,
            least=LEAST_SIDE,
            most=MOST_SIDE,
        )
    if getattr(image, "is_animated", False):
        return _("The picture moves; a badge stands still.")
    return ""


def _written(image: "Image.Image") -> bytes:
    from PIL import Image  # noqa: PLC0415 (heavy)

    pixels = image.convert("RGBA")
    plain = Image.frombytes("RGBA", pixels.size, pixels.tobytes())
    buffer = io.BytesIO()
    plain.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _around(png: bytes) -> bytes:
    """An SVG that is nothing but this picture."""
    data = base64.b64encode(png).decode("ascii")
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
    return f'{opened}<image width="{SIDE}" height="{SIDE}" href="data:image/png;base64,{data}"/></svg>\n'.encode()
