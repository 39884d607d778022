"""Ogg (RFC 3533) with Vorbis or Opus sound: what the comment headers say becomes blanks of the same length."""

import os
import shutil
from dataclasses import field
from pathlib import Path
from typing import Any, BinaryIO

from fourweek.light import dataclass

MOST_PAGES, LONGEST_HEADER = 2_000_000, 8 * 1024 * 1024
_HEAD, _BEGINS = 27, 0x02
_KINDS = {b"\x01vorbis": (b"\x03vorbis", b"\x01"), b"OpusHead": (b"OpusTags", b"")}
"""How a stream begins → how its comments begin and end."""


@dataclass(slots=True)
class _Stream:
    """A stream whose comments are being looked for: where they lie in the file, and which pages hold them."""

    kind: tuple[bytes, bytes]
    spans: list[tuple[int, int]] = field(default_factory=list)
    pages: list[tuple[int, int]] = field(default_factory=list)


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises ValueError for what is no Ogg, or holds something else than these two."""
    shutil.copyfile(source, target)
    with target.open("r+b") as handle:
        _clean(handle, os.fstat(handle.fileno()).st_size)
    return {"ending": "bin", "size": target.stat().st_size}


def _clean(handle: BinaryIO, end: int) -> None:
    streams: dict[bytes, _Stream] = {}
    at = found = cleaned = 0
    while at < end:
        handle.seek(at)
        head = handle.read(_HEAD)
        lacing = handle.read(head[26]) if len(head) == _HEAD and head[:4] == b"OggS" else b""
        length = _HEAD + len(lacing) + sum(lacing)
        found += 1
        if not lacing or at + length > end or found > MOST_PAGES:
            raise ValueError("no Ogg")
        serial, body = head[14:18], at + _HEAD + len(lacing)
        if head[5] & _BEGINS:
            streams[serial] = _Stream(_kind(handle.read(8)))
        elif serial in streams and _reaches_its_end(streams[serial], lacing, body, (at, length)):
            _blank(handle, streams.pop(serial))
            cleaned += 1
        at += length
    if streams or not cleaned:
        raise ValueError("comments are not where they have to be")


def _kind(begins: bytes) -> tuple[bytes, bytes]:
    for first, kind in _KINDS.items():
        if begins.startswith(first):
            return kind
    raise ValueError("neither Vorbis nor Opus")


def _reaches_its_end(stream: _Stream, lacing: bytes, body: int, page: tuple[int, int]) -> bool:
    """Note what of the comments lies on this page, from its beginning on."""
    length = 0
    for number, piece in enumerate(lacing):
        length += piece
        if piece < 255:
            lacing = lacing[: number + 1]
            break
    stream.spans.append((body, length))
    stream.pages.append(page)
    if sum(span for _, span in stream.spans) > LONGEST_HEADER:
        raise ValueError("the comments are too long")
    return lacing[-1] < 255


def _blank(handle: BinaryIO, stream: _Stream) -> None:
    begins, ends = stream.kind
    length = sum(span for _, span in stream.spans)
    maker = length - len(begins) - 8 - len(ends)
    first, _ = stream.spans[0]
    handle.seek(first)
    if maker < 0 or handle.read(len(begins)) != begins:
        raise ValueError("comments are not where they have to be")
    # The maker's name takes up all the room, in blanks; there are no comments behind it.
    said = begins + maker.to_bytes(4, "little") + b" " * maker + bytes(4) + ends
    for at, span in stream.spans:
        handle.seek(at)
        handle.write(said[:span])
        said = said[span:]
    for page in stream.pages:
        _sum_anew(handle, *page)


def _sum_anew(handle: BinaryIO, at: int, length: int) -> None:
    """A page holds a checksum of itself."""
    handle.seek(at)
    page = bytearray(handle.read(length))
    page[22:26] = bytes(4)
    handle.seek(at + 22)
    handle.write(checksum(page).to_bytes(4, "little"))


def _table() -> tuple[int, ...]:
    made = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        made.append(value & 0xFFFFFFFF)
    return tuple(made)


_SUMS = _table()


def checksum(data: bytes | bytearray) -> int:
    """Ogg's own: CRC-32 with the bits not turned round, from 0."""
    value = 0
    for byte in data:
        value = ((value << 8) & 0xFFFFFFFF) ^ _SUMS[(value >> 24) ^ byte]
    return value
