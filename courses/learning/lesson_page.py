"""A lesson: its body, where it stands among the others, and the reader's mark."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from courses.learning.access import Reader, View, reader_of_open
from courses.learning.outline import LessonLine, ModuleOutline, Outline, outline
from courses.learning.queries import LessonBody, lesson_body
from courses.learning.words import say_module
from courses.progress.queries import reads
from courses.progress.service import keep_place, mark_read, mark_unread
from fourweek.accounts.access import Visitor
from fourweek.errors import Forbidden, NotFound
from fourweek.language import _, n_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Mark:
    """The reader's mark on a lesson: where its form goes, whether it is read, what comes next."""

    action: str
    is_read: bool
    next: Link


@dataclass(frozen=True, slots=True)
class MarkPage:
    """What the fragment with the mark needs of its page."""

    mark: Mark | None


@dataclass(frozen=True, slots=True)
class LessonPage:
    """`html` and `attribution_html` were sanitised at publish. `mark` None: staff, and reference pages.

    `address` is that of the cohort's pages; `place` is where it is told how far one has read, "" for staff.
    """

    address: str
    course_title: str
    module_number: int
    module_title: str
    title: str
    kicker: str
    html: str
    language: str
    contents: tuple[tuple[str, str], ...]
    previous: Link | None
    next: Link
    mark: Mark | None
    place: str
    licence: str
    attribution_html: str
    authors: str
    view: View | None = None


def lesson_page(conn: Connection, visitor: Visitor, cohort_id: str, module_number: int, slug: str) -> LessonPage:
    """A lesson of an open module. Raises NotFound for one that is locked or not there. At most five statements."""
    found = reader_of_open(conn, visitor, cohort_id, module_number)
    return lesson_for(conn, found, module_number, slug, visitor.now.school)


def lesson_for(conn: Connection, found: Reader, module_number: int, slug: str, now: datetime) -> LessonPage:
    """A lesson of a module that is open for this reader at `now`. Raises NotFound for one that is not there."""
    modules, module, line = _lesson(conn, found, module_number, slug)
    body = lesson_body(conn, line.id)
    read = reads(conn, found.place.enrolment_id) if found.place and not found.view else frozenset()
    around = tuple(_readable(modules, found, module.number + step, now) for step in (-1, 1))
    return _page(found, module, around, line, body, read)


def set_mark(
    conn: Connection, visitor: Visitor, cohort_id: str, module_number: int, slug: str, *, is_read: bool
) -> MarkPage:
    """Mark a lesson of an open module as read or not. Raises NotFound, or Forbidden for staff without a place."""
    found = reader_of_open(conn, visitor, cohort_id, module_number)
    _modules, module, line = _lesson(conn, found, module_number, slug)
    if found.place is None:
        raise Forbidden(_("Only learners mark lessons as read."))
    if line not in module.lessons:
        raise NotFound
    if is_read:
        mark_read(conn, found.place.enrolment_id, line.id, visitor.now.school)
        keep_place(conn, found.place.enrolment_id, line.id, "", visitor.now.school)
    else:
        mark_unread(conn, found.place.enrolment_id, line.id)
    return MarkPage(_mark(found, module, line, is_read=is_read))


def set_place(conn: Connection, visitor: Visitor, cohort_id: str, module_number: int, slug: str, heading: str) -> None:
    """Note how far a learner has read. A heading that is not there counts as the top. Staff leave no place."""
    found = reader_of_open(conn, visitor, cohort_id, module_number)
    _modules, _module, line = _lesson(conn, found, module_number, slug)
    if found.place is None:
        raise Forbidden(_("Only learners have a place that is kept."))
    known = {one["anchor"] for one in lesson_body(conn, line.id).headings} if heading else set()
    keep_place(conn, found.place.enrolment_id, line.id, heading if heading in known else "", visitor.now.school)


def _lesson(
    conn: Connection, found: Reader, module_number: int, slug: str
) -> tuple[Outline, ModuleOutline, LessonLine]:
    modules = outline(conn, found.cohort.version_id)
    module = modules[module_number - 1]
    line = module.lesson(slug)
    if line is None:
        raise NotFound
    return modules, module, line


def _readable(modules: Outline, found: Reader, number: int, now: datetime) -> ModuleOutline | None:
    """The module of that number, if there is one and its lessons may be named."""
    if not 1 <= number <= len(modules) or not found.may_read(found.dates(number, now), now):
        return None
    return modules[number - 1]


def _page(
    found: Reader,
    module: ModuleOutline,
    around: Sequence[ModuleOutline | None],
    line: LessonLine,
    body: LessonBody,
    read: frozenset[str],
) -> LessonPage:
    is_lesson = line in module.lessons
    place = module.lessons.index(line) if is_lesson else 0
    base = _module_address(found, module)
    marked = is_lesson and not found.is_staff and found.view is None
    return LessonPage(
        address=found.address,
        course_title=found.cohort.course_title,
        module_number=module.number,
        module_title=module.title,
        title=line.title,
        kicker=_kicker(module, line, place if is_lesson else None),
        html=body.html,
        language=body.language,
        contents=tuple((one["text"], f"#{one['anchor']}") for one in body.headings if one["level"] <= 3),
        previous=_previous(found, module, around[0], line),
        next=_after(found, module, around[1], line),
        mark=_mark(found, module, line, is_read=line.id in read) if marked else None,
        place=f"{base}/lessons/{line.slug}/place" if found.place and not found.view else "",
        licence=body.licence,
        attribution_html=body.attribution_html,
        authors=in_a_row(author["name"] for author in body.authors),
        view=found.view,
    )


def _module_address(found: Reader, module: ModuleOutline) -> str:
    return f"{found.address}/modules/{module.number}"


def _kicker(module: ModuleOutline, line: LessonLine, place: int | None) -> str:
    parts = [_("Module {number}", number=module.number)]
    if place is None:
        parts.append(_("To look things up"))
    else:
        parts.append(_("Lesson {number} of {total}", number=place + 1, total=len(module.lessons)))
    if line.minutes:
        parts.append(n_("about {count} minute", "about {count} minutes", line.minutes))
    return " · ".join(parts)


def _previous(found: Reader, module: ModuleOutline, before: ModuleOutline | None, line: LessonLine) -> Link | None:
    """The lesson before this one, in the module before where this is the first; None for a reference page."""
    if line not in module.lessons:
        return None
    if place := module.lessons.index(line):
        return _link(found, module, module.lessons[place - 1])
    return _link(found, before, before.lessons[-1]) if before and before.lessons else None


def _after(found: Reader, module: ModuleOutline, after: ModuleOutline | None, line: LessonLine) -> Link:
    """The lesson after this one, in the module after where this is the last and that one is open."""
    if after and after.lessons and (line,) == module.lessons[-1:]:
        return _link(found, after, after.lessons[0])
    return _next(_module_address(found, module), module, line)


def _link(found: Reader, module: ModuleOutline, line: LessonLine) -> Link:
    return Link(line.title, f"{_module_address(found, module)}/lessons/{line.slug}")


def _next(base: str, module: ModuleOutline, line: LessonLine) -> Link:
    """The lesson after this one; after the last one, and from a reference page, the module."""
    if line in module.lessons[:-1]:
        after = module.lessons[module.lessons.index(line) + 1]
        return Link(after.title, f"{base}/lessons/{after.slug}")
    return Link(say_module(module.number, module.title), base)


def _mark(found: Reader, module: ModuleOutline, line: LessonLine, *, is_read: bool) -> Mark:
    base = _module_address(found, module)
    return Mark(f"{base}/lessons/{line.slug}/read", is_read, _next(base, module, line))
