"""Which lessons were marked as read."""

from sqlalchemy import Connection, bindparam, select

from courses.progress.models import LessonRead
from fourweek.database import table

READ = table(LessonRead)

_READS = select(READ.c.lesson_id).where(READ.c.enrolment_id == bindparam("enrolment"))
_READS_OF_MANY = select(READ.c.enrolment_id, READ.c.lesson_id).where(
    READ.c.enrolment_id.in_(bindparam("enrolments", expanding=True))
)


def reads(conn: Connection, enrolment_id: str) -> frozenset[str]:
    """Ids of the lessons that this enrolment has read."""
    return frozenset(conn.execute(_READS, {"enrolment": enrolment_id}).scalars())


def reads_of_many(conn: Connection, enrolment_ids: list[str]) -> dict[str, frozenset[str]]:
    """`reads` for several enrolments in one statement; everyone asked for is a key."""
    found: dict[str, set[str]] = {enrolment_id: set() for enrolment_id in enrolment_ids}
    for row in conn.execute(_READS_OF_MANY, {"enrolments": enrolment_ids}):
        found[row.enrolment_id].add(row.lesson_id)
    return {enrolment_id: frozenset(ids) for enrolment_id, ids in found.items()}
