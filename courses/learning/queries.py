"""Reading lesson bodies, files and what a search finds. The caller has authorised the module."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, select

from courses.catalogue.models import CourseFile
from courses.cohorts.queries import MODULE, VERSION
from courses.learning.outline import LESSON
from courses.searching import holds
from fourweek.database import table
from fourweek.files import StoredFile

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


def found_lessons(
    conn: Connection, version_id: str, open_numbers: Sequence[int], words: Sequence[str], *, limit: int, offset: int
) -> tuple[list[Row[Any]], int]:
    """Lessons of these modules that hold every word, one page of them in the course's order, and how many there are."""
    wanted = (
        select(LESSON.c.slug, LESSON.c.title, LESSON.c.plain_text, MODULE.c.number, func.count().over().label("total"))
        .join(MODULE, MODULE.c.id == LESSON.c.module_id)
        .where(MODULE.c.version_id == version_id, MODULE.c.number.in_(open_numbers))
        .where(and_(*(holds(word, LESSON.c.title, LESSON.c.plain_text) for word in words)))
        .order_by(MODULE.c.number, LESSON.c.position)
        .limit(limit)
        .offset(offset)
    )
    rows = conn.execute(wanted).all()
    return list(rows), rows[0].total if rows else 0
