"""Zip and tar archives without names: packed anew, each file cleaned as it would be alone.

Nothing is left out silently: what cannot be cleaned makes the whole archive one that cannot be, and only what
systems strew in on their own is dropped.
"""

import gzip
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import field
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from assessments.cleaning.kinds import Clean, clean_way
from assessments.evidence.kinds import media_type
from assessments.identity.self_naming import Author, named_in
from assessments.showing import limits
from assessments.showing.kinds import HEAD
from fourweek.light import dataclass

MOST_FILES, LONGEST_NAME, PIECE = 2_000, 1_000, 1024 * 1024
_STREWN = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
_PAGES = frozenset({".html", ".htm", ".css"})
_CLEANERS = {
    Clean.PICTURE: "pictures",
    Clean.PDF: "pdfs",
    Clean.OFFICE: "office",
    Clean.FILM: "films",
    Clean.MP3: "mp3s",
    Clean.WAV: "wavs",
    Clean.OGG: "oggs",
    Clean.WEBM: "webms",
}
Put = Callable[[str, Path], None]


@dataclass(slots=True)
class _Names:
    """What files and folders are called: as they were, unless that names the author."""

    author: Author
    given: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def of(self, path: str) -> str:
        """Raises ValueError for a path that leads out, is too long, or was there already."""
        parts = PurePosixPath(path.replace("\\", "/")).parts
        if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or len(path) > LONGEST_NAME:
            raise ValueError("a name that leads nowhere")
        called = "/".join(self._one(part, is_file=part is parts[-1]) for part in parts)
        if called in self.taken:
            raise ValueError("two files of one name")
        self.taken.add(called)
        return called

    def _one(self, part: str, *, is_file: bool) -> str:
        if not named_in(part, self.author, running=False):
            return part
        ending = PurePosixPath(part).suffix.lower() if is_file else ""
        known = ending if media_type(ending) != "application/octet-stream" or ending in _PAGES else ""
        return self.given.setdefault(part, f"renamed-{len(self.given) + 1}{known}")


def draw(source: Path, target: Path, _number: int, names: tuple[str, ...] = ()) -> dict[str, Any]:
    """Write it; `names` are the author's. Raises what zipfile, tarfile and the cleaners raise, and ValueError."""
    called = _Names(Author(names))
    with source.open("rb") as packed:
        is_zip = packed.read(2) == b"PK"
    if is_zip:
        _zip_anew(source, target, called)
    else:
        _tar_anew(source, target, called)
    return {"ending": "bin", "size": target.stat().st_size}


def _zip_anew(source: Path, target: Path, called: _Names) -> None:
    with ZipFile(source) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:

        def files() -> Iterator[tuple[str, IO[bytes]]]:
            for one in old.infolist():
                if not one.is_dir():
                    with old.open(one) as reads:
                        yield one.filename, reads

        def put(name: str, cleaned: Path) -> None:
            about = ZipInfo(name)
            about.compress_type = ZIP_DEFLATED
            with cleaned.open("rb") as reads, new.open(about, "w", force_zip64=True) as writes:
                _copy(reads, writes)

        _clean_all(files(), called, target, put)


def _tar_anew(source: Path, target: Path, called: _Names) -> None:
    with source.open("rb") as begins:
        is_packed = begins.read(2) == b"\x1f\x8b"
    with target.open("wb") as plain:
        writes: Any = gzip.GzipFile("", "wb", fileobj=plain, mtime=0) if is_packed else plain
        with (
            tarfile.open(source, "r|gz" if is_packed else "r|") as old,
            tarfile.open(fileobj=writes, mode="w|", format=tarfile.GNU_FORMAT) as new,
        ):

            def files() -> Iterator[tuple[str, IO[bytes]]]:
                for one in old:
                    if not one.isdir() and not one.isfile():
                        raise ValueError("neither a file nor a folder")
                    reads = old.extractfile(one)
                    if reads is not None:
                        yield one.name, reads

            def put(name: str, cleaned: Path) -> None:
                about = tarfile.TarInfo(name)
                about.size = cleaned.stat().st_size
                with cleaned.open("rb") as reads:
                    new.addfile(about, reads)

            _clean_all(files(), called, target, put)
        if is_packed:
            writes.close()


def _clean_all(files: Iterator[tuple[str, IO[bytes]]], called: _Names, target: Path, put: Put) -> None:
    """`left` counts down what may still come out of it, whatever the archive says of its files' lengths."""
    left, found = [limits.CLEANED_BYTES], 0
    member, cleaned = target.with_name("member"), target.with_name("member-cleaned")
    for path, reads in files:
        if _STREWN & set(PurePosixPath(path).parts):
            continue
        found += 1
        if found > MOST_FILES:
            raise ValueError("too many files")
        with member.open("wb") as writes:
            _copy(reads, writes, left)
        put(called.of(path), _cleaned(path, member, cleaned))
    if not found:
        raise ValueError("nothing in it")


def _cleaned(path: str, member: Path, cleaned: Path) -> Path:
    """Where the cleaned file lies. Raises ValueError for a kind that cannot be cleaned, archives in archives too."""
    ending = PurePosixPath(path).suffix.lower()
    with member.open("rb") as reads:
        head = reads.read(HEAD)
    kind = "text/plain" if ending in _PAGES else media_type(ending)
    way = clean_way(kind, head) if head else Clean.AS_IS
    if way is Clean.AS_IS:
        return member
    if way not in _CLEANERS:
        raise ValueError("holds a file that cannot be cleaned")
    import_module(f"assessments.cleaning.{_CLEANERS[way]}").draw(member, cleaned, 1)
    return cleaned


def _copy(reads: IO[bytes], writes: IO[bytes], left: list[int] | None = None) -> None:
    while piece := reads.read(PIECE):
        if left is not None:
            left[0] -= len(piece)
            if left[0] < 0:
                raise ValueError("too large once unpacked")
        writes.write(piece)
