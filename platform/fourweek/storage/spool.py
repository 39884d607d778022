"""The spool: where files lie on the local disk until they are kept."""

import hashlib
import os
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from fourweek.storage.store import PIECE, Kept
from fourweek.storage.trouble import disk_as_busy

SPOOLED_FOR = timedelta(hours=24)
"""How long a file may lie in the spool: longer than any upload takes that is not resumed."""


class Spooling(ABC):
    """What stores have in common: files are spooled on the local disk first."""

    def __init__(self, spool: Path) -> None:
        self.spool = spool
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)

    @abstractmethod
    def keep(self, spooled: Path, sha256: str) -> None: ...

    @abstractmethod
    def claim(self, sha256: str, size: int) -> bool: ...

    @abstractmethod
    def open(self, sha256: str, part: range | None = None) -> BinaryIO: ...

    def new_spool(self) -> Path:
        """A path nobody uses, to write a file to before it is kept."""
        return self.spool / secrets.token_hex(16)

    def keep_bytes(self, data: bytes) -> Kept:
        """Keep a small file that is in memory already."""
        kept = Kept(hashlib.sha256(data).hexdigest(), len(data))
        if not self.claim(kept.sha256, kept.size):
            with self._spooled() as path:
                with disk_as_busy():
                    path.write_bytes(data)
                self.keep(path, kept.sha256)
        return kept

    @contextmanager
    def borrow(self, sha256: str) -> Iterator[Path]:
        """A copy on the local disk that goes when the block ends."""
        with self._spooled() as path:
            with self.open(sha256) as source, disk_as_busy(), path.open("xb") as copy:
                shutil.copyfileobj(source, copy, PIECE)
            yield path

    @contextmanager
    def _spooled(self) -> Iterator[Path]:
        path = self.new_spool()
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        """Remove spooled files that nobody wrote to since `before`; folders in the spool are their owners' to sweep."""
        left = [path for path in self.spool.iterdir() if _last_written(path) < before.timestamp()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


def _last_written(path: Path) -> float:
    """Never, for what is no file, and for what was kept or removed meanwhile."""
    try:
        return path.stat().st_mtime if path.is_file() else float("inf")
    except FileNotFoundError:
        return float("inf")


def sync_or_drop(spooled: Path) -> None:
    """Make a spooled file's bytes durable, or remove it.

    After a sync that failed the kernel may forget what it could not write and call the next sync a success.
    """
    with spooled.open("rb") as handle:
        try:
            os.fsync(handle.fileno())
        except OSError:
            spooled.unlink(missing_ok=True)
            raise
