"""A learner's live sessions: all of them on one page, each on a page of its own."""

from datetime import datetime

from sqlalchemy import Connection

from courses.learning.access import Reader, reader
from courses.live.pages import SessionPage, SessionsPage
from courses.live.queries import my_sessions, sessions_of_all
from courses.live.rules import EARLY, Mine, coming_first
from courses.live.words import Eyes, line_of, open_modules
from courses.paging import PER_PAGE, offset, pager, query
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound


def sessions_page(conn: Connection, visitor: Visitor, cohort_id: str, number: int) -> SessionsPage:
    """The sessions that concern the visitor, the next one first; three statements at most."""
    found = reader(conn, visitor, cohort_id)
    now, eyes = visitor.now.school, eyes_of(found, visitor)
    ordered = coming_first(_sessions(conn, found), now)
    shown = ordered[offset(number) :][:PER_PAGE]
    first = next((one for one in shown if _is_coming(one, now)), None) if number == 1 else None
    return SessionsPage(
        cohort_id=cohort_id,
        course_title=found.cohort.course_title,
        is_staff=found.is_staff,
        may_teach=visitor.me.may(Permission.TEACH, cohort_id),
        first=line_of(first, eyes) if first else None,
        sessions=tuple(line_of(one, eyes) for one in shown if one is not first),
        pager=pager(number, len(ordered), lambda n: query(page=n)),
    )


def session_page(conn: Connection, visitor: Visitor, cohort_id: str, session_id: str) -> SessionPage:
    """One session. Raises NotFound for those it does not concern."""
    found = reader(conn, visitor, cohort_id)
    mine = next((one for one in _sessions(conn, found) if one.meeting.id == session_id), None)
    if mine is None:
        raise NotFound
    now, eyes = visitor.now.school, eyes_of(found, visitor)
    meeting = mine.meeting
    follow = eyes.may_follow(meeting)
    early = meeting.starts_at - EARLY
    waits = follow and bool(meeting.join_url) and meeting.cancelled_at is None and now < early
    return SessionPage(
        cohort_id=cohort_id,
        session_id=session_id,
        course_title=found.cohort.course_title,
        line=line_of(mine, eyes),
        asks_code=not found.is_staff and _asks_code(mine, visitor),
        join_from=say_instant(early, zone(meeting.zone), eyes.zone, now) if waits else None,
        locked_module=None if follow else meeting.module_number,
    )


def eyes_of(found: Reader, visitor: Visitor) -> Eyes:
    now = visitor.now.school
    seen = None if found.is_staff else open_modules(found.all_dates(now), now)
    return Eyes(now, zone(visitor.me.zone), seen)


def _sessions(conn: Connection, found: Reader) -> list[Mine]:
    return my_sessions(conn, found.place) if found.place else sessions_of_all(conn, found.cohort.id)


def _is_coming(mine: Mine, now: datetime) -> bool:
    return not mine.meeting.is_over(now) and mine.meeting.cancelled_at is None


def _asks_code(mine: Mine, visitor: Visitor) -> bool:
    return bool(mine.meeting.code) and mine.attended is None and mine.meeting.takes_code(visitor.now.school)
