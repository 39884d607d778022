"""Reads a whole course package and says everything that is wrong with it in one pass."""

import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from courses.packages.archives import MANIFEST, ArchiveRefusedError, ZipSource, open_archive
from courses.packages.fields import KEY, Document
from courses.packages.frontmatter import FrontMatter, split_front_matter
from courses.packages.library import Library, Work
from courses.packages.manifest import (
    AssignmentEntry,
    LessonEntry,
    Manifest,
    ModuleEntry,
    load_toml,
    read_manifest,
    source_folder,
)
from courses.packages.markdown import RenderedPage, render_blocks, render_inline, render_page
from courses.packages.media import MAX_PAGE_BYTES
from courses.packages.models import (
    ParsedAchievement,
    ParsedCourse,
    ParsedLesson,
    ParsedModule,
    ParsedPage,
    Problem,
    RawAssignment,
)
from courses.packages.places import Place, Shelf
from courses.packages.prompts import NoFiles
from courses.packages.sources import FolderSource, Source, clean_path, missing
from courses.packages.suggestions import did_you_mean

LEADING_DIGITS = re.compile(r"^[0-9]+[-_. ]*")
NOT_SLUG = re.compile(r"[^a-z0-9]+")


def read_package(path: Path, source: Path | None = None) -> tuple[ParsedCourse | None, list[Problem]]:
    """Read a folder with a course.toml, a manifest file, or a zip; never raises on bad input.

    `source` stands in for the manifest's own `source`, so that a manifest serves a folder elsewhere.
    The course is as complete as its problems allow, so that assignments can be checked in the same pass; it may be
    published only where `has_errors` says no. It is None where the manifest itself cannot be read.
    """
    try:
        return _read(path, source)
    except OSError as error:
        return None, [Problem(path.name, None, f"This cannot be read: {error.strerror or error}.")]


def _read(path: Path, source: Path | None) -> tuple[ParsedCourse | None, list[Problem]]:
    if path.suffix.lower() == ".zip" and path.is_file():
        return _read_zip(path)
    manifest = path / MANIFEST if path.is_dir() else path
    if not manifest.is_file():
        found = f"The folder has no {MANIFEST}." if path.is_dir() else "There is no such file or folder."
        return None, [Problem(path.name, None, found)]
    table, document = load_toml(manifest.name, manifest.read_bytes())
    if table is None:
        return None, document.problems
    named = clean_path(source_folder(table))
    folder = source or manifest.parent / (named or ".")
    if named is None:
        document.say(("source",), "The source must be a folder below this file; for another, give it when checking.")
    elif not folder.is_dir():
        document.say(("source",), f'The folder "{source or named}" of the course is missing.')
    read = read_manifest(table, document)
    return _Reading(read, document, FolderSource(folder, manifest.parent)).course()


def _read_zip(path: Path) -> tuple[ParsedCourse | None, list[Problem]]:
    try:
        archive = open_archive(path)
    except ArchiveRefusedError as refused:
        return None, [Problem(path.name, None, reason) for reason in refused.reasons]
    table, document = load_toml(MANIFEST, archive.read(MANIFEST))
    if table is None:
        return None, document.problems
    folder = clean_path(source_folder(table))
    if folder is None:
        document.say(("source",), "The source must be a folder inside the zip.")
    read = read_manifest(table, document)
    return _Reading(read, document, _ZipSources(archive.below(folder or "."), archive)).course()


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


