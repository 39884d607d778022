"""Zip packages: everything is checked by the directory of the zip before a byte is unpacked."""

import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from courses.packages.sources import clean_path
from fourweek.heaps import HEAPED, composed, heaped
from fourweek.language import _

MAX_ENTRIES = 5_000
MAX_TOTAL_BYTES = 400 * 1024 * 1024
MAX_RATIO = 200
RATIO_FREE_BYTES = 1024 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
MANIFEST = "course.toml"
SHOWN = 40
DAMAGED = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, ValueError, NotImplementedError)
"""What a zip raises whose bytes are not what its directory says."""


class ArchiveRefusedError(Exception):
    """The zip may not be unpacked; `reasons` say why, one sentence each."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class ZipSource:
    """The files of a zip below its course.toml; each read opens the zip again, so it may be kept and passed on."""

    def __init__(self, archive: Path, root: str, names: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self.root = root
        self._names = names

    def below(self, folder: str) -> "ZipSource":
        """The same zip, read from a folder inside it."""
        root = posixpath.join(self.root, folder) if folder not in {"", "."} else self.root
        return ZipSource(self._archive, root, self._names)

    def has(self, path: str) -> bool:
        return self._full(path) in self._names

    def size(self, path: str) -> int:
        return self._names[self._full(path)].file_size

    def read(self, path: str) -> bytes:
        """The bytes; raises OSError where the zip is damaged."""
        info = self._names.get(self._full(path))
        if info is None:
            raise FileNotFoundError(path)
        try:
            with zipfile.ZipFile(self._archive) as opened:
                return opened.read(info)
        except DAMAGED as error:
            raise OSError(_('"{path}" in the zip is damaged.', path=path)) from error

    def beside(self, path: str) -> list[str]:
        folder = posixpath.dirname(self._full(path))
        near = [name for name in self._names if posixpath.dirname(name) == folder]
        return [posixpath.relpath(name, self.root or ".") for name in near[:500]]

    def _full(self, path: str) -> str:
        return posixpath.join(self.root, path)


def open_archive(archive: Path) -> ZipSource:
    """The source in a zip, rooted at its course.toml; raises ArchiveRefusedError with every reason."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
    except (OSError, *DAMAGED) as error:
        raise ArchiveRefusedError([_("The file is no zip that can be read, or it is cut off.")]) from error
    reasons = _size_reasons(entries)
    if reasons:
        raise ArchiveRefusedError(reasons)
    files = [entry for entry in entries if not entry.is_dir() and not _is_litter(entry.filename)]
    reasons = [reason for entry in files for reason in _entry_reasons(entry)] + _repeat_reasons(files)
    if reasons:
        raise ArchiveRefusedError(reasons)
    names = {entry.filename: entry for entry in files}
    return ZipSource(archive, _root(names), names)


def _size_reasons(entries: list[zipfile.ZipInfo]) -> list[str]:
    reasons = []
    if len(entries) > MAX_ENTRIES:
        reasons.append(
            _(
                "The zip holds {count} files; at most {max_entries} may be in a package.",
                count=len(entries),
                max_entries=MAX_ENTRIES,
            )
        )
    total = sum(entry.file_size for entry in entries)
    if total > MAX_TOTAL_BYTES:
        reasons.append(
            _(
                "Unpacked, the zip is {total} MB; at most {max_total_bytes} MB may be.",
                total=total // 2**20,
                max_total_bytes=MAX_TOTAL_BYTES // 2**20,
            )
        )
    packed = sum(entry.compress_size for entry in entries)
    if total > RATIO_FREE_BYTES and total > packed * MAX_RATIO:
        reasons.append(_("The zip unpacks to far more than real course material does; it was not opened."))
    return reasons


def _entry_reasons(entry: zipfile.ZipInfo) -> list[str]:
    name = entry.orig_filename
    reasons = []
    if heaped(name):
        reasons.append(_(HEAPED, name=f"{name[:SHOWN]}…"))
    elif clean_path(name) != name:
        reasons.append(_('"{name}" is not a plain path inside the package.', name=name))
    if stat.S_IFMT(entry.external_attr >> 16) not in {0, stat.S_IFREG}:
        reasons.append(_('"{name}" is a link or a device; only plain files may be in a package.', name=name))
    if entry.flag_bits & ENCRYPTED:
        reasons.append(_('"{name}" is locked with a password.', name=name))
    elif entry.compress_type not in METHODS:
        reasons.append(_('"{name}" is packed in an unusual way; use a plain zip.', name=name))
    if entry.file_size > RATIO_FREE_BYTES and entry.file_size > entry.compress_size * MAX_RATIO:
        reasons.append(_('"{name}" unpacks to far more than real course material does.', name=name))
    return reasons


def _repeat_reasons(entries: Iterable[zipfile.ZipInfo]) -> list[str]:
    """Names that are one and the same on some file system: by case, or by the form of their accents."""
    seen: set[str] = set()
    reasons = []
    for entry in entries:
        name = composed(entry.filename).casefold()
        if name in seen:
            reasons.append(_('"{filename}" is in the zip twice.', filename=entry.filename))
        seen.add(name)
    return reasons


def _root(names: Iterable[str]) -> str:
    """The folder of course.toml: the top, or the one folder at the top."""
    if MANIFEST in names:
        return ""
    tops = {name.split("/", 1)[0] for name in names}
    if len(tops) == 1 and f"{next(iter(tops))}/{MANIFEST}" in names:
        return tops.pop()
    raise ArchiveRefusedError(
        [_("The zip has no {manifest} at its top, nor in a single folder at its top.", manifest=MANIFEST)]
    )


def _is_litter(name: str) -> bool:
    """What operating systems add to a zip by themselves."""
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}
