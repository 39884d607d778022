"""Finds the manifest of a package and the source of its files, in a folder, beside foreign material, or in a zip."""

from collections.abc import Mapping
from pathlib import Path

from courses.packages.archives import MANIFEST, ArchiveRefusedError, ZipSource, open_archive
from courses.packages.fields import Document
from courses.packages.manifest import load_toml, source_folder
from courses.packages.models import Problem
from courses.packages.sources import FolderSource, Source, clean_path
from fourweek.language import _
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class OpenPackage:
    """The table of the manifest, the document for its problems, and where the files are."""

    table: Mapping[str, object]
    document: Document
    source: Source


def open_package(path: Path, source: Path | None) -> OpenPackage | list[Problem]:
    """The package, or the problems for which it cannot be opened; raises OSError where the disk fails."""
    if path.suffix.lower() == ".zip" and path.is_file():
        return _open_zip(path)
    manifest = path / MANIFEST if path.is_dir() else path
    if not manifest.is_file():
        found = (
            _("The folder has no {manifest}.", manifest=MANIFEST)
            if path.is_dir()
            else _("There is no such file or folder.")
        )
        return [Problem(path.name, None, found)]
    table, document = load_toml(manifest.name, manifest.read_bytes())
    if table is None:
        return document.problems
    return OpenPackage(table, document, _folder(manifest, table, document, source))


def _folder(manifest: Path, table: Mapping[str, object], document: Document, source: Path | None) -> Source:
    named = clean_path(source_folder(table))
    folder = source or manifest.parent / (named or ".")
    if named is None and source is None:
        document.say(("source",), _("The source must be a folder below this file; name another one when checking."))
    elif not folder.is_dir():
        document.say(
            ("source",),
            _('The folder "{named}" with the pages is missing; name it when checking.', named=source or named),
        )
    return FolderSource(folder, manifest.parent)


def _open_zip(path: Path) -> OpenPackage | list[Problem]:
    try:
        archive = open_archive(path)
    except ArchiveRefusedError as refused:
        return [Problem(path.name, None, reason) for reason in refused.reasons]
    table, document = load_toml(MANIFEST, archive.read(MANIFEST))
    if table is None:
        return document.problems
    folder = clean_path(source_folder(table))
    if folder is None:
        document.say(("source",), _("The source must be a folder inside the zip."))
    return OpenPackage(table, document, _ZipSources(archive.below(folder or "."), archive))


@dataclass(frozen=True, slots=True)
class _ZipSources:
    """The source folder of a zip, then the folder of its manifest: as FolderSource does it."""

    first: ZipSource
    second: ZipSource

    def has(self, path: str) -> bool:
        return self.first.has(path) or self.second.has(path)

    def size(self, path: str) -> int:
        return self._holder(path).size(path)

    def read(self, path: str) -> bytes:
        return self._holder(path).read(path)

    def beside(self, path: str) -> list[str]:
        return self.first.beside(path) + self.second.beside(path)

    def _holder(self, path: str) -> ZipSource:
        return self.first if self.first.has(path) else self.second
