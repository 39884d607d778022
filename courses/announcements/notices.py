"""The scan that writes to learners about announcements. Safe to run twice, at once, late, or killed in between.

An announcement waits until everybody concerned has a letter in the outbox: one piece of the class in each transaction,
one letter per announcement, person and round.
"""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from courses.announcements.queries import ANNOUNCEMENT
from courses.announcements.service import letter_key
from courses.cohorts.queries import COHORT, COHORT_SOURCE, VERSION
from courses.enrolment.access import ENROLMENT
from courses.enrolment.models import EnrolmentState
from courses.typed_markdown import excerpt
from fourweek.accounts.access import PERSON
from fourweek.clock import Now
from fourweek.database import Database, lock
from fourweek.outbox import Mail, post_all

PIECE = 200
AT_A_TICK = 20

_WAITS = ANNOUNCEMENT.c.told_at.is_(None)
_UNTOLD = (
    select(ANNOUNCEMENT.c.id, ANNOUNCEMENT.c.round).where(_WAITS).order_by(ANNOUNCEMENT.c.posted_at).limit(AT_A_TICK)
)
_ONE: Any = (
    select(
        ANNOUNCEMENT,
        COHORT.c.name.label("cohort"),
        VERSION.c.title.label("course"),
        PERSON.c.display_name.label("by"),
    )
    .select_from(
        COHORT_SOURCE.join(ANNOUNCEMENT, ANNOUNCEMENT.c.cohort_id == COHORT.c.id).join(
            PERSON, PERSON.c.id == ANNOUNCEMENT.c.author_id
        )
    )
    .where(ANNOUNCEMENT.c.id == bindparam("id"), ANNOUNCEMENT.c.round == bindparam("round"), _WAITS)
)
_CONCERNED = (
    select(ENROLMENT.c.id, ENROLMENT.c.person_id)
    .join(PERSON, PERSON.c.id == ENROLMENT.c.person_id)
    .join(ANNOUNCEMENT, ANNOUNCEMENT.c.cohort_id == ENROLMENT.c.cohort_id)
    .where(
        ANNOUNCEMENT.c.id == bindparam("id"),
        ANNOUNCEMENT.c.section_id.is_(None) | (ANNOUNCEMENT.c.section_id == ENROLMENT.c.section_id),
        ANNOUNCEMENT.c.author_id != ENROLMENT.c.person_id,
        ENROLMENT.c.state == EnrolmentState.ACTIVE,
        ENROLMENT.c.id > bindparam("after"),
        PERSON.c.disabled_at.is_(None),
    )
    .order_by(ENROLMENT.c.id)
    .limit(PIECE)
)


def tell_announcements(db: Database, now: Now) -> int:
    """Put the letters of announcements that wait into the outbox; returns how many are new."""
    return sum(_tell(db, row.id, row.round, now) for row in db.read_now(_untold))


def _tell(db: Database, announcement_id: str, told: int, now: Now) -> int:
    """One transaction a piece; the last one, of a piece that is not full, also notes that everybody is told."""
    after: str | None = ""
    new = 0
    while after is not None:
        more, after = db.write_now(_tell_piece, announcement_id, told, after, now)
        new += more
    return new


def _untold(conn: Connection) -> list[Row[Any]]:
    return list(conn.execute(_UNTOLD))


def _tell_piece(conn: Connection, announcement_id: str, told: int, after: str, now: Now) -> tuple[int, str | None]:
    """How many letters are new, and after whom to go on; None when there is nothing left to do."""
    lock(conn, ANNOUNCEMENT, announcement_id)
    known = conn.execute(_ONE, {"id": announcement_id, "round": told}).first()
    if known is None:  # withdrawn, to be told anew from the start, or told by another worker
        return 0, None
    people = conn.execute(_CONCERNED, {"id": announcement_id, "after": after}).all()
    data = _letter(known)
    mails = [Mail(letter_key(known.id, one.person_id, told), one.person_id, data) for one in people]
    new = post_all(conn, "announcement", mails, now=now.real)
    if len(people) == PIECE:
        return new, people[-1].id
    conn.execute(update(ANNOUNCEMENT).where(ANNOUNCEMENT.c.id == known.id).values(told_at=now.real))
    return new, None


def _letter(known: Row[Any]) -> dict[str, Any]:
    return {
        "course": known.course,
        "cohort": known.cohort,
        "title": known.title,
        "text": excerpt(known.body, 2000),
        "by": known.by,
        "again": known.round > 1,
        "path": f"/cohorts/{known.cohort_id}/announcements/{known.id}",
    }
