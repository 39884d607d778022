"""A scan that writes to learners about live sessions: one comes soon, was moved, was cancelled.

Safe to run twice, at once, or late. Sessions with news are looked through one by one, their people a piece at a time;
a piece is read first and written only when something in it is new. What is sent is decided again inside the write.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, or_, select

from courses.cohorts.queries import COHORT_COLUMNS
from courses.enrolment.access import ENROLMENT, LIVE, PLACE_COLUMNS, PLACE_SOURCE, Place, places_of
from courses.enrolment.models import EnrolmentState
from courses.live.queries import CONCERNS, MEETING_COLUMNS, MEETING_SOURCE, meeting_of
from courses.live.rules import Meeting
from courses.live.words import say_about
from courses.schedule.rules import is_open
from courses.schedule.words import keep_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.language.stored import in_each_language
from fourweek.light import dataclass
from fourweek.outbox import OUTBOX, Mail, post_all, recall, waiting

KINDS = ("session_soon", "session_moved", "session_cancelled")
FIRST_REMINDER, LAST_REMINDER = 24, 1
HOUR = timedelta(hours=1)
NEAR, STALE = timedelta(days=3), timedelta(days=7)
SESSIONS, PIECE = 50, 200

_TOLD: Select[Any] = select(*MEETING_COLUMNS, LIVE.c.moved_at, LIVE.c.moved_from).select_from(MEETING_SOURCE)
# By its local date a session of the next day lies within three days of now, whatever its zone.
_SOME = (
    _TOLD.where(
        LIVE.c.id > bindparam("after"),
        LIVE.c.on >= bindparam("yesterday"),
        or_(
            and_(LIVE.c.cancelled_at.is_(None), LIVE.c.on <= bindparam("near")),
            LIVE.c.moved_at >= bindparam("lately"),
            LIVE.c.cancelled_at >= bindparam("lately"),
        ),
    )
    .order_by(LIVE.c.id)
    .limit(SESSIONS)
)
_ONE = _TOLD.where(LIVE.c.id == bindparam("session"))
_CONCERNED = (
    select(ENROLMENT.c.id)
    .select_from(LIVE.join(ENROLMENT, CONCERNS).join(PERSON, PERSON.c.id == ENROLMENT.c.person_id))
    .where(
        LIVE.c.id == bindparam("session"),
        ENROLMENT.c.state == EnrolmentState.ACTIVE,
        PERSON.c.disabled_at.is_(None),
        ENROLMENT.c.id > bindparam("after"),
    )
    .order_by(ENROLMENT.c.id)
    .limit(PIECE)
)
_PLACES = (
    select(*COHORT_COLUMNS, *PLACE_COLUMNS, PERSON.c.zone.label("person_zone"))
    .select_from(PLACE_SOURCE.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id))
    .where(ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)))
    .order_by(ENROLMENT.c.id)
)
_POSTED = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True)
class _News:
    """What is to be said of a session to those who were enrolled by `since`; `key` has a place for the enrolment."""

    kind: str
    key: str
    since: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Told:
    """A session, and from when it was moved."""

    meeting: Meeting
    moved_at: datetime | None
    moved_from: datetime | None


@dataclass(frozen=True, slots=True)
class _Letter:
    key: str
    kind: str
    person_id: str
    data: dict[str, Any]


def tell_sessions(db: Database, now: Now) -> int:
    """Remind a day and an hour before, and tell what was moved or cancelled; returns how many letters are new.

    Letters that still wait for the mail server and make no sense any more are taken back.
    """
    left = set(db.read_now(waiting, KINDS, now.real))
    after, new = "", 0
    while found := db.read_now(_some, after, now.school):
        new += sum(_tell(db, one.meeting.id, left, now) for one in found if list(_news(one, now.school)))
        after = found[-1].meeting.id
    recall(db, left, now.real)
    return new


def _tell(db: Database, session_id: str, left: set[str], now: Now) -> int:
    """Write to those concerned; takes what still makes sense out of `left`."""
    after, new = "", 0
    while ids := db.read_now(_concerned, session_id, after):
        letters = db.read_now(_letters, session_id, ids, now)
        left.difference_update(letter.key for letter in letters)
        if db.read_now(_unsent, letters):
            new += db.write_now(_send, session_id, ids, now)
        after = ids[-1]
    return new


def _some(conn: Connection, after: str, now: datetime) -> list[_Told]:
    day = timedelta(days=1)
    values = {"after": after, "yesterday": (now - day).date(), "near": (now + NEAR).date(), "lately": now - STALE}
    return [_told(row) for row in conn.execute(_SOME, values)]


def _told(row: Row[Any]) -> _Told:
    return _Told(meeting_of(row), row.moved_at, row.moved_from)


def _news(one: _Told, now: datetime) -> Iterator[_News]:
    """What is to be said of a session that has not begun."""
    meeting = one.meeting
    if meeting.starts_at <= now:
        return
    if meeting.cancelled_at is not None:
        if now - meeting.cancelled_at <= STALE:
            yield _News("session_cancelled", f"session_cancelled:{meeting.id}:%s", meeting.cancelled_at, {})
        return
    if one.moved_at is not None and one.moved_from is not None and now - one.moved_at <= STALE:
        key = f"session_moved:{meeting.id}:%s:{one.moved_at:%Y%m%dT%H%M%S}"
        yield _News("session_moved", key, one.moved_at, {"was": keep_instant(one.moved_from, zone(meeting.zone))})
    left = meeting.starts_at - now
    if left <= FIRST_REMINDER * HOUR:
        hours = LAST_REMINDER if left <= LAST_REMINDER * HOUR else FIRST_REMINDER
        key = f"session_soon:{hours}:{meeting.id}:%s:{meeting.revision}"
        yield _News("session_soon", key, now, {"hours": hours, "asked": meeting.required})


def _concerned(conn: Connection, session_id: str, after: str) -> list[str]:
    return list(conn.execute(_CONCERNED, {"session": session_id, "after": after}).scalars())


def _letters(conn: Connection, session_id: str, ids: list[str], now: Now) -> list[_Letter]:
    """Everything that is to be said to these people now, whether it was said already or not."""
    one = _told(conn.execute(_ONE, {"session": session_id}).one())
    news = list(_news(one, now.school))
    if not news:
        return []
    rows: list[Row[Any]] = list(conn.execute(_PLACES, {"enrolments": ids}))
    zones = {row.enrolment_id: row.person_zone for row in rows}
    return [
        _letter(one.meeting, said, place, zones[place.enrolment_id])
        for place in places_of(rows)
        for said in news
        if _is_for(place, one.meeting, said)
    ]


def _unsent(conn: Connection, letters: list[_Letter]) -> list[_Letter]:
    posted = set(conn.execute(_POSTED, {"keys": [letter.key for letter in letters]}).scalars()) if letters else set()
    return [letter for letter in letters if letter.key not in posted]


def _is_for(place: Place, meeting: Meeting, said: _News) -> bool:
    """Those who were there when it happened; a reminder only goes to those who will be able to join."""
    if place.enrolled_at > said.since:
        return False
    if said.kind != "session_soon" or meeting.module_number is None:
        return True
    return is_open(place.dates(meeting.module_number, said.since), meeting.starts_at)


def _letter(meeting: Meeting, said: _News, place: Place, person_zone: str) -> _Letter:
    data = {
        "course": place.cohort.course_title,
        "title": meeting.title,
        "when": keep_instant(meeting.starts_at, zone(meeting.zone), zone(person_zone)),
        "about": in_each_language(lambda: say_about(meeting)),
        "path": f"/cohorts/{meeting.cohort_id}/sessions/{meeting.id}",
    }
    return _Letter(said.key % place.enrolment_id, said.kind, place.person_id, data | said.data)


def _send(conn: Connection, session_id: str, ids: list[str], now: Now) -> int:
    letters = _unsent(conn, _letters(conn, session_id, ids, now))
    return sum(
        post_all(
            conn, kind, [Mail(one.key, one.person_id, one.data) for one in letters if one.kind == kind], now=now.real
        )
        for kind in KINDS
    )
