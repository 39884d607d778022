"""The pages of one package: placed first, so that links can be told apart, then each read and rendered once."""

import hashlib
import posixpath
import re
from functools import partial

from courses.packages.fields import KEY, Document
from courses.packages.frontmatter import FrontMatter, split_front_matter
from courses.packages.library import Library, Work
from courses.packages.lines import TomlPath
from courses.packages.manifest import LessonEntry, Manifest
from courses.packages.markdown import render_blocks, render_inline, render_page
from courses.packages.media import BADGE_PICTURES, MAX_BADGE_BYTES, MAX_PAGE_BYTES, media_type
from courses.packages.models import ParsedFile, ParsedPage, Problem
from courses.packages.places import Place, Shelf
from courses.packages.prompts import NoFiles
from courses.packages.sources import Source, clean_path, missing
from courses.packages.suggestions import did_you_mean
from fourweek.heaps import HEAPED, heaped
from fourweek.language import _
from fourweek.light import dataclass

LEADING_DIGITS = re.compile(r"^[0-9]+[-_. ]*")
NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class PageFile:
    """A page rendered, with its title and the minutes of its front matter (None where it gives none)."""

    page: ParsedPage
    title: str
    minutes: int | None


class Pages:
    """Every page of one package by the path of its file."""

    def __init__(self, manifest: Manifest, document: Document, source: Source) -> None:
        self.language = manifest.language
        self.document = document
        self.source = source
        self.places: dict[str, Place] = {}
        self.slugs: dict[TomlPath, str] = {}
        self.works: list[Work] = []
        self.digests = {document.file: document.sha256}
        self._place_all(manifest)
        self.library = Library(source, self.places)

    def read(self, file: str, path: TomlPath, title: str) -> PageFile | None:
        """The page that the manifest names at `path`; None, with the reason said, where it cannot be read."""
        clean = clean_path(file)
        place = self.places.get(clean) if clean else None
        if place is None or any(work.place is place for work in self.works):
            return None  # said when it was placed
        front = self._body(place.file, path)
        if front is None:
            return None
        work = self._work(place, front.body_line, self.library)
        work.problems += [Problem(place.file, line, words) for line, words in front.faults]
        rendered = render_page(work, front.body, title or front.title)
        return PageFile(rendered.page, title or front.title or rendered.title, front.minutes)

    def blocks(self, text: str, path: TomlPath) -> str:
        """HTML of a short text in the manifest at `path`, with paragraphs and lists."""
        return render_blocks(self._manifest_work(path), text) if text else ""

    def inline(self, text: str, path: TomlPath) -> str:
        """HTML of a sentence in the manifest at `path`."""
        return render_inline(self._manifest_work(path), text) if text else ""

    def picture(self, file: str, path: TomlPath) -> ParsedFile | None:
        """The badge's own picture that the manifest names at `path`; None, with the reason said, without one."""
        clean = clean_path(file)
        if clean is None:
            self.document.say(path, _('"{file}" is not a path inside the source.', file=file))
            return None
        kind = media_type(clean)
        if kind is None or not clean.lower().endswith(BADGE_PICTURES):
            self.document.say(
                path, _('"{file}" is no picture that a badge can have; bring a PNG or an SVG.', file=file)
            )
            return None
        data = self._data(clean, path, MAX_BADGE_BYTES, "a badge is smaller")
        if data is None:
            return None
        digest = self.digests[clean] = hashlib.sha256(data).hexdigest()
        return ParsedFile(clean, kind, len(data), digest, partial(self.source.read, clean))

    def files(self, paths: set[str]) -> tuple[ParsedFile, ...]:
        return self.library.files(paths)

    def digest(self) -> str:
        """One SHA-256 of the manifest and all pages and files read so far."""
        parts = {**self.digests, **self.library.digests()}
        text = "".join(f"{digest}  {path}\n" for path, digest in sorted(parts.items()))
        return hashlib.sha256(text.encode()).hexdigest()

    def problems(self) -> list[Problem]:
        """Everything said, the manifest first, then by file and line."""
        anchors = {work.place.file: work.anchors for work in self.works}
        for work in self.works:
            for file, anchor, line in work.wanted:
                if file in anchors and anchor not in anchors[file]:
                    near = did_you_mean(anchor, anchors[file])
                    work.say(
                        line,
                        _(
                            'The page "{file}" has no place called "#{anchor}".{near}',
                            file=file,
                            anchor=anchor,
                            near=near,
                        ),
                    )
        found = [*self.document.problems, *(problem for work in self.works for problem in work.problems)]
        return sorted(dict.fromkeys(found), key=lambda one: (one.file != self.document.file, one.file, one.line or 0))

    def _place_all(self, manifest: Manifest) -> None:
        about = (*manifest.course.path, "description")
        self._place(manifest.description, about, Place(0, Shelf.ABOUT, "about", ""))
        for module in manifest.modules:
            seen: set[str] = set()
            for entry in module.lessons:
                slug = self.slugs[entry.fields.path] = _slug(entry)
                if slug in seen:
                    entry.fields.say("slug", _('Two lessons of this module have the slug "{slug}".', slug=slug))
                seen.add(slug)
                path = (*entry.fields.path, "file")
                self._place(entry.file, path, Place(module.number, Shelf.LESSONS, slug, ""))
            for task in module.assignments:
                path = (*task.fields.path, "instructions")
                self._place(task.instructions, path, Place(module.number, Shelf.ASSIGNMENTS, task.key, ""))

    def _place(self, file: str, path: TomlPath, place: Place) -> None:
        clean = clean_path(file)
        if clean is None:
            if file:
                self.document.say(path, _('"{file}" is not a path inside the source.', file=file))
        elif clean in self.places:
            self.document.say(path, _('The file "{file}" is already used for another page.', file=file))
        else:
            self.places[clean] = Place(place.module, place.shelf, place.name, clean)

    def _body(self, file: str, path: TomlPath) -> FrontMatter | None:
        data = self._data(file, path, MAX_PAGE_BYTES, "a page is shorter")
        if data is None:
            return None
        self.digests[file] = hashlib.sha256(data).hexdigest()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.document.problems.append(Problem(file, line, _("The file is not UTF-8 text.")))
            return None
        if heaped(text):
            self.document.say(path, _(HEAPED, name=file))
            return None
        return split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))

    def _data(self, file: str, path: TomlPath, most: int, what: str) -> bytes | None:
        if not self.source.has(file):
            self.document.say(path, missing(self.source, file))
            return None
        if self.source.size(file) > most:
            self.document.say(
                path, _('"{file}" is larger than {most} KB; {what}.', file=file, most=most // 1024, what=what)
            )
            return None
        try:
            return self.source.read(file)
        except OSError:
            self.document.say(path, _('"{file}" cannot be read.', file=file))
            return None

    def _manifest_work(self, path: TomlPath) -> Work:
        """A text of the manifest stands on many pages, so it can link to no file."""
        line = self.document.lines.line(path) or 1
        place = Place(0, Shelf.ABOUT, "about", self.document.file)
        return self._work(place, line - 1, Library(NoFiles(), {}))

    def _work(self, place: Place, first_line: int, library: Library) -> Work:
        work = Work(place, library, first_line, language=self.language)
        self.works.append(work)
        return work


def _slug(entry: LessonEntry) -> str:
    """The slug that is given, else the file's name without folders, ending and leading digits."""
    if entry.slug or not entry.file:
        return entry.slug
    stem = posixpath.splitext(posixpath.basename(entry.file))[0].lower()
    slug = NOT_SLUG.sub("-", LEADING_DIGITS.sub("", stem)).strip("-")[:60]
    if not KEY.fullmatch(slug):
        entry.fields.say("file", _("No slug can be made from this file name; give one with slug."))
    return slug
