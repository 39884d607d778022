"""The scan that writes to learners about modules: opened, due soon, overdue. Safe to run twice, at once, late, killed.

It looks through active enrolments a piece at a time. Dates alone say what may be told; only for what has no letter yet
is the state of the work asked. A piece is read first and written, in one short transaction, only when it holds
something new, so that an idle tick takes no write turn. Letters that still wait for the mail server and have lost
their sense meanwhile are taken back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select

from courses.cohorts.queries import COHORT_COLUMNS
from courses.coursework import Coursework, Work
from courses.enrolment.access import ENROLMENT, PLACE_COLUMNS, PLACE_SOURCE, Place, places_of
from courses.enrolment.models import EnrolmentState
from courses.learning.outline import Outline, outlines
from courses.learning.reminders import hours_left, is_news, is_overdue, missing
from courses.progress.rules import of_module
from courses.schedule.rules import EffectiveDates
from courses.schedule.walltime import local_day
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.outbox import OUTBOX, Mail, post_all, recall, waiting

PIECE = 200
OPENED, DUE_SOON, OVERDUE = KINDS = ("module_opened", "due_soon", "overdue")

_ACTIVE = (
    select(ENROLMENT.c.id)
    .where(ENROLMENT.c.state == EnrolmentState.ACTIVE, ENROLMENT.c.id > bindparam("after"))
    .order_by(ENROLMENT.c.id)
    .limit(PIECE)
)
REACHED = (
    select(*COHORT_COLUMNS, *PLACE_COLUMNS, PERSON.c.zone.label("person_zone"))
    .select_from(PLACE_SOURCE.join(PERSON, PERSON.c.id == ENROLMENT.c.person_id))
    .where(
        ENROLMENT.c.id.in_(bindparam("enrolments", expanding=True)),
        ENROLMENT.c.state == EnrolmentState.ACTIVE,
        PERSON.c.disabled_at.is_(None),
    )
    .order_by(ENROLMENT.c.id)
)
POSTED = select(OUTBOX.c.key).where(OUTBOX.c.key.in_(bindparam("keys", expanding=True)))

IN_A_COHORT = exists().where(ENROLMENT.c.person_id == OUTBOX.c.person_id, ENROLMENT.c.state == EnrolmentState.ACTIVE)
"""Of a row of the outbox: its reader takes part in a cohort, so that this scan may look for the row again."""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be told by the dates alone: about module `number` of a place. `hours` of a reminder, else 0."""

    kind: str
    place: Place
    number: int
    dates: EffectiveDates
    hours: int = 0

    @property
    def key(self) -> str:
        """Once per enrolment and module; a reminder once per day that the work is due, so that it moves along."""
        place = self.place
        about = f"{place.enrolment_id}:{self.number}"
        if self.kind == OPENED or self.dates.due_at is None:
            return f"{self.kind}:{about}"
        day = local_day(self.dates.due_at, zone(place.cohort.zone))
        return ":".join((self.kind, *([str(self.hours)] if self.hours else []), about, day.isoformat()))


