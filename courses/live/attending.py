"""A learner types the code that is shown in a session."""

import hmac

from sqlalchemy import Connection, bindparam, select, update

from courses.enrolment.access import LIVE, my_place
from courses.live.models import Attendance, Presence, Source, WrongCode
from courses.live.queries import my_sessions
from courses.live.rules import MOST_TRIES, plain_code
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, add_once, lock, table
from fourweek.errors import NotFound
from fourweek.language import _, n_
from fourweek.light import dataclass

WRONG = table(WrongCode)

_TIMES = select(WRONG.c.times).where(
    WRONG.c.session_id == bindparam("session"), WRONG.c.enrolment_id == bindparam("enrolment")
)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a typed code: recorded, or why not, in words."""

    is_recorded: bool
    words: str = ""


def attend(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str, typed: str) -> Came:
    """Record the visitor as present if the code is right and in time. What staff recorded is not touched.

    Raises NotFound where the session does not concern the visitor. A wrong try is kept, so it is no error.
    """
    place = my_place(conn, visitor, cohort_id)
    lock(conn, LIVE, session_id)
    mine = next((one for one in my_sessions(conn, place) if one.meeting.id == session_id), None)
    if mine is None:
        raise NotFound
    if mine.attended is not None:
        return Came(mine.attended.counts, _("You were recorded as absent. Ask the instructor about it."))
    if not mine.meeting.code or not mine.meeting.takes_code(visitor.now.school):
        return Came(False, _("No code is taken for this session now."))
    times = conn.execute(_TIMES, {"session": session_id, "enrolment": place.enrolment_id}).scalar() or 0
    if times >= MOST_TRIES:
        return Came(False, _("Those were too many wrong codes. Ask the instructor to record you by the list."))
    if not hmac.compare_digest(plain_code(typed).encode(), mine.meeting.code.encode()):
        return _wrong(conn, session_id, place.enrolment_id, times + 1)
    _record(conn, visitor, session_id, place.enrolment_id)
    return Came(True)


def _wrong(conn: Connection, session_id: str, enrolment_id: str, times: int) -> Came:
    if not add_once(conn, WrongCode(session_id=session_id, enrolment_id=enrolment_id, times=times)):
        mine = (WRONG.c.session_id == session_id, WRONG.c.enrolment_id == enrolment_id)
        conn.execute(update(WRONG).where(*mine).values(times=times))
    return Came(False, _say_wrong(MOST_TRIES - times))


def _say_wrong(left: int) -> str:
    if not left:
        return _("That is not the code of this session. No try is left.")
    return n_(
        "That is not the code of this session. {count} try is left.",
        "That is not the code of this session. {count} tries are left.",
        left,
    )


def _record(conn: Connection, visitor: Visitor, session_id: str, enrolment_id: str) -> None:
    row = Attendance(
        session_id=session_id,
        enrolment_id=enrolment_id,
        presence=Presence.PRESENT,
        source=Source.CODE,
        recorded_at=visitor.now.school,
        recorded_by=visitor.me.id,
    )
    add(conn, row)
    detail = {"enrolment_id": enrolment_id}
    record(
        conn, "attendance.code", "live_session", session_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail
    )
