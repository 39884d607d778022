"""A WAV (RIFF) of nothing but its sound: lists, texts and descriptions of broadcasters go."""

import os
from pathlib import Path
from typing import Any, BinaryIO

PIECE, MOST_CHUNKS = 1024 * 1024, 10_000
_SOUND = frozenset({b"fmt ", b"fact", b"data"})


def draw(source: Path, target: Path, _number: int) -> dict[str, Any]:
    """Write it. Raises ValueError for a file that is not built as a WAV is."""
    with source.open("rb") as handle, target.open("wb") as made:
        size, head = os.fstat(handle.fileno()).st_size, handle.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            raise ValueError("no WAV")
        made.write(head)
        for kind, at, length in _chunks(handle, size):
            if kind in _SOUND:
                made.write(kind + length.to_bytes(4, "little"))
                _copy(handle, made, at, length)
        whole = made.tell()
        made.seek(4)
        made.write((whole - 8).to_bytes(4, "little"))
    return {"ending": "bin", "size": target.stat().st_size}


def _chunks(handle: BinaryIO, size: int) -> list[tuple[bytes, int, int]]:
    """Each as (kind, where its content is, its length)."""
    found: list[tuple[bytes, int, int]] = []
    at = 12
    while at + 8 <= size:
        handle.seek(at)
        head = handle.read(8)
        length = min(int.from_bytes(head[4:], "little"), size - at - 8)
        found.append((head[:4], at + 8, length))
        if len(found) > MOST_CHUNKS:
            raise ValueError("too many parts")
        at += 8 + length + length % 2
    return found


def _copy(handle: BinaryIO, made: BinaryIO, at: int, length: int) -> None:
    handle.seek(at)
    for start in range(0, length, PIECE):
        made.write(handle.read(min(PIECE, length - start)))
    made.write(bytes(length % 2))
