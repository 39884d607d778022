"""What a store must do, whatever it stands on."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from fourweek.light import dataclass

PIECE = 1024 * 1024
PLACE = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(?=\1\2)([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: SHA-256 in hex and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the store as `name`; `sha256` is "" for what no store of ours wrote there.

    `written` is when it was last written or claimed.
    """

    name: str
    sha256: str
    size: int
    written: datetime


class Store(Protocol):
    """What a store must do. Every call may take long: not on the loop, not in a transaction.

    A disk that is full or refuses to write, and a store that does not answer, raise Busy.
    """

    spool: Path
    """Folder on the local disk, where files lie until they are kept. `uploads/` in it belongs to unfinished uploads."""

    def new_spool(self) -> Path:
        """A path on the local disk that nobody uses, to write a file to before it is kept."""

    def keep_bytes(self, data: bytes) -> Kept:
        """Keep a small file that is in memory already."""

    def keep(self, spooled: Path, sha256: str) -> None:
        """Take over a finished file, durable when this returns; the spooled one is gone then.

        A known file is not written again. When Busy is raised nothing was kept; the spooled file is gone too where it
        could not be made durable, since no later attempt could trust it.
        """

    def claim(self, sha256: str, size: int) -> bool:
        """Hold on to a file that is there, durably and as if it had just been kept; False where there is none."""

    def open(self, sha256: str, part: range | None = None) -> BinaryIO:
        """The bytes, or a part of them, for reading once from first to last. Raises NotFound."""

    def borrow(self, sha256: str) -> AbstractContextManager[Path]:
        """The file under a path on the local disk, to be read while the block lasts. Raises NotFound."""

    def has(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int:
        """In bytes. Raises NotFound."""

    def found(self, prefix: str = "") -> Iterator[Found]:
        """Everything in the store, or what lies under two first digits. Files may come and go meanwhile."""

    def remove(self, sha256: str, before: datetime) -> bool:
        """Remove a file that nobody wrote or claimed since `before`; False where somebody did. For the sweep alone."""

    def put_back(self) -> None:
        """Undo what a sweep left half done when it was killed."""

    def sweep(self, before: datetime) -> int:
        """Remove what was spooled before and never kept, such as by a process that was killed; returns how many."""


def key_of(sha256: str) -> str:
    """Where a file lies, from the store's root."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def digest_in(key: str) -> str:
    """The digest that a place in the store stands for; "" for any other place."""
    found = PLACE.fullmatch(key)
    return found[3] if found else ""


class Part(io.RawIOBase):
    """The next `left` bytes of an open file, as a file."""

    def __init__(self, handle: BinaryIO, left: int) -> None:
        self.handle, self.left = handle, left

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        piece = self.handle.read(min(self.left, len(into)))
        self.left -= len(piece)
        into[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self.handle.close()
        super().close()


def buffered(raw: io.RawIOBase) -> BinaryIO:
    """A raw stream in pieces of a mebibyte."""
    return cast(BinaryIO, io.BufferedReader(raw, PIECE))


def pieces(handle: BinaryIO) -> Iterator[bytes]:
    """The rest of an open file in pieces of a mebibyte."""
    while piece := handle.read(PIECE):
        yield piece


def digest_of(handle: BinaryIO, tell: Callable[[int], None] = lambda _read: None) -> Kept:
    """Digest and size of the rest of an open file; `tell` hears how long each piece of it was. Not on the loop."""
    total, size = hashlib.sha256(), 0
    for piece in pieces(handle):
        total.update(piece)
        size += len(piece)
        tell(len(piece))
    return Kept(total.hexdigest(), size)
