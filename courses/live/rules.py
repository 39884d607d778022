"""When a live session is, what may be done with it at an instant, and what is missing of it. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from courses.live.models import LiveSession, Presence, Source
from courses.schedule.rules import EffectiveDates
from courses.schedule.walltime import local_instant
from courses.schedule.zones import zone
from fourweek.database import new_id
from fourweek.light import dataclass

EARLY = timedelta(minutes=15)
CODE_LATE = timedelta(minutes=30)
WEEK = 7
MOST_TRIES = 5
CODE_LENGTH = 6
CODE_SIGNS = "23456789ACDEFGHJKMNPQRTVWXY"
LOOK_ALIKES = str.maketrans({"B": "8", "S": "5", "U": "V", "Z": "2"})


@dataclass(frozen=True)
class Meeting:
    """A live session on the wall clock of `zone`, its section's or else its cohort's. `section` is a name, "" for all.

    `revision` counts the changes of what a calendar shows.
    """

    id: str
    cohort_id: str
    title: str
    section_id: str | None
    section: str
    module_number: int | None
    on: date
    at: time
    minutes: int
    zone: str
    join_url: str
    recording_url: str
    instructor: str
    required: bool
    code: str
    cancelled_at: datetime | None
    changed_at: datetime
    revision: int

    @cached_property
    def starts_at(self) -> datetime:
        """In UTC, by law 3: a time that the clock skips is the first after the gap, one that comes twice its first."""
        return local_instant(self.on, self.at, zone(self.zone))

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now

    def is_joinable(self, now: datetime) -> bool:
        """From a quarter of an hour before it begins until it ends."""
        return self.cancelled_at is None and self.starts_at - EARLY <= now < self.ends_at

    def takes_code(self, now: datetime) -> bool:
        """Whether a code shown in the session counts: until half an hour after it ended."""
        return self.cancelled_at is None and self.starts_at - EARLY <= now < self.ends_at + CODE_LATE


@dataclass(frozen=True, slots=True)
class Attended:
    """What was recorded of one person at one session. `recorded_at` is the school's clock."""

    presence: Presence
    source: Source
    reason: str
    recorded_at: datetime

    @property
    def counts(self) -> bool:
        return self.presence is not Presence.ABSENT


@dataclass(frozen=True, slots=True)
class Mine:
    """A session as it concerns one person; `attended` None: nothing is recorded."""

    meeting: Meeting
    attended: Attended | None

    @property
    def is_missing(self) -> bool:
        """Whether a module cannot be complete yet because of it."""
        meeting = self.meeting
        asked = meeting.required and meeting.module_number is not None and meeting.cancelled_at is None
        return asked and not (self.attended and self.attended.counts)


def as_of(mine: Mine, now: datetime) -> Mine:
    """The session as it stood at `now`, without what was recorded or cancelled after it."""
    meeting, attended = mine.meeting, mine.attended
    if meeting.cancelled_at is not None and meeting.cancelled_at > now:
        meeting = replace(meeting, cancelled_at=None)
    return Mine(meeting, None if attended is not None and attended.recorded_at > now else attended)


def unattended(sessions: Iterable[Mine]) -> frozenset[int]:
    """The numbers of the modules that still ask for attendance; `courses.coursework.module_complete` wants them."""
    return frozenset(one.meeting.module_number or 0 for one in sessions if one.is_missing)


def coming_first(sessions: Iterable[Mine], now: datetime) -> tuple[Mine, ...]:
    """What is not over, the next one first, then what is over, the last one first."""
    found = sorted(sessions, key=lambda one: (one.meeting.starts_at, one.meeting.id))
    coming = [one for one in found if not one.meeting.is_over(now)]
    return (*coming, *reversed([one for one in found if one.meeting.is_over(now)]))


def series_days(first: date, weekdays: Collection[int], weeks: int) -> tuple[date, ...]:
    """The chosen weekdays (0 is Monday) of `weeks` weeks that begin on `first`; `first` alone where none is chosen."""
    if not weekdays:
        return (first,)
    days = (first + timedelta(days=n) for n in range(weeks * WEEK))
    return tuple(day for day in days if day.weekday() in weekdays)


def module_at(dates: Sequence[EffectiveDates], instant: datetime) -> int | None:
    """The number of the module that opened last by then; None before the first."""
    opened = [(one.opens_at, number) for number, one in enumerate(dates, 1) if one.opens_at <= instant]
    return max(opened)[1] if opened else None


def plain_code(typed: str) -> str:
    """What was typed as a code holds it: capitals, nothing between them, the sign that a look-alike stands for."""
    return "".join(typed.upper().split()).replace("-", "").translate(LOOK_ALIKES)


def moved(session: LiveSession, days: int) -> LiveSession:
    """The same session so many days on, on the wall clock, as a new one: without links, code, changes or attendance.

    It still belongs to the same cohort and section: whoever copies it elsewhere sets both, and when it was made.
    """
    plain = session.model_dump(exclude={"code", "join_url", "recording_url", "cancelled_at", "moved_at", "moved_from"})
    return LiveSession(**plain | {"id": new_id(), "on": session.on + timedelta(days=days), "revision": 0})
