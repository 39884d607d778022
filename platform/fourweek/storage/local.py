"""Files in a folder on a disk of this machine (or one that all its machines mount)."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.storage.spool import Spooling, sync_or_drop
from fourweek.storage.store import Found, Part, buffered, digest_in, key_of
from fourweek.storage.trouble import disk_as_busy

OWN_FOLDERS = frozenset({"spool", "trash"})


class LocalStore(Spooling):
    """Files in two levels of folders under `root`, spooled on the same disk.

    A file is synced, renamed to its place, and its folder synced, in this order, before `keep` returns. `claim` touches
    a file that is there. `remove` first takes it away under another name and looks at its time only then: a claim that
    came before that is seen and the file goes back, one that comes after finds no file and writes it anew.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root / "spool")
        self.root = root
        self.trash = root / "trash"
        self._synced = bytearray(1 << 16)  # a folder's number → whether this process made its own entry durable

    def place(self, sha256: str) -> Path:
        return self.root / key_of(sha256)

    def keep(self, spooled: Path, sha256: str) -> None:
        with disk_as_busy():
            if self.claim(sha256, spooled.stat().st_size):
                spooled.unlink()
                return
            sync_or_drop(spooled)
            target = self.place(sha256)
            self._make_folder(target)
            spooled.chmod(0o400)
            spooled.rename(target)
            self._sync_place(target)

    def claim(self, sha256: str, size: int) -> bool:
        target = self.place(sha256)
        try:
            with disk_as_busy():
                os.utime(target)
                if target.stat().st_size != size:  # damaged: `keep` puts the right one in its place
                    return False
                self._sync_place(target)
        except FileNotFoundError:
            return False
        return True

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
        sync_folder(target.parent)
        if not self._synced[_number(target)]:
            sync_folder(target.parent.parent)
            sync_folder(self.root)
            self._synced[_number(target)] = True

    def open(self, sha256: str, part: range | None = None) -> BinaryIO:
        with _missing_as_not_found():
            handle = self.place(sha256).open("rb")
        if part is None:
            return handle
        handle.seek(part.start)
        return buffered(Part(handle, len(part)))

    @contextmanager
    def borrow(self, sha256: str) -> Iterator[Path]:
        """The file itself."""
        self.size(sha256)
        yield self.place(sha256)

    def has(self, sha256: str) -> bool:
        return self.place(sha256).exists()

    def size(self, sha256: str) -> int:
        with _missing_as_not_found():
            return self.place(sha256).stat().st_size

    def found(self, prefix: str = "") -> Iterator[Found]:
        for folder, folders, files in os.walk(self.root / prefix):
            if folder == str(self.root):
                folders[:] = [name for name in folders if name not in OWN_FOLDERS]
            folders.sort()
            for name in sorted(files):
                with suppress(FileNotFoundError):
                    yield self._found(Path(folder) / name)

    def _found(self, path: Path) -> Found:
        name, facts = path.relative_to(self.root).as_posix(), path.stat()
        return Found(name, digest_in(name), facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))

    def remove(self, sha256: str, before: datetime) -> bool:
        place, aside = self.place(sha256), self.trash / f"{sha256}.{secrets.token_hex(4)}"
        self.trash.mkdir(exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):  # somebody else removed it, or put it back
            place.rename(aside)
            if aside.stat().st_mtime < before.timestamp():
                aside.unlink()
                return True
            self._return(aside)
        return False

    def put_back(self) -> None:
        """Return what a sweep that was killed had taken away; if nobody wants it, the next one takes it again."""
        for aside in self.trash.glob("*"):
            with suppress(FileNotFoundError):
                self._return(aside)

    def _return(self, aside: Path) -> None:
        place = self.place(aside.name.partition(".")[0])
        aside.rename(place)
        sync_folder(place.parent)


def _number(target: Path) -> int:
    """Which of the 65,536 folders a file lies in."""
    return int(target.name[:4], 16)


@contextmanager
def _missing_as_not_found() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound(_("The file is not in the store.")) from None


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
