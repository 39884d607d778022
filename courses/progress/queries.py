"""Which lessons were marked as read, and where reading stopped."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from courses.progress.models import LessonRead, ReadingPlace
from fourweek.database import table
from fourweek.light import dataclass
from fourweek.prepared import Prepared

READ, STOPPED = table(LessonRead), table(ReadingPlace)

_READ = select(READ.c.lesson_id).where(READ.c.enrolment_id == bindparam("enrolment"))
_READS, _READS_BY = Prepared(_READ), Prepared(_READ.where(READ.c.read_at <= bindparam("by")))
_READS_OF_MANY = select(READ.c.enrolment_id, READ.c.lesson_id).where(
    READ.c.enrolment_id.in_(bindparam("enrolments", expanding=True))
)

_STOP = select(STOPPED.c.enrolment_id, STOPPED.c.lesson_id, STOPPED.c.heading)
_STOP_OF_ONE = Prepared(_STOP.where(STOPPED.c.enrolment_id == bindparam("enrolment")))
_STOPS_OF_MANY = _STOP.where(STOPPED.c.enrolment_id.in_(bindparam("enrolments", expanding=True)))


@dataclass(frozen=True, slots=True)
class Stop:
    """Where somebody stopped reading: a lesson, and the anchor of a heading in it, "" for its top."""

    lesson_id: str
    heading: str


def reads(conn: Connection, enrolment_id: str, *, by: datetime | None = None) -> frozenset[str]:
    """Ids of the lessons that this enrolment has read, with `by` those it had read by then."""
    if by is None:
        return frozenset(row.lesson_id for row in _READS.all(conn, enrolment=enrolment_id))
    return frozenset(row.lesson_id for row in _READS_BY.all(conn, enrolment=enrolment_id, by=by))


def reads_of_many(conn: Connection, enrolment_ids: list[str]) -> dict[str, frozenset[str]]:
    """`reads` for several enrolments in one statement; everyone asked for is a key."""
    if len(enrolment_ids) == 1:
        return {enrolment_ids[0]: reads(conn, enrolment_ids[0])}
    found: dict[str, set[str]] = {enrolment_id: set() for enrolment_id in enrolment_ids}
    for row in conn.execute(_READS_OF_MANY, {"enrolments": enrolment_ids}):
        found[row.enrolment_id].add(row.lesson_id)
    return {enrolment_id: frozenset(ids) for enrolment_id, ids in found.items()}


def stop(conn: Connection, enrolment_id: str) -> Stop | None:
    """Where this enrolment stopped reading; None before it has opened a lesson."""
    row = _STOP_OF_ONE.first(conn, enrolment=enrolment_id)
    return Stop(row.lesson_id, row.heading) if row else None


def stops_of_many(conn: Connection, enrolment_ids: list[str]) -> dict[str, Stop]:
    """`stop` for several enrolments in one statement; those who have none are left out."""
    found = conn.execute(_STOPS_OF_MANY, {"enrolments": enrolment_ids})
    return {row.enrolment_id: Stop(row.lesson_id, row.heading) for row in found}
