"""The file behind an upload: one writer at a time whatever the number of processes, and only what is synced counts.

Everything here blocks: it is called in threads.
"""

import hashlib
import os
import shutil
from dataclasses import field
from pathlib import Path
from typing import BinaryIO

from assessments.uploads.errors import Held
from fourweek.light import dataclass
from fourweek.storage import PIECE, Store
from fourweek.uploads import write_all

try:
    import fcntl
except ImportError:  # Windows: the row alone keeps order
    fcntl = None  # type: ignore[assignment]

STEP = 64 * PIECE


def folder(store: Store) -> Path:
    """Where uploads lie until they are whole: in the spool, on the disk of the store."""
    return store.spool / "uploads"


def make(path: Path) -> None:
    """An empty file whose name is durable."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class Spooled:
    """An upload's file while this request alone writes to it. `digest` is of everything in it, None where unknown."""

    path: Path
    handle: BinaryIO
    digest: "hashlib._Hash | None" = None
    piece_digest: "hashlib._Hash | None" = None
    size: int = field(default=0)

    def go_to(self, received: int) -> bool:
        """Stand behind what was acknowledged, and drop what was written after it; False where that is not all there."""
        if os.fstat(self.handle.fileno()).st_size < received:
            return False
        os.ftruncate(self.handle.fileno(), received)
        self.handle.seek(received)
        self.size = received
        return True

    def put(self, data: bytearray) -> None:
        write_all(self.handle, data)
        for digest in (self.digest, self.piece_digest):
            if digest is not None:
                digest.update(data)
        self.size += len(data)

    def sync(self) -> None:
        os.fsync(self.handle.fileno())

    def head(self, count: int) -> bytes:
        """The first bytes of the file."""
        return os.pread(self.handle.fileno(), count, 0)

    def close(self) -> None:
        self.handle.close()


def hold(path: Path) -> Spooled | None:
    """The file, locked against every other writer until it is closed; None when there is none. Raises Held.

    One that is whole may be in the store already under another name: nobody may write to it any more.
    """
    try:
        handle = path.open("r+b" if os.access(path, os.W_OK) else "rb", buffering=0)
    except FileNotFoundError:
        return None
    try:
        _lock(handle, path)
    except BaseException:
        handle.close()
        raise
    return Spooled(path, handle)


def is_held(path: Path) -> bool:
    """Whether another request writes to it just now."""
    try:
        file = hold(path)
    except Held:
        return True
    if file is not None:
        file.close()
    return False


def _lock(handle: BinaryIO, path: Path) -> None:
    """Raises Held while another has it, and where the file went into the store between opening and locking."""
    if fcntl is not None:
        try:
            fcntl.flock(handle.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Held from None
    try:
        there = path.stat()
    except FileNotFoundError:
        raise Held from None
    if not os.path.samestat(there, os.fstat(handle.fileno())):
        raise Held


def second_name(spooled: Path, other: Path) -> None:
    """The same bytes under another name, for the store to take over; ours goes when the row is written."""
    try:
        os.link(spooled, other)
    except OSError:  # a file system without links
        shutil.copyfile(spooled, other)


def digest_step(handle: BinaryIO, digest: "hashlib._Hash", most: int = STEP) -> int:
    """Take up to `most` bytes more of an open file into the digest; returns how many, 0 at its end."""
    taken = 0
    while taken < most and (piece := handle.read(PIECE)):
        digest.update(piece)
        taken += len(piece)
    return taken
