"""Reads a whole course package and says everything that is wrong with it in one pass."""

from pathlib import Path

from courses.packages.fields import Document
from courses.packages.manifest import (
    SHORT,
    AchievementEntry,
    AssignmentEntry,
    LessonEntry,
    Manifest,
    ModuleEntry,
    read_manifest,
)
from courses.packages.models import (
    ParsedAchievement,
    ParsedCourse,
    ParsedLesson,
    ParsedModule,
    ParsedPage,
    Problem,
    RawAssignment,
)
from courses.packages.opening import open_package
from courses.packages.pages import Pages
from fourweek.language import _


def read_package(path: Path, source: Path | None = None) -> tuple[ParsedCourse | None, list[Problem]]:
    """Read a folder with a course.toml, a manifest file, or a zip; never raises on bad input.

    `source` stands in for the manifest's own `source`, so that a manifest serves a folder elsewhere.
    The course is as complete as its problems allow, so that assignments can be checked in the same pass; it may be
    published only where `has_errors` says no. It is None where the manifest itself cannot be read.
    """
    try:
        package = open_package(path, source)
        if isinstance(package, list):
            return None, package
        manifest = read_manifest(package.table, package.document)
        pages = Pages(manifest, package.document, package.source)
        return _course(manifest, package.document, pages), pages.problems()
    except OSError as error:
        return None, [Problem(path.name, None, _("This cannot be read: {error}.", error=error.strerror or error))]


def _course(said: Manifest, document: Document, pages: Pages) -> ParsedCourse:
    about = pages.read(said.description, (*said.course.path, "description"), said.title) if said.description else None
    modules = tuple(_module(entry, said, document, pages) for entry in said.modules)
    return ParsedCourse(
        code=said.code,
        title=said.title,
        summary=said.summary,
        language=said.language,
        version=said.version,
        licence=said.licence,
        partner=said.partner,
        price=said.price,
        attribution=said.attribution,
        attribution_html=pages.inline(said.attribution, (*said.course.path, "attribution")),
        skills=said.skills,
        authors=said.authors,
        description_html=about.page.html if about else "",
        description_text=about.page.text if about else "",
        description_files=pages.files(set(about.page.file_paths)) if about else (),
        achievement=_achievement(said.achievement, document, pages),
        credit=said.credit,
        competencies=said.competencies,
        modules=modules,
        package_sha256=pages.digest(),
    )


def _achievement(entry: AchievementEntry, document: Document, pages: Pages) -> ParsedAchievement:
    path = entry.fields.path
    return ParsedAchievement(
        name=entry.name,
        description=entry.description,
        criteria=entry.criteria,
        criteria_html=pages.blocks(entry.criteria, (*path, "criteria")),
        icon=entry.icon,
        picture=pages.picture(entry.picture, (*path, "picture")) if entry.picture else None,
        valid_months=entry.valid_months,
        file=document.file,
        path=path,
        lines=document.lines,
    )


def _module(entry: ModuleEntry, said: Manifest, document: Document, pages: Pages) -> ParsedModule:
    lessons = [found for part in entry.lessons if (found := _lesson(part, document, pages)) is not None]
    assignments = tuple(
        _assignment(entry, number, part, said, document, pages) for number, part in enumerate(entry.assignments, 1)
    )
    shown: list[ParsedPage] = [page for _, page in lessons]
    shown += [raw.page for raw in assignments if raw.page]
    return ParsedModule(
        number=entry.number,
        title=entry.title,
        summary=entry.summary,
        activities=entry.activities,
        lessons=tuple(lesson for lesson, _ in lessons),
        assignments=assignments,
        files=pages.files({path for page in shown for path in page.file_paths}),
    )


def _lesson(entry: LessonEntry, document: Document, pages: Pages) -> tuple[ParsedLesson, ParsedPage] | None:
    found = pages.read(entry.file, (*entry.fields.path, "file"), entry.title)
    if found is None:
        return None
    if not found.title:
        document.say(
            entry.fields.path,
            _('"{file}" has no title: give one here, in its front matter or heading.', file=entry.file),
        )
    elif len(found.title) > SHORT:
        document.say(
            entry.fields.path,
            _('The title of "{file}" is longer than {short} characters.', file=entry.file, short=SHORT),
        )
    lesson = ParsedLesson(
        slug=pages.slugs[entry.fields.path],
        title=found.title,
        kind=entry.kind,
        minutes=found.minutes if entry.minutes is None else entry.minutes,
        html=found.page.html,
        text=found.page.text,
        toc=found.page.toc,
        file=found.page.file,
    )
    return lesson, found.page


def _assignment(
    module: ModuleEntry, number: int, entry: AssignmentEntry, said: Manifest, document: Document, pages: Pages
) -> RawAssignment:
    title = entry.fields.table.get("title")
    shown = title if isinstance(title, str) else ""
    found = pages.read(entry.instructions, (*entry.fields.path, "instructions"), shown)
    return RawAssignment(
        table=entry.fields.table,
        path=entry.fields.path,
        file=document.file,
        lines=document.lines,
        module_number=module.number,
        number=number,
        page=found.page if found else None,
        competencies=tuple(competency.key for competency in said.competencies),
    )