@dataclass(frozen=True, slots=True)
class _Shared:
    """Dates of classmates, reckoned once: those without an extension follow from cohort, section and day of joining."""

    now: Now
    known: dict[object, tuple[EffectiveDates, ...]] = field(default_factory=dict)

    def dates(self, place: Place) -> tuple[EffectiveDates, ...]:
        if place.extensions:
            return place.all_dates(self.now.school)
        where = zone((place.section and place.section.zone) or place.cohort.zone)
        key = (place.cohort.id, place.section, local_day(place.enrolled_at, where))
        if key not in self.known:
            self.known[key] = place.all_dates(self.now.school)
        return self.known[key]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some places, with what their letters need beside the dates."""

    places: list[Place]
    person_zones: dict[str, str]
    outlines: dict[str, Outline]


def tell_learners(db: Database, coursework: Coursework, now: Now) -> int:
    """Write what is to be told about modules, once each; returns how many letters are new."""
    left = set(db.read_now(waiting, KINDS, now.real))
    after, new = "", 0
    while ids := db.read_now(_active, after):
        letters, wanted = db.read_now(_letters, coursework, ids, frozenset(left), now)
        new += db.write_now(_send, letters, now) if letters else 0
        left -= wanted
        after = ids[-1]
    recall(db, left, now.real)
    return new


def due_for(place: Place, all_dates: Sequence[EffectiveDates], now: Now) -> Iterator[Due]:
    """Everything that the dates of a place ask to be told at `now`, whether it was told already or not."""
    for number, dates in enumerate(all_dates, 1):
        if is_news(dates, place.enrolled_at, now.school):
            yield Due(OPENED, place, number, dates)
        if hours := hours_left(dates, now.school):
            yield Due(DUE_SOON, place, number, dates, hours)
        if is_overdue(dates, place.enrolled_at, now.school):
            yield Due(OVERDUE, place, number, dates)


def _active(conn: Connection, after: str) -> list[str]:
    return list(conn.execute(_ACTIVE, {"after": after}).scalars())


def _letters(
    conn: Connection, coursework: Coursework, ids: list[str], left: frozenset[str], now: Now
) -> tuple[dict[str, list[Mail]], set[str]]:
    """The new letters of a piece by kind, and the keys among `left` (not sent yet) that still make sense."""
    piece = _piece(conn, ids)
    shared = _Shared(now)
    found = {due.key: due for place in piece.places for due in due_for(place, shared.dates(place), now)}
    posted = set(conn.execute(POSTED, {"keys": list(found)}).scalars()) if found else set()
    wanted = {key for key, due in found.items() if key in left and due.kind == OPENED}  # whatever was handed in
    open_ = {key: due for key, due in found.items() if key not in posted or (key in left and key not in wanted)}
    works = _works(conn, coursework, open_.values(), now)
    letters: dict[str, list[Mail]] = {}
    for key, due in open_.items():
        said = _said(due, piece, works[due.place.enrolment_id], now)
        if said is None:
            continue
        wanted.add(key)
        if key not in posted:
            letters.setdefault(due.kind, []).append(Mail(key, due.place.person_id, said))
    return letters, wanted


def _said(due: Due, piece: _Piece, works: tuple[Work, ...], now: Now) -> dict[str, Any] | None:
    """What the letter says; None for a reminder of what is not missing."""
    place, cohort = due.place, due.place.cohort
    said = {
        "course": cohort.course_title,
        "cohort": cohort.name,
        "number": due.number,
        "title": piece.outlines[cohort.version_id][due.number - 1].title,
        "path": f"/cohorts/{cohort.id}/modules/{due.number}",
    }
    zones = zone(cohort.zone), zone(piece.person_zones[place.enrolment_id])
    for name, instant in (("due", due.dates.due_at), ("late_until", due.dates.late_until)):
        said[name] = str(say_instant(instant, *zones)) if instant else ""
    if due.kind == OPENED:
        return said | {"asks": [work.title for work in of_module(works, due.number)]}
    left = missing(works, due.number, due.dates, now.school)
    return said | {"hours": due.hours, "missing": list(left)} if left else None


def _send(conn: Connection, letters: dict[str, list[Mail]], now: Now) -> int:
    return sum(post_all(conn, kind, mails, now=now.real) for kind, mails in letters.items())


def _piece(conn: Connection, ids: list[str]) -> _Piece:
    rows: list[Row[Any]] = list(conn.execute(REACHED, {"enrolments": ids}))
    places = places_of(rows)
    zones = {row.enrolment_id: row.person_zone for row in rows}
    return _Piece(places, zones, outlines(conn, {one.cohort.version_id for one in places}))


def _works(conn: Connection, coursework: Coursework, dues: Iterable[Due], now: Now) -> dict[str, tuple[Work, ...]]:
    versions = {due.place.enrolment_id: due.place.cohort.version_id for due in dues}
    return coursework.work_of_many(conn, versions, now.school) if versions else {}