class _Reading:
    """One reading of one package: the manifest is known, now the pages."""

    def __init__(self, manifest: Manifest, document: Document, source: Source) -> None:
        self.manifest = manifest
        self.document = document
        self.source = source
        self.places: dict[str, Place] = {}
        self.slugs = {id(entry): self._slug(entry) for module in manifest.modules for entry in module.lessons}
        self._place_pages()
        self.library = Library(source, self.places)
        self.works: list[Work] = []

    def course(self) -> tuple[ParsedCourse | None, list[Problem]]:
        said = self.manifest
        about = self._about()
        modules = tuple(self._module(entry) for entry in said.modules)
        course = ParsedCourse(
            code=said.code,
            title=said.title,
            summary=said.summary,
            language=said.language,
            version=said.version,
            licence=said.licence,
            attribution=said.attribution,
            attribution_html=self._words(said.attribution, (*said.course.path, "attribution")),
            skills=said.skills,
            authors=said.authors,
            description_html=about.html if about else "",
            description_text=about.text if about else "",
            description_files=self.library.files(set(about.file_paths) if about else set()),
            achievement=self._achievement(),
            category=said.category,
            basis=said.basis,
            competencies=said.competencies,
            modules=modules,
        )
        return course, self._problems()

    def _place_pages(self) -> None:
        for module in self.manifest.modules:
            seen: set[str] = set()
            for lesson in module.lessons:
                self._place(
                    lesson.fields.path, "file", lesson.file, module.number, Shelf.LESSONS, self.slugs[id(lesson)]
                )
                if self.slugs[id(lesson)] in seen:
                    lesson.fields.say("slug", f'Two lessons of this module have the slug "{self.slugs[id(lesson)]}".')
                seen.add(self.slugs[id(lesson)])
            for task in module.assignments:
                path = task.fields.path
                self._place(path, "instructions", task.instructions, module.number, Shelf.ASSIGNMENTS, task.key)

    def _place(self, path: tuple[str | int, ...], key: str, file: str, module: int, shelf: Shelf, name: str) -> None:
        clean = clean_path(file)
        if not file or clean is None:
            if file:
                self.document.say((*path, key), f'"{file}" is not a path inside the source.')
            return
        if clean in self.places:
            self.document.say((*path, key), f'The file "{file}" is already used for another page.')
            return
        self.places[clean] = Place(module, shelf, name, clean)

    def _slug(self, entry: LessonEntry) -> str:
        if entry.slug or not entry.file:
            return entry.slug
        stem = posixpath.splitext(posixpath.basename(entry.file))[0].lower()
        slug = NOT_SLUG.sub("-", LEADING_DIGITS.sub("", stem)).strip("-")[:60]
        if not KEY.fullmatch(slug):
            entry.fields.say("file", "No slug can be made from this file name; give one with slug.")
        return slug

    def _module(self, entry: ModuleEntry) -> ParsedModule:
        first = len(self.works)
        lessons = tuple(lesson for part in entry.lessons if (lesson := self._lesson(part)) is not None)
        assignments = tuple(self._assignment(entry, number, part) for number, part in enumerate(entry.assignments, 1))
        used = {path for work in self.works[first:] for path in work.files}
        return ParsedModule(
            number=entry.number,
            title=entry.title,
            summary=entry.summary,
            activities=entry.activities,
            lessons=lessons,
            assignments=assignments,
            files=self.library.files(used),
        )

    def _lesson(self, entry: LessonEntry) -> ParsedLesson | None:
        rendered = self._page(entry.file, entry.fields.path, "file", entry.title)
        if rendered is None:
            return None
        page, title, minutes = rendered
        if not title:
            self.document.say(
                entry.fields.path, f'The lesson "{entry.file}" has no title: give one here or in the file.'
            )
        return ParsedLesson(
            slug=self.slugs[id(entry)],
            title=title,
            kind=entry.kind,
            minutes=entry.minutes if entry.minutes is not None else minutes,
            html=page.html,
            text=page.text,
            toc=page.toc,
            file=page.file,
        )

    def _assignment(self, module: ModuleEntry, number: int, entry: AssignmentEntry) -> RawAssignment:
        title = entry.fields.table.get("title")
        shown = title if isinstance(title, str) else ""
        rendered = self._page(entry.instructions, entry.fields.path, "instructions", shown)
        return RawAssignment(
            table=entry.fields.table,
            path=entry.fields.path,
            file=self.document.file,
            lines=self.document.lines,
            module_number=module.number,
            number=number,
            page=rendered[0] if rendered else None,
            competencies=tuple(competency.key for competency in self.manifest.competencies),
        )

    def _about(self) -> ParsedPage | None:
        file = self.manifest.description
        if not file:
            return None
        path = (*self.manifest.course.path, "description")
        self._place(path[:-1], "description", file, 0, Shelf.ABOUT, "about")
        rendered = self._page(file, path[:-1], "description", self.manifest.title)
        return rendered[0] if rendered else None

    def _page(
        self, file: str, path: tuple[str | int, ...], key: str, title: str
    ) -> tuple[ParsedPage, str, int | None] | None:
        """A page with its title and the minutes of its front matter; None where it cannot be read."""
        clean = clean_path(file)
        place = self.places.get(clean) if clean else None
        if place is None or any(work.place is place for work in self.works):
            return None
        body = self._body(place.file, (*path, key))
        if body is None:
            return None
        work = self._work(place, body.body_line, self.library)
        work.problems += [Problem(place.file, line, words) for line, words in body.faults]
        rendered: RenderedPage = render_page(work, body.body, title or body.title)
        return rendered.page, title or body.title or rendered.title, body.minutes

    def _body(self, file: str, path: tuple[str | int, ...]) -> FrontMatter | None:
        if not self.source.has(file):
            self.document.say(path, missing(self.source, file))
            return None
        if self.source.size(file) > MAX_PAGE_BYTES:
            self.document.say(path, f'"{file}" is larger than {MAX_PAGE_BYTES // 1024} KB; a page is shorter.')
            return None
        try:
            data = self.source.read(file)
        except OSError:
            self.document.say(path, f'"{file}" cannot be read.')
            return None
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.document.problems.append(Problem(file, line, "The file is not UTF-8 text."))
            return None
        return split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))

    def _achievement(self) -> ParsedAchievement:
        said = self.manifest.achievement
        work = self._manifest_work((*said.fields.path, "criteria"))
        return ParsedAchievement(said.name, said.description, said.criteria, render_blocks(work, said.criteria))

    def _words(self, text: str, path: tuple[str | int, ...]) -> str:
        return render_inline(self._manifest_work(path), text) if text else ""

    def _manifest_work(self, path: tuple[str | int, ...]) -> Work:
        line = self.document.lines.line(path) or 1
        place = Place(0, Shelf.ABOUT, "about", self.document.file)
        return self._work(place, line - 1, Library(NoFiles(), {}))

    def _work(self, place: Place, first_line: int, library: Library) -> Work:
        work = Work(place, library, first_line)
        self.works.append(work)
        return work

    def _problems(self) -> list[Problem]:
        """Everything said, the manifest first, then by file and line."""
        anchors = {work.place.file: work.anchors for work in self.works}
        for work in self.works:
            for file, anchor, line in work.wanted:
                if file in anchors and anchor not in anchors[file]:
                    near = did_you_mean(anchor, anchors[file])
                    work.say(line, f'The page "{file}" has no place called "#{anchor}".{near}')
        found = [*self.document.problems, *(problem for work in self.works for problem in work.problems)]
        return sorted(dict.fromkeys(found), key=lambda one: (one.file != self.document.file, one.file, one.line or 0))
