"""Where the files of a package come from: a folder, or a folder with a second one beside it."""

import posixpath
from pathlib import Path
from typing import Protocol

from courses.packages.suggestions import did_you_mean
from fourweek.language import _

MAX_PATH = 300


class Source(Protocol):
    """Files by a clean relative path with `/`; nothing outside can be reached."""

    def has(self, path: str) -> bool: ...

    def size(self, path: str) -> int: ...

    def read(self, path: str) -> bytes: ...

    def beside(self, path: str) -> list[str]:
        """The paths of the files in the folder of `path`, for suggestions."""
        ...


class FolderSource:
    """Files below `root`; where one is missing there, below `second` (the manifest's own folder)."""

    def __init__(self, root: Path, second: Path | None = None) -> None:
        self._roots = [folder.resolve() for folder in (root, second) if folder is not None]

    def has(self, path: str) -> bool:
        return self._find(path) is not None

    def size(self, path: str) -> int:
        return self._found(path).stat().st_size

    def read(self, path: str) -> bytes:
        return self._found(path).read_bytes()

    def beside(self, path: str) -> list[str]:
        folder = posixpath.dirname(path)
        paths = []
        for root in self._roots:
            here = root / folder
            if here.is_dir():
                paths += [posixpath.join(folder, entry.name) for entry in sorted(here.iterdir())[:500]]
        return paths

    def _find(self, path: str) -> Path | None:
        for root in self._roots:
            try:
                found = (root / path).resolve()
                if found.is_relative_to(root) and found.is_file():
                    return found
            except (OSError, ValueError, RuntimeError):
                continue  # a name that the file system cannot hold, or a loop of links
        return None

    def _found(self, path: str) -> Path:
        found = self._find(path)
        if found is None:
            raise FileNotFoundError(path)
        return found


def clean_path(path: str, folder: str = "") -> str | None:
    """`path` as seen from `folder`, without dots; None where it is absolute or leaves the source."""
    if not path or len(path) > MAX_PATH or not path.isprintable():
        return None
    if path.startswith("/") or "\\" in path or ":" in path.partition("/")[0]:
        return None
    clean = posixpath.normpath(posixpath.join(folder, path))
    return None if clean == ".." or clean.startswith(("../", "/")) else clean


def missing(source: Source, path: str) -> str:
    """The sentence for a file that is not there, with the nearest name that is."""
    return _('The file "{path}" is missing.{path2}', path=path, path2=did_you_mean(path, source.beside(path)))
