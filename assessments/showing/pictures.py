"""A picture drawn anew: its pixels, the right way up, in the colours of the web, and nothing else of the file."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

from assessments.showing import limits

Image.MAX_IMAGE_PIXELS = None  # judged below


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it as JPEG or PNG, of a moving one the first picture; says its sides. Raises what Pillow raises."""
    with Image.open(source, formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
        made_of = opened.format
        opened.draft("RGB", (limits.LONG_SIDE, limits.LONG_SIDE))
        if opened.width * opened.height > limits.DECODED_PIXELS:
            raise ValueError("too many pixels")
        opened.load()
        turned = ImageOps.exif_transpose(opened)
    turned.thumbnail((limits.LONG_SIDE, limits.LONG_SIDE))
    clear = turned.has_transparency_data
    plain = web_colours(turned, "RGBA" if clear else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    if made_of == "JPEG" or (made_of == "WEBP" and not clear):
        bare.save(target, "JPEG", quality=90)
        return {"ending": "jpg", "sides": bare.size}
    bare.save(target, "PNG")
    return {"ending": "png", "sides": bare.size}


def web_colours(picture: Image.Image, mode: str) -> Image.Image:
    """In `mode`, RGB or RGBA, and in sRGB, where the picture's own profile can be read."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode != mode:
        return picture.convert(mode)
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
