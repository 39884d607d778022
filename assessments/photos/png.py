"""Where a PNG was taken (PNG, third edition): its eXIf chunk, XMP, and what ImageMagick writes as text."""

import os
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from assessments.photos.editing import Broken, Edit, read_at
from assessments.photos.packets import photoshop_says_place, xmp_says_place
from assessments.photos.tiff import placeless

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS = 1_000_000
LONGEST = 16 * 1024 * 1024
"""Metadata beyond this is of no camera: it is taken out unread."""
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_XMP = b"XML:com.adobe.xmp"
_PLACE_NAME = re.compile(rb"gps|latitude|longitude", re.I)


def edits(handle: BinaryIO) -> Iterator[Edit]:
    """What is to be replaced or left out for the picture to say no place. Raises Broken."""
    size = os.fstat(handle.fileno()).st_size
    if read_at(handle, 0, 8) != SIGNATURE:
        raise Broken
    at = 8
    for _ in range(MOST_CHUNKS):
        head = read_at(handle, at, 8) if at + 8 <= size else b""
        end = at + 12 + int.from_bytes(head[:4], "big")
        if len(head) < 8 or end > size:
            return
        if head[4:] == b"eXIf":
            yield from _exif_edit(handle, at, end)
        elif head[4:] in _TEXTS and _text_says_place(handle, head[4:], at, end):
            yield Edit(at, end)
        at = end
    raise Broken


def _exif_edit(handle: BinaryIO, at: int, end: int) -> Iterator[Edit]:
    if end - at > LONGEST:
        yield Edit(at, end)
        return
    exif = read_at(handle, at + 8, end - at - 12)
    head = b"Exif\0\0" if exif.startswith(b"Exif\0\0") else b""
    clean = head + placeless(exif.removeprefix(head))
    if clean != exif:
        yield Edit(at + 8, end, clean + zlib.crc32(b"eXIf" + clean).to_bytes(4, "big"))


def _text_says_place(handle: BinaryIO, kind: bytes, at: int, end: int) -> bool:
    keyword = read_at(handle, at + 8, min(80, end - at - 12)).partition(b"\0")[0]
    raw = keyword.lower().startswith(b"raw profile type")
    if _PLACE_NAME.search(keyword):
        return True
    if not raw and keyword != _XMP:
        return False
    if end - at > LONGEST:
        return True
    text = _text(kind, read_at(handle, at + 8 + len(keyword) + 1, max(0, end - at - 13 - len(keyword))))
    return _profile_says_place(text) if raw else xmp_says_place(text)


def _text(kind: bytes, content: bytes) -> bytes:
    """The text behind a keyword, unpacked as far as it may be long."""
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed = content[:1] == b"\1"
        content = content[2:].partition(b"\0")[2].partition(b"\0")[2]
    elif packed:
        content = content[1:]
    if not packed:
        return content
    try:
        return zlib.decompressobj().decompress(content, LONGEST)
    except zlib.error:
        return b""


def _profile_says_place(text: bytes) -> bool:
    """A profile as ImageMagick writes it: a name, a length, then hexadecimal digits in lines."""
    try:
        profile = bytes.fromhex("".join(text.decode("latin-1").split("\n")[3:]))
    except ValueError:
        return False
    tiff = profile.removeprefix(b"Exif\0\0")
    return placeless(tiff) != tiff or photoshop_says_place(profile)
