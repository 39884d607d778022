"""WebM and Matroska (RFC 9559): elements that describe become empty ones of the same length, all else stays put."""

import os
import shutil
from pathlib import Path
from typing import Any, BinaryIO

MOST_ELEMENTS, PIECE = 2_000_000, 1024 * 1024
_EBML, _SEGMENT, _CLUSTER, _INFO, _TRACKS, _TRACK = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1549A966, 0x1654AE6B, 0xAE
_MUXING_APP, _WRITING_APP = 0x4D80, 0x5741
_TAGS, _ATTACHMENTS, _TITLE, _DATE, _NAME, _CRC = 0x1254C367, 0x1941A469, 0x7BA9, 0x4461, 0x536E, 0xBF
_SEGMENT_FILE, _BEFORE, _AFTER, _CHAPTERS = 0x7384, 0x3C83AB, 0x3E83BB, 0x1043A770
_DESCRIBE = frozenset({_TAGS, _ATTACHMENTS, _CHAPTERS, _TITLE, _DATE, _NAME, _SEGMENT_FILE, _BEFORE, _AFTER})
_HOLD_OTHERS = frozenset({_SEGMENT, _INFO, _TRACKS, _TRACK})
_MUST_BE_THERE = frozenset({_MUXING_APP, _WRITING_APP})


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises ValueError for a file that is not built of such elements."""
    shutil.copyfile(source, target)
    with target.open("r+b") as handle:
        kinds = _clean(handle, 0, os.fstat(handle.fileno()).st_size, [MOST_ELEMENTS])
    if not {_EBML, _SEGMENT} <= kinds:
        raise ValueError("no film")
    return {"ending": "bin", "size": target.stat().st_size}


def _clean(handle: BinaryIO, at: int, end: int, left: list[int]) -> set[int]:
    """The kinds that stood side by side. What is being recorded says no length: it lasts until its parent's end."""
    kinds = set()
    while at < end:
        left[0] -= 1
        handle.seek(at)
        head = handle.read(12)
        kind, id_length = _number(head, 4, keep_mark=True)
        length, size_length = _number(head[id_length:], 8, keep_mark=False)
        first = id_length + size_length
        if length is None:
            if kind not in (_SEGMENT, _CLUSTER):
                raise ValueError("no length where one has to be")
            if kind == _SEGMENT:
                kinds |= {kind} | _clean(handle, at + first, end, left)
                return kinds
            length = 0  # its elements are met one by one
        if at + first + length > end or left[0] < 0:
            raise ValueError("not built of elements")
        kinds.add(kind or 0)
        _look_at(handle, kind or 0, at, first, length, left)
        at += first + length
    return kinds


def _look_at(handle: BinaryIO, kind: int, at: int, first: int, length: int, left: list[int]) -> None:
    if kind in _DESCRIBE or kind == _CRC:  # what it sums up is not as it was
        _void(handle, at, first + length)
    elif kind in _MUST_BE_THERE:
        handle.seek(at + first)
        handle.write(b" " * length)
    elif kind in _HOLD_OTHERS:
        _clean(handle, at + first, at + first + length, left)


def _number(head: bytes, most: int, *, keep_mark: bool) -> tuple[int | None, int]:
    """A number of one to eight bytes, None where all its bits are set, and its own length. Raises ValueError."""
    length = 9 - head[0].bit_length() if head else 9
    if length > most or len(head) < length:
        raise ValueError("not built of elements")
    value = int.from_bytes(head[:length], "big")
    if keep_mark:
        return value, length
    value &= (1 << 7 * length) - 1
    return (None if value == (1 << 7 * length) - 1 else value), length


def _void(handle: BinaryIO, at: int, whole: int) -> None:
    """An element that says nothing, of so many bytes with its head."""
    head = b"\xec" + (bytes([0x80 | whole - 2]) if whole < 9 else b"\x01" + (whole - 9).to_bytes(7, "big"))
    handle.seek(at)
    handle.write(head)
    for start in range(len(head), whole, PIECE):
        handle.write(bytes(min(PIECE, whole - start)))
