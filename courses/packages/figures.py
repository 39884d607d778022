"""The size of a picture, so that pages keep its place while it loads; and what is wrong with the picture."""

import io

from PIL import Image, UnidentifiedImageError

from courses.packages.media import HEAVY_PICTURE_BYTES
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.svg import read_svg

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MAX_PIXELS = 50_000_000
ORIENTATION = 0x0112
SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Figure:
    """Width and height in CSS pixels, None where the file does not say; `faults` forbid it, `notes` only warn."""

    size: tuple[int, int] | None
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_figure(path: str, data: bytes) -> Figure:
    """Look at a picture by its content; the name decides only whether SVG is meant."""
    if path.lower().endswith(".svg"):
        size, faults = read_svg(data)
        return Figure(size, tuple(faults), (*_heavy(data), *_sizeless(size)))
    try:
        size = _raster_size(data)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return Figure(None, (_("The picture cannot be read; it must be a whole PNG, JPEG, GIF, WebP or SVG."),))
    if size[0] * size[1] > MAX_PIXELS:
        return Figure(
            None,
            (_("The picture has {size} by {size2} pixels; at most 50 million may be.", size=size[0], size2=size[1]),),
        )
    return Figure(size, (), _heavy(data))


def _raster_size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        sideways = image.format == "JPEG" and image.getexif().get(ORIENTATION) in SIDEWAYS
    return (height, width) if sideways else (width, height)


def _sizeless(size: tuple[int, int] | None) -> tuple[str, ...]:
    return (
        ()
        if size
        else (_("The drawing says no size, so the page moves when it comes; its svg element needs a viewBox."),)
    )


def _heavy(data: bytes) -> tuple[str, ...]:
    if len(data) <= HEAVY_PICTURE_BYTES:
        return ()
    return (_("The picture is {count} MB; someone on a phone waits for it.", count=format(len(data) / 2**20, ".1f")),)
