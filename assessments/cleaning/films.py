"""MP4 films and sounds (ISO 14496-12): boxes that describe become free space of the same length, all else stays put."""

import os
import shutil
from pathlib import Path
from typing import Any, BinaryIO

MOST_BOXES, PIECE = 100_000, 1024 * 1024
_HOLD_OTHERS = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
_DESCRIBE = frozenset({b"udta", b"meta", b"uuid", b"ilst"})


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises ValueError for a file that is not built of boxes."""
    shutil.copyfile(source, target)
    with target.open("r+b") as handle:
        _clean(handle, 0, os.fstat(handle.fileno()).st_size, [MOST_BOXES])
    return {"ending": "bin", "size": target.stat().st_size}


def _clean(handle: BinaryIO, at: int, end: int, left: list[int]) -> None:
    while at + 8 <= end:
        left[0] -= 1
        handle.seek(at)
        head = handle.read(16)
        length, kind, first = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1:
            length, first = int.from_bytes(head[8:], "big"), 16
        length = length or end - at
        if length < first or at + length > end or left[0] < 0:
            raise ValueError("not built of boxes")
        if kind in _DESCRIBE:
            _blank(handle, at, first, length)
        elif kind in _HOLD_OTHERS:
            _clean(handle, at + first, at + length, left)
        at += length


def _blank(handle: BinaryIO, at: int, first: int, length: int) -> None:
    handle.seek(at + 4)
    handle.write(b"free")
    handle.seek(at + first)
    for start in range(first, length, PIECE):
        handle.write(bytes(min(PIECE, length - start)))
