"""What follows from a change of dates once it is kept: what stays open for single people, and who is told."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, bindparam, select

from courses.cohorts.models import Extension
from courses.cohorts.queries import CohortFacts
from courses.cohorts.rules.moves import PersonMoves
from courses.cohorts.rules.words import moved_line
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.schedule.changes import Move
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.database import add, new_id
from fourweek.language import N_
from fourweek.language.stored import Kept, lines_in_each_language
from fourweek.outbox import Mail, post_all

STILL_OPEN = N_("It was open before the dates were changed.")
_ZONES = (
    select(PERSON.c.id, PERSON.c.zone)
    .join(ENROLMENT, ENROLMENT.c.person_id == PERSON.c.id)
    .where(ENROLMENT.c.cohort_id == bindparam("cohort"))
)


def carry_out(
    conn: Connection, visitor: Visitor, facts: CohortFacts, people: Sequence[PersonMoves], change: str
) -> None:
    """Keep open what was open, and write to everybody whose dates moved. `change` names this one change for ever, so
    that nobody is told of it twice."""
    _keep_open(conn, visitor, people)
    now = visitor.now.school
    told = [one for one in people if one.place.state is EnrolmentState.ACTIVE and one.matters(now)]
    if not told:
        return
    zones = {row.id: row.zone for row in conn.execute(_ZONES, {"cohort": facts.id})}
    say = cache(_lines)  # most people share their dates and their zone
    mails = [
        Mail(
            f"dates_moved:{change}:{one.place.enrolment_id}",
            one.place.person_id,
            {
                "course": facts.course_title,
                "cohort": facts.name,
                "lines": say(one.moves, one.zone, zones[one.place.person_id], now),
                "path": f"/cohorts/{facts.id}",
            },
        )
        for one in told
    ]
    post_all(conn, "dates_moved", mails, now=visitor.now.real)


def _lines(moves: tuple[Move, ...], zone_name: str, viewer: str, now: datetime) -> list[Kept]:
    here, theirs = zone(zone_name), zone(viewer)
    return lines_in_each_language(lambda: [line for move in moves if (line := moved_line(move, here, theirs, now))])


def _keep_open(conn: Connection, visitor: Visitor, people: Sequence[PersonMoves]) -> None:
    """A grant for each module that only this person would lose again."""
    batch = new_id()
    rows = [
        Extension(
            id=new_id(),
            enrolment_id=one.place.enrolment_id,
            module_number=number,
            opens_all=True,
            reason=STILL_OPEN,
            granted_by=visitor.me.id,
            granted_at=visitor.now.school,
            batch_id=batch,
        )
        for one in people
        for number in one.kept
    ]
    if rows:
        add(conn, *rows)
