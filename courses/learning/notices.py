"""Scans that write to learners: a module opened, evidence is due soon. Safe to run twice, at once, or late.

Each looks through active enrolments a piece at a time. A piece is read first, and written only when something in it is
new, so that an idle tick takes no write turn. What is sent is decided again inside the write.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from courses.cohorts.queries import COHORT_COLUMNS
from courses.coursework import Coursework, Work
from courses.enrolment.access import ENROLMENT, PLACE_COLUMNS, PLACE_SOURCE, Place, places_of
from courses.enrolment.models import EnrolmentState
from courses.learning.outline import Outline, outlines
from courses.progress.rules import is_to_do, of_module
from courses.schedule.rules import EffectiveDates, is_open
from courses.schedule.walltime import is_past
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.outbox import OUTBOX, post

PIECE = 200
STALE = timedelta(days=7)
FIRST_REMINDER, LAST_REMINDER = 72, 24
HOUR = timedelta(hours=1)

_ACTIVE = (
    select(ENROLMENT.c.id)
    .where(ENROLMENT.c.state == EnrolmentState.ACTIVE, ENROLMENT.c.id > bindparam("after"))
    .order_by(ENROLMENT.c.id)
    .limit(PIECE)
)
_PLACES = (
    select(*COHORT_COLUMNS, *PLACE_COLUMNS, PERSON.c.zone.label("person_zone"))
    .select_from(PLACE_SOURCE.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id))
    .where(
        ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)),
        ENROLMENT.c.state == EnrolmentState.ACTIVE,
        PERSON.c.disabled_at.is_(None),
    )
    .order_by(ENROLMENT.c.id)
)
_POSTED = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True, slots=True)
class _Letter:
    key: str
    kind: str
    person_id: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Reached:
    """An active enrolment with what its letters say."""

    place: Place
    modules: Outline
    person_zone: str

    def say(self, dates: EffectiveDates) -> str:
        """The due date in words, with the person's own reading of it; "" where nothing is due."""
        if dates.due_at is None:
            return ""
        return str(say_instant(dates.due_at, zone(self.place.cohort.zone), zone(self.person_zone)))

    def letter(self, kind: str, number: int, key: str, dates: EffectiveDates, **data: Any) -> _Letter:
        """One mail about module `number`; its key makes it once per person, cohort, module and kind."""
        cohort = self.place.cohort
        said = {
            "course": cohort.course_title,
            "cohort": cohort.name,
            "number": number,
            "title": self.modules[number - 1].title,
            "due": self.say(dates),
            "path": f"/cohorts/{cohort.id}/modules/{number}",
        }
        return _Letter(f"{key}:{self.place.enrolment_id}:{number}", kind, self.place.person_id, said | data)


_Find = Callable[[Connection, list[_Reached], Now], list[_Letter]]


def announce_releases(db: Database, coursework: Coursework, now: Now) -> int:
    """Tell everybody whose module opened within the last seven days, once; returns how many letters are new."""

    def find(conn: Connection, reached: list[_Reached], at: Now) -> list[_Letter]:
        works = _works(conn, coursework, reached, at)
        return [letter for one in reached for letter in _opened(one, works[one.place.enrolment_id], at)]

    return _scan(db, find, now)


def remind_due(db: Database, coursework: Coursework, now: Now) -> int:
    """Remind of required evidence that is missing three days and one day before it is due; returns how many are new."""

    def find(conn: Connection, reached: list[_Reached], at: Now) -> list[_Letter]:
        works = _works(conn, coursework, reached, at)
        return [letter for one in reached for letter in _due(one, works[one.place.enrolment_id], at)]

    return _scan(db, find, now)


def _opened(one: _Reached, works: Sequence[Work], now: Now) -> Iterator[_Letter]:
    """Modules that opened lately. What was open when the person enrolled is in the mail that greeted them."""
    for number, dates in enumerate(one.place.all_dates(now.school), 1):
        opened = is_open(dates, now.school) and now.school - dates.opens_at <= STALE
        if opened and dates.opens_at > one.place.enrolled_at:
            asks = [work.title for work in of_module(works, number)]
            yield one.letter("module_opened", number, "module_opened", dates, asks=asks)


def _due(one: _Reached, works: Sequence[Work], now: Now) -> Iterator[_Letter]:
    for number, dates in enumerate(one.place.all_dates(now.school), 1):
        hours = _reminder(dates, now)
        missing = [work.title for work in of_module(works, number) if work.required and is_to_do(work)]
        if hours and missing:
            yield one.letter("due_soon", number, f"due_soon:{hours}", dates, hours=hours, missing=missing)


def _reminder(dates: EffectiveDates, now: Now) -> int | None:
    """Which reminder is due now, by its hours; a late tick sends the nearer one only."""
    if dates.due_at is None or not is_open(dates, now.school) or is_past(now.school, dates.due_at):
        return None
    left = dates.due_at - now.school
    if left > FIRST_REMINDER * HOUR:
        return None
    return LAST_REMINDER if left <= LAST_REMINDER * HOUR else FIRST_REMINDER


def _scan(db: Database, find: _Find, now: Now) -> int:
    """Go through all active enrolments; one short transaction for each piece that has something new."""
    after, new = "", 0
    while ids := db.read_now(_active, after):
        if db.read_now(_unsent, find, ids, now):
            new += db.write_now(_send, find, ids, now)
        after = ids[-1]
    return new


def _active(conn: Connection, after: str) -> list[str]:
    return list(conn.execute(_ACTIVE, {"after": after}).scalars())


def _unsent(conn: Connection, find: _Find, ids: list[str], now: Now) -> list[_Letter]:
    letters = find(conn, _reached(conn, ids), now)
    if not letters:
        return []
    posted = set(conn.execute(_POSTED, {"keys": [letter.key for letter in letters]}).scalars())
    return [letter for letter in letters if letter.key not in posted]


def _send(conn: Connection, find: _Find, ids: list[str], now: Now) -> int:
    return sum(
        post(conn, one.key, one.kind, one.person_id, now=now.real, data=one.data)
        for one in _unsent(conn, find, ids, now)
    )


def _reached(conn: Connection, ids: list[str]) -> list[_Reached]:
    rows: list[Row[Any]] = list(conn.execute(_PLACES, {"enrolments": ids}))
    zones = {row.enrolment_id: row.person_zone for row in rows}
    places = places_of(rows)
    modules = outlines(conn, {one.cohort.version_id for one in places})
    return [_Reached(one, modules[one.cohort.version_id], zones[one.enrolment_id]) for one in places]


def _works(conn: Connection, coursework: Coursework, reached: list[_Reached], now: Now) -> dict[str, tuple[Work, ...]]:
    versions = {one.place.enrolment_id: one.place.cohort.version_id for one in reached}
    return coursework.work_of_many(conn, versions, now.school) if versions else {}
