"""The file store: content-addressed, written once, durable before anybody is told.

A file is first spooled, then kept under its SHA-256. The local store fsyncs the file, renames it and fsyncs the folder,
in this order, before `keep` returns.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from fourweek.errors import NotFound

PIECE = 1024 * 1024
SPOOLED_FOR = timedelta(hours=24)
"""How long a file may lie in the spool: longer than any upload takes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: SHA-256 in hex and size in bytes."""

    sha256: str
    size: int


class Store(Protocol):
    """What a store must do; the local folder does, others may."""

    def new_spool(self) -> Path:
        """A path on the local disk that nobody uses, to write a file to before it is kept."""

    def keep_bytes(self, data: bytes) -> Kept:
        """Keep a small file that is in memory already."""

    def keep(self, spooled: Path, sha256: str) -> None:
        """Take over a finished file durably; the spooled one is gone afterwards. Keeping a known digest is free."""

    def open(self, sha256: str) -> BinaryIO:
        """The bytes, for reading. Raises NotFound."""

    def has(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int: ...

    def sweep(self, before: datetime) -> int:
        """Remove what was spooled before and never kept, such as by a process that was killed; returns how many."""


class LocalStore:
    """Files in two levels of folders under `root`, spooled on the same disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spool = root / "spool"
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._synced = bytearray(1 << 16)  # a folder's number → whether this process made its own entry durable

    def new_spool(self) -> Path:
        """A path nobody uses, to write a file to before it is kept."""
        return self.spool / secrets.token_hex(16)

    def place(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def keep(self, spooled: Path, sha256: str) -> None:
        target = self.place(sha256)
        if target.exists():
            spooled.unlink()
        else:
            with spooled.open("rb") as handle:
                os.fsync(handle.fileno())
            self._make_folder(target)
            spooled.chmod(0o400)
            spooled.rename(target)
        self._sync_place(target)

    def _make_folder(self, target: Path) -> None:
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._synced[_number(target)] = False

    def _sync_place(self, target: Path) -> None:
        """Make the file's name durable; its bytes are, or it would not have its name.

        The folder holds that name and is synced every time, also for a file that was there: whoever renamed it may not
        have come to that yet. The folders above change only when one is made. It may have been made by a process that
        has not synced them yet or never will, so each process does it once for each folder, whoever made it.
        """
        _sync_folder(target.parent)
        if not self._synced[_number(target)]:
            _sync_folder(target.parent.parent)
            _sync_folder(self.root)
            self._synced[_number(target)] = True

    def keep_bytes(self, data: bytes) -> Kept:
        """Keep a small file that is in memory already."""
        kept = Kept(hashlib.sha256(data).hexdigest(), len(data))
        if self.has(kept.sha256):
            self._sync_place(self.place(kept.sha256))
            return kept
        spooled = self.new_spool()
        spooled.write_bytes(data)
        self.keep(spooled, kept.sha256)
        return kept

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self.place(sha256).open("rb")
        except FileNotFoundError:
            raise NotFound("The file is not in the store.") from None

    def has(self, sha256: str) -> bool:
        return self.place(sha256).exists()

    def size(self, sha256: str) -> int:
        try:
            return self.place(sha256).stat().st_size
        except FileNotFoundError:
            raise NotFound("The file is not in the store.") from None

    def sweep(self, before: datetime) -> int:
        """Remove spooled files that nobody wrote to since `before`; returns how many."""
        left = [path for path in self.spool.iterdir() if _written(path) < before.timestamp()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


def _number(target: Path) -> int:
    """Which of the 65,536 folders a file lies in."""
    return int(target.name[:4], 16)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # kept or removed meanwhile
        return float("inf")


def pieces(handle: BinaryIO) -> Iterator[bytes]:
    """The rest of an open file in pieces of a mebibyte."""
    while piece := handle.read(PIECE):
        yield piece


def digest_of(handle: BinaryIO) -> Kept:
    """Digest and size of the rest of an open file, a piece at a time. Slow on purpose of size: not on the loop."""
    total, size = hashlib.sha256(), 0
    for piece in pieces(handle):
        total.update(piece)
        size += len(piece)
    return Kept(total.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
