"""Reading lesson bodies, files and what a search looks through. The caller has authorised the module."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from courses.catalogue.models import CourseFile
from courses.cohorts.queries import MODULE, VERSION
from courses.learning.outline import LESSON
from courses.learning.ranking import Heading, Searched, composed
from fourweek.database import table
from fourweek.files import StoredFile
from fourweek.light import dataclass

FILE = table(CourseFile)

_BODY = (
    select(
        LESSON.c.html,
        LESSON.c.headings,
        VERSION.c.language,
        VERSION.c.licence,
        VERSION.c.attribution_html,
        VERSION.c.authors,
    )
    .join(MODULE, MODULE.c.id == LESSON.c.module_id)
    .join(VERSION, VERSION.c.id == MODULE.c.version_id)
    .where(LESSON.c.id == bindparam("lesson"))
)
_FILE = (
    select(FILE.c.path, FILE.c.media_type, FILE.c.sha256, FILE.c.size)
    .join(MODULE, MODULE.c.id == FILE.c.module_id)
    .where(
        MODULE.c.version_id == bindparam("version"),
        MODULE.c.number == bindparam("number"),
        FILE.c.path == bindparam("path"),
    )
)
_OPEN = (
    select(MODULE.c.number, LESSON.c.slug, LESSON.c.title, LESSON.c.headings, LESSON.c.plain_text)
    .join(MODULE, MODULE.c.id == LESSON.c.module_id)
    .where(MODULE.c.version_id == bindparam("version"), MODULE.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(MODULE.c.number, LESSON.c.position)
)


@dataclass(frozen=True, slots=True)
class LessonBody:
    """A lesson's sanitised HTML and headings, and what its version says of language, licence and authors."""

    html: str
    headings: list[dict[str, Any]]
    language: str
    licence: str
    attribution_html: str
    authors: list[dict[str, str]]


def lesson_body(conn: Connection, lesson_id: str) -> LessonBody:
    return LessonBody(*conn.execute(_BODY, {"lesson": lesson_id}).one())


def module_file(conn: Connection, version_id: str, number: int, path: str) -> StoredFile | None:
    row = conn.execute(_FILE, {"version": version_id, "number": number, "path": path}).first()
    return StoredFile(row.sha256, row.size, row.media_type, row.path.rpartition("/")[2]) if row else None


def open_lessons(conn: Connection, version_id: str, open_numbers: Sequence[int]) -> tuple[Searched, ...]:
    """The lessons of these modules to be looked through, in the course's order."""
    rows = conn.execute(_OPEN, {"version": version_id, "numbers": list(open_numbers)})
    return tuple(
        Searched(
            module_number=row.number,
            slug=row.slug,
            title=composed(row.title),
            headings=tuple(Heading(composed(one["text"]), one["anchor"]) for one in row.headings),
            text=composed(row.plain_text),
        )
        for row in rows
    )
