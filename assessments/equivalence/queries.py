"""Reading what was decided to be equivalent."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from assessments.equivalence.models import Equivalence
from assessments.equivalence.rules import Decided
from courses.cohorts.queries import COURSE
from fourweek.database import table

EQUIVALENCE = table(Equivalence)

_OF_COURSES = (
    select(COURSE.c.code, EQUIVALENCE.c.from_major, EQUIVALENCE.c.module_number, EQUIVALENCE.c.group_name)
    .join(COURSE, COURSE.c.id == EQUIVALENCE.c.course_id)
    .where(COURSE.c.code.in_(bindparam("codes", expanding=True)))
    .order_by(EQUIVALENCE.c.decided_at, EQUIVALENCE.c.id)
)


def decisions_of(conn: Connection, codes: Collection[str]) -> dict[str, list[Decided]]:
    """What was decided about each of these courses, oldest first; one statement."""
    found: dict[str, list[Decided]] = {code: [] for code in codes}
    for row in conn.execute(_OF_COURSES, {"codes": list(found)}):
        found[row.code].append(Decided(row.from_major, row.module_number, row.group_name))
    return found
