"""What is held of a learner's credit, in words."""

from sqlalchemy import Connection

from assessments.holds.models import HoldCause
from assessments.holds.queries import open_holds
from courses.schedule.words import say_date
from fourweek.language import _
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open hold: `where` it applies, why, since when and by whom ("" for the program itself)."""

    id: str
    where: str
    why: str
    since: str
    by: str
    for_identity: bool


def waiting_of(conn: Connection, person_id: str) -> tuple[Waiting, ...]:
    """What is held of a person, oldest first; one statement. For their own pages and for the registrar's."""
    return tuple(
        Waiting(
            id=row.id,
            where=in_a_row((row.course, row.cohort)) if row.course else _("all courses"),
            why=_(row.why),
            since=say_date(row.at.date()),
            by=row.placer or "",
            for_identity=row.cause is HoldCause.IDENTITY,
        )
        for row in open_holds(conn, person_id)
    )
