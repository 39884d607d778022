"""JPEG (ISO 10918-1) and PNG (third edition) with their pixels as they are and nothing else said. Pure."""

import re
import struct

from PIL import Image

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_EXIF, _JFIF, _ADOBE = b"Exif\0\0", b"JFIF\0", b"Adobe"
_ORIENTATION = 0x0112
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD8)})
_END, _SCAN, _COMMENT, _APP0, _APP1, _APP14, _APP15 = 0xD9, 0xDA, 0xFE, 0xE0, 0xE1, 0xEE, 0xEF
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG = b"\x89PNG\r\n\x1a\n"
# What pixels need to look as they did; the rest (texts, EXIF, times, profiles, what a maker added) goes.
_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD pHYs acTL fcTL fdAT".split()  # spelled as they are in files
)


def bare_jpeg(data: bytes) -> bytes:
    """Without metadata and without what lies behind the picture; the right way up is kept. Raises ValueError."""
    if not data.startswith(_SOI):
        raise ValueError("no JPEG")
    kept, at, turned = [b""], 2, 1
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == _END:
            break
        elif marker in _WITHOUT_LENGTH:
            kept.append(data[at : at + 2])
            at += 2
        else:
            end = at + 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
            content = data[at + 4 : end]
            turned = _orientation(content) if marker == _APP1 and content.startswith(_EXIF) and turned == 1 else turned
            if marker == _SCAN:
                found = _AFTER_SCAN.search(data, end)
                end = found.start() if found else len(data)
            kept.append(_segment(marker, data[at:end], content))
            at = end
    kept[0] = _turned(turned)
    return b"".join((_SOI, *kept, _EOI))


def _segment(marker: int, whole: bytes, content: bytes) -> bytes:
    if marker == _APP0 and content.startswith(_JFIF) and len(content) >= 12:
        return b"\xff\xe0\x00\x10" + content[:12] + b"\0\0"
    if marker == _APP14 and content.startswith(_ADOBE) and len(content) == 12:
        return whole
    return b"" if _APP0 <= marker <= _APP15 or marker == _COMMENT else whole


def _orientation(exif: bytes) -> int:
    try:
        read = Image.Exif()
        read.load(exif)
        found = read.get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 whatever a broken directory makes of it: it says nothing then
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _turned(orientation: int) -> bytes:
    """EXIF that says which side is up and nothing else; nothing for a picture that is upright."""
    if orientation == 1:
        return b""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", 2 + len(_EXIF) + len(tiff)) + _EXIF + tiff


def bare_png(data: bytes) -> bytes:
    """Without texts, times, EXIF and what lies behind the picture. Raises ValueError."""
    if not data.startswith(_PNG):
        raise ValueError("no PNG")
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(data):
        kind, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            raise ValueError("a chunk is cut off")
        if kind in _CHUNKS:
            kept.append(data[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise ValueError("no end")
