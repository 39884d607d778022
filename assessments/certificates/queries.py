"""How many modules the courses of a document have."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from assessments.transcripts.parts import TranscriptLine
from assessments.transcripts.pieces import CourseShown
from courses.catalogue.queries import COURSE, VERSION

_VERSIONS: Select[Any] = (
    select(COURSE.c.code, VERSION.c.major, VERSION.c.minor, VERSION.c.module_count)
    .join(VERSION, VERSION.c.course_id == COURSE.c.id)
    .where(COURSE.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(COURSE.c.code, VERSION.c.major, VERSION.c.minor)
)


def courses_shown(conn: Connection, lines: Iterable[TranscriptLine]) -> tuple[CourseShown, ...]:
    """The versions of courses that the lines are of, in the order of their codes; one statement."""
    named = {(line.course_code, line.course_version) for line in lines}
    rows = conn.execute(_VERSIONS, {"codes": sorted({code for code, _ in named})})
    found = [CourseShown(code=row.code, version=f"{row.major}.{row.minor}", modules=row.module_count) for row in rows]
    return tuple(one for one in found if (one.code, one.version) in named)
