"""Copies that were drawn from evidence, on the local disk. They may be removed at any time, and are drawn again then.

Each lies under the digest of what it was drawn from, and its name says its own: `ab/abcd…/page-1.<digest>.png`.
"""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fourweek.clock import real_time
from fourweek.light import dataclass
from fourweek.storage.trouble import disk_as_busy

MEDIA_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "html": "text/html",
    "json": "application/json",
    "bin": "application/octet-stream",
}
TOUCHED_EVERY = 3600.0
"""Seconds after which being asked for is written down."""
KEPT_FOR, EVERY = timedelta(days=1), timedelta(hours=1)
_EDITION = "1"
"""Goes up when the same file would be drawn in another way."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A derived copy; `sha256` is its own digest."""

    path: Path
    sha256: str
    media_type: str

    def read(self) -> bytes:
        """Its bytes. Raises FileNotFoundError where it was removed meanwhile."""
        return self.path.read_bytes()


class Derived:
    """The folder of copies. Everything here blocks: it is called in threads."""

    def __init__(self, home: Path) -> None:
        self.root = home / "derived" / _EDITION

    def find(self, sha256: str, name: str) -> Copy | None:
        """The copy called `name` of the file with this digest."""
        try:
            found = next((one for one in self._folder(sha256).iterdir() if one.name.split(".")[0] == name), None)
            if found is not None and real_time().timestamp() - found.stat().st_mtime > TOUCHED_EVERY:
                os.utime(found)
        except FileNotFoundError:
            return None
        return self._copy(found) if found else None

    def keep(self, sha256: str, name: str, data: bytes, ending: str) -> Copy:
        """Put a copy there; several processes may do so at once. Raises Busy where the disk cannot."""
        with disk_as_busy(), self.room() as room:
            made = room / "copy"
            made.write_bytes(data)
            return self.take(sha256, name, made, ending)

    def take(self, sha256: str, name: str, made: Path, ending: str) -> Copy:
        """`keep` for a file that lies in a `room`: it is moved."""
        with disk_as_busy():
            with made.open("rb") as handle:
                digest = hashlib.file_digest(handle, "sha256").hexdigest()
            target = self._folder(sha256) / f"{name}.{digest}.{ending}"
            _put(made, target)
        return self._copy(target)

    @contextmanager
    def room(self) -> Iterator[Path]:
        """An empty folder to work in, on the disk of the copies; it goes when the block ends."""
        room = self.root / "rooms" / secrets.token_hex(16)
        room.mkdir(parents=True, mode=0o700)
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def trim(self, most: int, before: float) -> int:
        """Remove what nobody asked for since `before` (epoch), then more until `most` bytes are left."""
        for room in self.root.glob("rooms/*"):
            if _measured(room)[0] < before:
                shutil.rmtree(room, ignore_errors=True)
        found = sorted(_measured(path) for path in self.root.glob("??/*/*"))
        size, removed = sum(length for _, length, _ in found), 0
        for asked, length, path in found:
            if asked >= before and size <= most:
                break
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
            size, removed = size - length, removed + 1
        return removed

    def _folder(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def _copy(self, path: Path) -> Copy:
        _, digest, ending = path.name.split(".")
        return Copy(path, digest, MEDIA_TYPES[ending])


def _put(made: Path, target: Path) -> None:
    """The sweep takes empty folders away, and may do so in between."""
    for _ in range(10):
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            made.replace(target)
            return
    made.replace(target)


def _measured(path: Path) -> tuple[float, int, Path]:
    try:
        about = path.stat()
    except FileNotFoundError:
        return 0.0, 0, path
    return about.st_mtime, about.st_size, path


class Sweep:
    """Keeps the copies few: once an hour, whatever nobody asked for in a day goes, and what is more than `most` bytes.

    So a file that was purged is gone from here within a day or so, too: nobody can ask for it any more.
    """

    def __init__(self, derived: Derived, most: int) -> None:
        self.derived, self.most, self.next = derived, most, datetime.min.replace(tzinfo=UTC)

    def run(self, now: datetime) -> int:
        """Returns how many went; nothing where it ran a moment ago. `now` is of the real clock."""
        if now < self.next:
            return 0
        self.next = now + EVERY
        return self.derived.trim(self.most, (now - KEPT_FOR).timestamp())
