"""A file with some of its bytes replaced, written beside it and then put in its place: never changed where it lies,
since the same bytes may be known under another name."""

import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from fourweek.light import dataclass

PIECE = 1024 * 1024


class Broken(Exception):
    """The file is not built as its kind is."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The bytes from `start` up to `end` become `data`."""

    start: int
    end: int
    data: bytes = b""


def read_at(handle: BinaryIO, start: int, length: int) -> bytes:
    """Exactly `length` bytes from `start`. Raises Broken where the file ends before."""
    handle.seek(start)
    data = handle.read(length)
    if len(data) != length:
        raise Broken
    return data


def blocks(handle: BinaryIO, start: int, end: int, overlap: int) -> Iterator[tuple[int, bytes]]:
    """What lies between, as (where it begins, bytes); each block repeats the end of the one before.

    What is looked for is mostly near: blocks begin small and grow to a mebibyte.
    """
    most = 4096
    while start < end:
        handle.seek(start)
        block = handle.read(min(most, end - start))
        most = min(2 * most, PIECE)
        if not block:
            return
        yield start, block
        if start + len(block) >= end:
            return
        start += max(1, len(block) - overlap)


def put_in_place(path: Path, edits: Sequence[Edit]) -> None:
    """Apply the edits, a piece at a time; one that begins inside another is left out."""
    other = path.with_name(secrets.token_hex(16))
    try:
        with path.open("rb") as source, other.open("xb") as target:
            for edit in sorted(edits, key=lambda edit: edit.start):
                if edit.start >= source.tell():
                    _copy(source, target, edit.start - source.tell())
                    target.write(edit.data)
                    source.seek(edit.end)
            shutil.copyfileobj(source, target, PIECE)
        other.replace(path)
    finally:
        other.unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    while length > 0 and (piece := source.read(min(PIECE, length))):
        target.write(piece)
        length -= len(piece)
