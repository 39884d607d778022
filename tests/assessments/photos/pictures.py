"""Small pictures that say where they were taken, made by Pillow and by hand."""

import io
import zlib
from typing import Any

from PIL import Image, PngImagePlugin

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2N"/></rdf:RDF></x:xmpmeta>'
)
TITLE_ONLY = XMP.replace(b'exif:GPSLatitude="52,31.2N"', b'exif:PixelXDimension="64"')


def pixels() -> Image.Image:
    made = Image.new("RGB", (64, 48))
    made.putdata([(x * 4 % 256, y * 5 % 256, (x * y) % 256) for y in range(48) for x in range(64)])
    return made


def exif(*, place: bool = True) -> bytes:
    made = Image.Exif()
    made[ORIENTATION] = 6
    made[MAKER] = "Maker of the camera"
    made.get_ifd(0x8769)[0x829A] = (1, 125)
    if place:
        gps = made.get_ifd(GPS)
        gps.update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0), 29: "2026:11:22"})
    return made.tobytes()


def saved(kind: str, **values: Any) -> bytes:
    out = io.BytesIO()
    pixels().save(out, kind, **values)
    return out.getvalue()


def jpeg(*, place: bool = True, xmp: bytes = XMP) -> bytes:
    return saved("JPEG", exif=exif(place=place), xmp=xmp, icc_profile=b"a profile", comment=b"kept")


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def with_segments(picture: bytes, *segments: bytes) -> bytes:
    """A JPEG with more segments behind its beginning."""
    return picture[:2] + b"".join(segments) + picture[2:]


def png(*, place: bool = True, xmp: bytes = XMP) -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Title", "A kept title")
    words.add_itxt("Comment", "Bleibt")
    words.add_itxt("XML:com.adobe.xmp", xmp.decode())
    return saved("PNG", exif=exif(place=place), pnginfo=words)


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def with_chunks(picture: bytes, *chunks: bytes) -> bytes:
    """A PNG with more chunks behind its first, which is 25 bytes long."""
    return picture[:33] + b"".join(chunks) + picture[33:]


def webp(*, place: bool = True, xmp: bytes = XMP) -> bytes:
    return saved("WEBP", exif=exif(place=place), xmp=xmp, lossless=True)
