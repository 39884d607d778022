"""A picture without metadata, of the same kind and size: its bytes as they are where colours allow, else drawn anew."""

from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from assessments.cleaning.bare import bare_jpeg, bare_png
from assessments.showing import limits
from assessments.showing.pictures import web_colours

_BARE = {"JPEG": bare_jpeg, "PNG": bare_png}
_HOW: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95}, "WEBP": {"quality": 95}, "PNG": {}, "GIF": {}}


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises what Pillow raises, ValueError for what is too large or not built as its kind is."""
    with Image.open(source, formats=tuple(_HOW)) as opened:
        kind, frames = str(opened.format), getattr(opened, "n_frames", 1)
        if opened.width * opened.height * frames > limits.DECODED_PIXELS:
            raise ValueError("too many pixels")
        if kind in _BARE and not opened.info.get("icc_profile"):
            target.write_bytes(_BARE[kind](source.read_bytes()))
        elif frames > 1 and kind != "JPEG":
            _write_moving(opened, target, kind)
        else:
            opened.load()
            clear = opened.has_transparency_data and kind != "JPEG"
            _bare(ImageOps.exif_transpose(opened), clear=clear).save(target, kind, **_HOW[kind])
    return {"ending": "bin", "size": target.stat().st_size}


def _write_moving(opened: Image.Image, target: Path, kind: str) -> None:
    frames, lasts = [], []
    for frame in ImageSequence.Iterator(opened):
        frames.append(_bare(frame, clear=True))
        lasts.append(frame.info.get("duration", 100))
    more = {} if kind == "WEBP" else {"disposal": 1 if kind == "PNG" else 2}
    again = opened.info.get("loop", 0)
    first, *rest = frames
    first.save(target, kind, save_all=True, append_images=rest, duration=lasts, loop=again, **_HOW[kind], **more)


def _bare(picture: Image.Image, *, clear: bool) -> Image.Image:
    """The pixels alone: nothing that Pillow would write with them."""
    plain = web_colours(picture, "RGBA" if clear else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare
