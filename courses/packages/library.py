"""The pages and files of one package while its pages are rendered: finds what a link means and notes what is used."""

import hashlib
from collections.abc import Mapping
from dataclasses import field
from functools import partial
from urllib.parse import SplitResult, unquote, urlsplit

from courses.packages.figures import Figure, read_figure
from courses.packages.media import MAX_FILE_BYTES, is_picture, media_type
from courses.packages.models import Heading, ParsedFile, Problem, Severity
from courses.packages.places import Place, Shelf, file_address, page_address
from courses.packages.sources import Source, clean_path, missing
from fourweek.language import _
from fourweek.light import dataclass

OUTSIDE = ("http", "https", "mailto")
PAGES = (".md", ".markdown")


@dataclass(slots=True)
class Work:
    """One page being rendered: where it stands, how many lines stand before its body, and what was met."""

    place: Place
    library: "Library"
    first_line: int = 0
    language: str = "en"
    problems: list[Problem] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    toc: list[Heading] = field(default_factory=list)
    wanted: list[tuple[str, str, int]] = field(default_factory=list)
    """Anchors that links of this page need: (file of the page, anchor, line)."""
    files: dict[str, None] = field(default_factory=dict)

    def say(self, line: int, message: str, severity: Severity = Severity.ERROR) -> None:
        """Record a problem at `line` of the body, from 0."""
        self.problems.append(Problem(self.place.file, self.first_line + line + 1, message, severity))


@dataclass(frozen=True, slots=True)
class Target:
    """A link resolved: its address, and whether it leaves the course."""

    address: str
    outside: bool = False


class Library:
    """Pages by the path of their file, and the files beside them, each read once."""

    def __init__(self, source: Source, places: Mapping[str, Place]) -> None:
        self.source = source
        self.places = places
        self._files: dict[str, ParsedFile] = {}
        self._figures: dict[str, Figure] = {}

    def link(self, work: Work, href: str, line: int) -> Target | None:
        """Where a link goes; None where it may not or cannot go there, which is said."""
        try:
            return self._link(work, href, line)
        except _RefusedError as refused:
            work.say(line, str(refused))
            return None

    def picture(self, work: Work, src: str, line: int) -> tuple[str, tuple[int, int] | None] | None:
        """A picture's address and size; None where there is none to show, which is said."""
        try:
            path = self._picture_path(work, src)
            self._take(work, path)
        except _RefusedError as refused:
            work.say(line, str(refused))
            return None
        return file_address(work.place, path), self._figures[path].size

    def files(self, paths: set[str]) -> tuple[ParsedFile, ...]:
        return tuple(self._files[path] for path in sorted(paths) if path in self._files)

    def digests(self) -> dict[str, str]:
        """The SHA-256 of every file read, by path."""
        return {path: file.sha256 for path, file in self._files.items()}

    def _link(self, work: Work, href: str, line: int) -> Target:
        parts = _split(href)
        if parts.scheme.lower() in OUTSIDE:
            return Target(href, outside=True)
        if parts.scheme or parts.netloc:
            raise _RefusedError(_('"{href}": links go to http, https, mailto or into the course.', href=href[:80]))
        anchor = unquote(parts.fragment)
        path = self._path(work, parts.path, href) if parts.path else work.place.file
        if path == work.place.file or path in self.places:
            return self._page(work, self.places.get(path, work.place), anchor, line)
        if path.lower().endswith(PAGES) and self.source.has(path):
            raise _RefusedError(_('"{path}" is no page of this course; add it as a lesson or reference.', path=path))
        self._take(work, path)
        return Target(file_address(work.place, path))

    def _page(self, work: Work, target: Place, anchor: str, line: int) -> Target:
        if work.place.shelf is Shelf.ABOUT and target != work.place:
            raise _RefusedError(_("The public description cannot link to a lesson, which may be locked."))
        if target.module > work.place.module:
            words = _("This links to week {module}, which is still locked when this page opens.", module=target.module)
            work.say(line, words, Severity.WARNING)
        if anchor:
            work.wanted.append((target.file, anchor, line))
        return Target(page_address(work.place, target, anchor))

    def _picture_path(self, work: Work, src: str) -> str:
        parts = _split(src)
        if parts.scheme or parts.netloc:
            raise _RefusedError(_('"{src}": a picture must be a file of the course, so that it stays.', src=src[:80]))
        path = self._path(work, parts.path, src)
        if not is_picture(path):
            raise _RefusedError(
                _('"{src}" is no picture of a kind that can be shown (PNG, JPEG, GIF, WebP, SVG).', src=src[:80])
            )
        return path

    def _take(self, work: Work, path: str) -> None:
        """Note the file at `path` as one that this page needs; read it the first time."""
        if path not in self._files:
            self._read(work, path)
        work.files[path] = None

    def _read(self, work: Work, path: str) -> None:
        kind = media_type(path)
        if not self.source.has(path):
            raise _RefusedError(missing(self.source, path))
        if kind is None:
            raise _RefusedError(_('"{path}": files of this kind cannot be part of a lesson.', path=path))
        if self.source.size(path) > MAX_FILE_BYTES:
            raise _RefusedError(
                _('"{path}" is larger than {max_file_bytes} MB.', path=path, max_file_bytes=MAX_FILE_BYTES // 2**20)
            )
        try:
            data = self.source.read(path)
        except OSError as error:
            raise _RefusedError(_('"{path}" cannot be read.', path=path)) from error
        if is_picture(path):
            self._look(work, path, data)
        digest = hashlib.sha256(data).hexdigest()
        self._files[path] = ParsedFile(path, kind, len(data), digest, partial(self.source.read, path))

    def _look(self, work: Work, path: str, data: bytes) -> None:
        figure = self._figures[path] = read_figure(path, data)
        work.problems += [Problem(path, None, fault) for fault in figure.faults]
        work.problems += [Problem(path, None, note, Severity.WARNING) for note in figure.notes]

    def _path(self, work: Work, path: str, shown: str) -> str:
        clean = clean_path(unquote(path), work.place.file.rpartition("/")[0])
        if clean is None:
            raise _RefusedError(_('"{shown}" leaves the folder of the course.', shown=shown[:80]))
        return clean


class _RefusedError(Exception):
    """Why a link or picture cannot stand."""


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:
        raise _RefusedError(_('"{address}" is no address.', address=address[:80])) from error
