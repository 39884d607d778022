"""The folder of all backups of a school: one folder for each, and the files of the store, which they share.

2026-11-02T09-00-00Z/  manifest.json  database/*.jsonl.gz  files.tsv.gz  own.tar  keys.tar.age
files/ab/cd/abcd…
"""

import gzip
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from fourweek.backup.errors import NoBackup, NotMade
from fourweek.backup.manifest import NAME, Manifest, Part, read_manifest
from fourweek.clock import real_time
from fourweek.errors import NotFound
from fourweek.light import dataclass
from fourweek.storage import LocalStore, digest_of
from fourweek.storage.local import sync_folder
from fourweek.storage.store import key_of

try:
    import fcntl
except ImportError:  # Windows: whoever makes backups takes care that one runs at a time
    fcntl = None  # type: ignore[assignment]

MADE = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
LISTED = re.compile(r"([0-9a-f]{64})\t([0-9]{0,15})\n")
FILES, LIST, ABOUT = "files", "files.tsv.gz", "README.txt"
ABOUT_TEXT = """Backups of a Fourweek school. Each folder named after an instant (UTC) is one;
without a manifest.json it is none.

database/*.jsonl.gz  a table each: lines of JSON, gzip; the manifest names the columns and the digests
files.tsv.gz         the files that the rows name: SHA-256 and size in bytes
own.tar              the institution's own texts and logo, from the home folder
files/ab/cd/abcd...  those files, under their SHA-256; all backups in here share them
keys.tar.age         SECRET: the private keys, encrypted with a passphrase (https://age-encryption.org, `age -d`)

`fourweek restore` brings a school back from here into an empty place. Rows hold personal data: guard this folder.
"""


@dataclass(frozen=True, slots=True)
class Backup:
    """One that is whole."""

    folder: Path
    manifest: Manifest

    @property
    def store(self) -> LocalStore:
        return LocalStore(self.folder.parent / FILES)


@dataclass(frozen=True, slots=True)
class Backups:
    """All backups of a school, in the folder that holds them."""

    root: Path

    @property
    def store(self) -> LocalStore:
        return LocalStore(self.root / FILES)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else makes or takes away backups here meanwhile. What a killed one left half done goes first."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._refuse_foreign()
        with (self.root / ".lock").open("w") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise NotMade(f"Another backup to {self.root} is running.") from None
            (self.root / ABOUT).write_text(ABOUT_TEXT)
            (self.root / FILES).mkdir(exist_ok=True, mode=0o700)
            self._clear()
            yield

    def _refuse_foreign(self) -> None:
        """A folder that has anything else in it, such as a school, is none for us to clear and prune."""
        about = self.root / ABOUT
        if about.exists() and about.read_text().startswith(ABOUT_TEXT[:20]):
            return
        if others := sorted(path.name for path in self.root.iterdir() if path.name not in (".lock", "lost+found")):
            raise NotMade(f"{self.root} is no folder of backups: {others[0]} is in it. Name an empty or a new one.")

    def _clear(self) -> None:
        for folder in self._folders():
            if not (folder / NAME).exists():
                shutil.rmtree(folder)
        self.store.sweep(real_time() + timedelta(days=1))

    def _folders(self) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if MADE.fullmatch(path.name) and path.is_dir())

    def names(self) -> list[str]:
        """The whole ones, oldest first."""
        return [folder.name for folder in self._folders() if (folder / NAME).exists()]

    def new_folder(self, at: datetime) -> Path:
        """An empty folder for a backup of this instant, or of the first free second after it."""
        while True:
            folder = self.root / at.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
            if not folder.exists():
                folder.mkdir(mode=0o700)
                return folder
            at += timedelta(seconds=1)

    def prune(self, keep: int) -> tuple[int, int]:
        """Take away all backups but the newest `keep`, then the files that only they named: how many of each.

        A backup loses its manifest first. Killed on the way, the next one goes on.
        """
        old = self.names()[:-keep]
        for name in old:
            (self.root / name / NAME).unlink()
            shutil.rmtree(self.root / name)
        named = {bytes.fromhex(sha256) for name in self.names() for sha256, _ in listed(self.root / name)}
        gone = [one for one in self.store.found() if one.sha256 and bytes.fromhex(one.sha256) not in named]
        for one in gone:
            (self.store.root / one.name).unlink()
        return len(old), len(gone)


def open_backup(place: Path) -> Backup:
    """The backup in a folder, or the newest of a folder of backups. Raises NoBackup."""
    if not (place / NAME).exists() and place.is_dir() and (names := Backups(place).names()):
        place = place / names[-1]
    place = place.resolve()
    return Backup(place, read_manifest(place))


def write_list(path: Path, files: Iterable[tuple[str, int | None]]) -> int:
    """Write down which files a backup needs; returns their bytes, as far as rows say."""
    size = 0
    with new_file(path) as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
        for sha256, length in files:
            out.write(f"{sha256}\t{'' if length is None else length}\n".encode())
            size += length or 0
    return size


def listed(folder: Path) -> Iterator[tuple[str, int | None]]:
    """The files a backup needs: SHA-256, and size where a row says it. Raises NoBackup for what is neither."""
    if not (folder / LIST).exists():
        return
    with gzip.open(folder / LIST, "rt") as lines:
        for line in lines:
            found = LISTED.fullmatch(line)
            if found is None:
                raise NoBackup(f"{folder / LIST} names {line.strip()[:100]!r}, which is no file of a store.")
            yield found[1], int(found[2]) if found[2] else None


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, synced when the block ends."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def part_of(folder: Path, path: str, *, secret: bool = False) -> Part:
    """What the manifest says of a file that was written."""
    with (folder / path).open("rb") as handle:
        kept = digest_of(handle)
    return Part(path=path, size=kept.size, sha256=kept.sha256, secret=secret)


def check_parts(backup: Backup) -> list[str]:
    """Which parts are not there as the manifest says, in words."""
    return [words for part in backup.manifest.parts if (words := _wrong(backup.folder, part))]


def refuse_damaged(backup: Backup) -> None:
    """Raises NoBackup unless every part is what the manifest says."""
    if wrong := check_parts(backup):
        raise NoBackup(f"{backup.folder} is damaged: {'; '.join(wrong)}. Take another backup.")


def _wrong(folder: Path, part: Part) -> str:
    if not (folder / part.path).exists():
        return f"{part.path} is missing"
    return "" if part_of(folder, part.path, secret=part.secret) == part else f"{part.path} is not what was written"


def finish(folder: Path, manifest: Manifest) -> None:
    """Make everything durable, then write the manifest: from now on it is a backup."""
    for inner in (folder / "database", folder):
        sync_folder(inner)
    with new_file(folder / f"{NAME}.part") as out:
        out.write(manifest.model_dump_json(indent=1).encode() + b"\n")
    (folder / f"{NAME}.part").rename(folder / NAME)
    sync_folder(folder)
    sync_folder(folder.parent)


def check_files(backup: Backup, tell: Callable[[int], None]) -> Iterator[str]:
    """Read every file of a backup again; names each that is not as it should be. What was lost before is known."""
    lost = {words.partition(":")[0] for words in backup.manifest.lost}
    for sha256, _ in listed(backup.folder):
        place = key_of(sha256)
        try:
            with backup.store.open(sha256) as handle:
                if digest_of(handle, tell).sha256 != sha256:
                    yield f"{place} is not what was written"
        except NotFound:
            if place not in lost:
                yield f"{place} is missing"
