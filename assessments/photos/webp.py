"""Where a WebP says where it was taken (WebP container specification): its EXIF and XMP chunks."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from assessments.photos.editing import Broken, Edit, blocks, read_at
from assessments.photos.packets import OVERLAP, xmp_says_place
from assessments.photos.tiff import placeless

MOST_CHUNKS = 1_000_000
LONGEST = 16 * 1024 * 1024
"""EXIF beyond this is of no camera: it is taken out unread."""
_FLAGS = {b"EXIF": 0x08, b"XMP ": 0x04}
Chunk = tuple[bytes, int, int]


def edits(handle: BinaryIO) -> list[Edit]:
    """What is to be replaced or left out for the picture to say no place. Raises Broken."""
    head = read_at(handle, 0, 12)
    if head[:4] != b"RIFF" or head[8:] != b"WEBP":
        raise Broken
    chunks = list(_chunks(handle, os.fstat(handle.fileno()).st_size))
    exif = [edit for kind, at, length in chunks if kind == b"EXIF" for edit in _exif_edit(handle, at, length)]
    gone = [(kind, at, length) for kind, at, length in chunks if kind == b"EXIF" and length > LONGEST]
    gone += [one for one in chunks if one[0] == b"XMP " and _xmp_says_place(handle, one)]
    return [*exif, *_without(handle, chunks, gone, int.from_bytes(head[4:8], "little"))]


def _chunks(handle: BinaryIO, size: int) -> Iterator[Chunk]:
    """Each as (kind, where its content is, its length), as far as they are whole."""
    at = 12
    for _ in range(MOST_CHUNKS):
        if at + 8 > size:
            return
        head = read_at(handle, at, 8)
        length = int.from_bytes(head[4:], "little")
        if at + 8 + length > size:
            return
        if head[:4] in {b"EXIF", b"XMP ", b"VP8X"}:
            yield head[:4], at + 8, length
        at += 8 + length + length % 2
    raise Broken


def _exif_edit(handle: BinaryIO, at: int, length: int) -> Iterator[Edit]:
    if length > LONGEST:
        return
    exif = read_at(handle, at, length)
    head = b"Exif\0\0" if exif.startswith(b"Exif\0\0") else b""
    clean = head + placeless(exif.removeprefix(head))
    if clean != exif:
        yield Edit(at, at + length, clean)


def _xmp_says_place(handle: BinaryIO, chunk: Chunk) -> bool:
    _, at, length = chunk
    return any(xmp_says_place(block) for _, block in blocks(handle, at, at + length, overlap=4 * OVERLAP))


def _without(handle: BinaryIO, chunks: list[Chunk], gone: list[Chunk], riff: int) -> Iterator[Edit]:
    """Leave chunks out; the length in the file's head and the flags of what it holds follow."""
    size = os.fstat(handle.fileno()).st_size
    taken = 0
    for _, at, length in gone:
        end = min(size, at + length + length % 2)
        taken += end - (at - 8)
        yield Edit(at - 8, end)
    if gone:
        yield Edit(4, 8, max(0, riff - taken).to_bytes(4, "little"))
    off = sum(_FLAGS[kind] for kind in {one[0] for one in gone} - {one[0] for one in chunks if one not in gone})
    for kind, at, length in chunks:
        if off and kind == b"VP8X" and length:
            yield Edit(at, at + 1, bytes([read_at(handle, at, 1)[0] & ~off]))
