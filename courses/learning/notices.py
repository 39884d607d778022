"""The scan that writes to learners about modules: opened, due soon, overdue. Safe to run twice, at once, late, killed.

It passes over whoever is settled, and looks at the others a piece at a time. Dates alone say what may be told; only for
what has no letter yet is the state of the work asked. A piece is read first and written, in one short transaction, only
when it holds something new, so that an idle tick takes no write turn. Letters that still wait for the mail server and
have lost their sense meanwhile are taken back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, exists, select

from courses.coursework import Coursework, Work
from courses.enrolment.access import ENROLMENT, Place
from courses.enrolment.crowds import Member, Members, Shared, members, shared
from courses.enrolment.models import EnrolmentState
from courses.learning.outline import Outline, outlines
from courses.learning.reminders import hours_left, is_news, is_overdue, missing, unchanged_until
from courses.learning.settled import SOON, Settled, Told
from courses.progress.rules import of_module
from courses.schedule.rules import EffectiveDates
from courses.schedule.walltime import local_day
from courses.schedule.words import keep_instant
from courses.schedule.zones import zone
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.light import dataclass
from fourweek.outbox import OUTBOX, Mail, post_all, recall, waiting

PIECE, CROWD = 200, 2000
OPENED, DUE_SOON, OVERDUE = KINDS = ("module_opened", "due_soon", "overdue")

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
        if self.kind == OPENED or self.dates.due_at is None:
            return _opened_key(place.enrolment_id, self.number)
        about = f"{place.enrolment_id}:{self.number}"
        day = local_day(self.dates.due_at, zone(place.cohort.zone))
        return ":".join((self.kind, *([str(self.hours)] if self.hours else []), about, day.isoformat()))


@dataclass(frozen=True, slots=True)
class _Looked:
    """Somebody who is looked at, with their dates at this instant, and until when those ask for nothing else."""

    member: Member
    place: Place
    dates: tuple[EffectiveDates, ...]
    until: datetime | None

    def told(self, now: datetime, *, has_work: bool) -> Told:
        """What to remember of them once everything is told; `has_work`: apart from what only their work kept back."""
        numbered = enumerate(self.dates, 1)
        news = tuple(number for number, one in numbered if is_news(one, self.place.enrolled_at, now))
        return Told(self.member, news, min(self.until or now + SOON, now + SOON) if has_work else self.until)


@dataclass(frozen=True, slots=True)
class _Dates:
    """Dates of classmates, reckoned once: those without an extension follow from cohort, section and day of joining."""

    now: datetime
    known: dict[object, tuple[tuple[EffectiveDates, ...], datetime | None]] = field(default_factory=dict)

    def look(self, member: Member) -> _Looked:
        place = member.place()
        if place.extensions:
            return _Looked(member, place, *self._of(place))
        where = zone((place.section and place.section.zone) or place.cohort.zone)
        key = (place.cohort.id, place.section_id, local_day(place.enrolled_at, where))
        if key not in self.known:
            self.known[key] = self._of(place)
        return _Looked(member, place, *self.known[key])

    def _of(self, place: Place) -> tuple[tuple[EffectiveDates, ...], datetime | None]:
        dates = place.all_dates(self.now)
        return dates, unchanged_until(dates, place.extensions, self.now)


def tell_learners(db: Database, coursework: Coursework, now: Now, settled: Settled | None = None) -> int:
    """Write what is to be told about modules, once each; returns how many letters are new.

    `settled` is what this worker remembers of its last tick; without it everybody is looked at.
    """
    memory = settled or Settled()
    left = set(db.read_now(waiting, KINDS, now.real))
    common = memory.begin(now.school, db.read_now(shared))
    dates, reminded = _Dates(now.school), {_reader(key) for key in left if not key.startswith(OPENED)}
    new = 0
    for crowd in _crowds(db, common):
        if crowd.passed:
            left -= {key for key in left if _reader(key) in crowd.passed}
        unsettled = [
            one for one in crowd.found if one.enrolment_id in reminded or not _is_settled(one, memory, left, now)
        ]
        for start in range(0, len(unsettled), PIECE):
            piece = [dates.look(one) for one in unsettled[start : start + PIECE]]
            letters, wanted, silent = db.read_now(_letters, coursework, piece, frozenset(left), now)
            new += db.write_now(_send, letters, now) if letters else 0
            left -= wanted
            memory.keep(one.told(now.school, has_work=one.member.enrolment_id in silent) for one in piece)
    recall(db, left, now.real)
    memory.end()
    return new


def _crowds(db: Database, common: Shared) -> Iterator[Members]:
    after = ""
    while crowd := db.read_now(members, common, after, CROWD):
        yield crowd
        after = crowd.last


def _is_settled(member: Member, memory: Settled, left: set[str], now: Now) -> bool:
    """Whether there is nothing new for somebody; what still waits to be sent to them then makes sense."""
    told = memory.of(member, now.school)
    if told and left:
        left.difference_update(_opened_key(member.enrolment_id, number) for number in told.news)
    return told is not None


def _opened_key(enrolment_id: str, number: int) -> str:
    return f"{OPENED}:{enrolment_id}:{number}"


def _reader(key: str) -> str:
    """The enrolment that a key is about; see `Due.key`."""
    parts = key.split(":")
    return parts[1] if parts[0] == OPENED else parts[-3]


def due_for(place: Place, all_dates: Sequence[EffectiveDates], now: Now) -> Iterator[Due]:
    """Everything that the dates of a place ask to be told at `now`, whether it was told already or not."""
    for number, dates in enumerate(all_dates, 1):
        if is_news(dates, place.enrolled_at, now.school):
            yield Due(OPENED, place, number, dates)
        if hours := hours_left(dates, now.school):
            yield Due(DUE_SOON, place, number, dates, hours)
        if is_overdue(dates, place.enrolled_at, now.school):
            yield Due(OVERDUE, place, number, dates)


def _letters(
    conn: Connection, coursework: Coursework, piece: Sequence[_Looked], left: frozenset[str], now: Now
) -> tuple[dict[str, list[Mail]], set[str], set[str]]:
    """The new letters of a piece by kind, the keys among `left` (not sent yet) that still make sense, and the
    enrolments that are not reminded of something because nothing is missing."""
    found = {due.key: due for one in piece for due in due_for(one.place, one.dates, now)}
    posted = set(conn.execute(POSTED, {"keys": list(found)}).scalars()) if found else set()
    wanted = {key for key, due in found.items() if key in left and due.kind == OPENED}  # whatever was handed in
    open_ = {key: due for key, due in found.items() if key not in posted or (key in left and key not in wanted)}
    if not open_:
        return {}, wanted, set()
    works = _works(conn, coursework, open_.values(), now)
    titles = outlines(conn, {due.place.cohort.version_id for due in open_.values()})
    zones = {one.member.enrolment_id: zone(one.member.row.person_zone) for one in piece}
    letters: dict[str, list[Mail]] = {}
    silent = set()
    for key, due in open_.items():
        place = due.place
        said = _said(due, zones[place.enrolment_id], titles[place.cohort.version_id], works[place.enrolment_id], now)
        if said is None:
            silent.add(place.enrolment_id)
            continue
        wanted.add(key)
        if key not in posted:
            letters.setdefault(due.kind, []).append(Mail(key, place.person_id, said))
    return letters, wanted, silent


def _said(due: Due, home: ZoneInfo, outline: Outline, works: tuple[Work, ...], now: Now) -> dict[str, Any] | None:
    """What the letter says to somebody whose zone is `home`; None for a reminder of what is not missing."""
    cohort = due.place.cohort
    said: dict[str, Any] = {
        "course": cohort.course_title,
        "cohort": cohort.name,
        "number": due.number,
        "title": outline[due.number - 1].title,
        "path": f"/cohorts/{cohort.id}/modules/{due.number}",
    }
    for name, instant in (("due", due.dates.due_at), ("late_until", due.dates.late_until)):
        said[name] = keep_instant(instant, zone(cohort.zone), home) if instant else ""
    if due.kind == OPENED:
        return said | {"asks": [work.title for work in of_module(works, due.number)]}
    left = missing(works, due.number, due.dates, now.school)
    return said | {"hours": due.hours, "missing": list(left)} if left else None


def _send(conn: Connection, letters: dict[str, list[Mail]], now: Now) -> int:
    return sum(post_all(conn, kind, mails, now=now.real) for kind, mails in letters.items())


def _works(conn: Connection, coursework: Coursework, dues: Iterable[Due], now: Now) -> dict[str, tuple[Work, ...]]:
    versions = {due.place.enrolment_id: due.place.cohort.version_id for due in dues}
    return coursework.work_of_many(conn, versions, now.school)
