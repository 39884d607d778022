"""Where a JPEG says where it was taken (ISO 10918-1; CIPA DC-008 and DC-007): EXIF, XMP, Photoshop's block.

Nothing changes its length, so that a picture or film behind the picture is still found by its offset.
"""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

from assessments.photos.editing import Broken, Edit, blocks, read_at
from assessments.photos.packets import photoshop_says_place, xmp_says_place
from assessments.photos.tiff import placeless

EXIF, XMP, MORE_XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
PHOTOSHOP = b"Photoshop 3.0\0"
_KINDS = (EXIF, XMP, MORE_XMP, PHOTOSHOP)
MOST_SEGMENTS = 100_000
MOST_EXIF = 16 * 1024 * 1024
_METADATA = frozenset({0xE1, 0xED})
_SPARE, _START_OF_SCAN, _END = b"\xef", 0xDA, 0xD9
# A marker that something follows: no filling, no stuffed byte, no restart.
_MARKER = re.compile(rb"\xff([^\x00\x01\xff\xd0-\xd8])")
_PICTURE = re.compile(rb"\xff\xd8\xff")
# Where a film behind the picture ("motion photo") was taken: ISO 6709 in the user data of a QuickTime file.
_FILM_PLACE = re.compile(rb"\xa9xyz....([+-][0-9.]{1,15}[+-][0-9.+-]{1,30})", re.S)
Segment = tuple[int, int, int]


def edits(handle: BinaryIO) -> list[Edit]:
    """What is to be replaced for the picture, and what lies behind it, to say no place. Raises Broken."""
    size = os.fstat(handle.fileno()).st_size
    if read_at(handle, 0, 2) != b"\xff\xd8":
        raise Broken
    found: list[Edit] = []
    start, first_end, left = 0, size, MOST_SEGMENTS
    while start < size:
        segments, end = _picture(handle, start + 2, size, left)
        found += _picture_edits(handle, segments)
        first_end, left = (end if not start else first_end), left - len(segments) - 1
        if left < 0:
            raise Broken
        start = _find(handle, _PICTURE, end, size)
    return [*found, *_film_edits(handle, first_end, size)]


def _picture(handle: BinaryIO, start: int, size: int, most: int) -> tuple[list[Segment], int]:
    """The segments of metadata of one picture as (marker, where its content is, its length), and where it ends."""
    found: list[Segment] = []
    while (at := _find(handle, _MARKER, start, size)) < size:
        marker = read_at(handle, at + 1, 1)[0]
        if marker == _END:
            return found, at + 2
        if at + 4 > size:
            break
        length = int.from_bytes(read_at(handle, at + 2, 2), "big")
        if marker in _METADATA and length >= 2 and at + 2 + length <= size:
            found.append((marker, at + 4, length - 2))
        most -= 1
        if most < 0:
            raise Broken
        start = at + 2 + max(2, length)
    return found, size


def _find(handle: BinaryIO, what: re.Pattern[bytes], start: int, size: int) -> int:
    """Where it is found next; the file's size where it is not."""
    for at, block in blocks(handle, start, size, overlap=2):
        if found := what.search(block):
            return at + found.start()
    return size


def _picture_edits(handle: BinaryIO, segments: list[Segment]) -> Iterator[Edit]:
    by_kind: dict[bytes, list[tuple[int, int]]] = {kind: [] for kind in _KINDS}
    for _, at, length in segments:
        head = read_at(handle, at, min(length, 40))
        kind = next((one for one in _KINDS if head.startswith(one)), None)
        if kind is not None:
            by_kind[kind].append((at, length))
    yield from _exif_edits(handle, [(at + len(EXIF), length - len(EXIF)) for at, length in by_kind[EXIF]])
    packets = by_kind[XMP] + by_kind[MORE_XMP]
    if _packets_say_place(handle, packets):
        yield from (_spared(at, length) for at, length in packets)
    for at, length in by_kind[PHOTOSHOP]:
        if photoshop_says_place(read_at(handle, at, length)):
            yield _spared(at, length)


def _exif_edits(handle: BinaryIO, places: list[tuple[int, int]]) -> Iterator[Edit]:
    """Readers put several segments together, or read the first alone: neither finds a place."""
    if sum(length for _, length in places) > MOST_EXIF:
        raise Broken
    whole = placeless(b"".join(read_at(handle, at, length) for at, length in places))
    for at, length in places:
        part, whole = placeless(whole[:length]), whole[length:]
        if part != read_at(handle, at, length):
            yield Edit(at, at + length, part)


def _packets_say_place(handle: BinaryIO, packets: list[tuple[int, int]]) -> bool:
    """A long packet is cut into segments anywhere: the end of each is read on into the next."""
    before = b""
    for at, length in packets:
        content = read_at(handle, at, length)
        # Behind the name of the extension: a digest of 32 bytes, the whole length and the offset.
        text = content[len(MORE_XMP) + 40 :] if content.startswith(MORE_XMP) else content[len(XMP) :]
        if xmp_says_place(before + text):
            return True
        before = text[-128:]
    return False


def _spared(at: int, length: int) -> Edit:
    """A segment that no reader knows takes the place of one that said too much: zeros under the marker APP15."""
    return Edit(at - 3, at + length, _SPARE + (length + 2).to_bytes(2, "big") + bytes(length))


def _film_edits(handle: BinaryIO, start: int, size: int) -> Iterator[Edit]:
    last = start
    for at, block in blocks(handle, start, size, overlap=64):
        for found in _FILM_PLACE.finditer(block):
            first, end = at + found.start(1), at + found.end(1)
            if first >= last:
                yield Edit(first, end, b" " * (end - first))
                last = end
