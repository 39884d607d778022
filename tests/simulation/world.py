"""The half year that is simulated, as plain facts: cohorts in five zones, their people, and what they do when."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
MODULES = 4
Days = tuple[date, date]


@dataclass(frozen=True)
class Section:
    """Part of a cohort that runs some days later, on the clock of another zone perhaps."""

    name: str
    shift_days: int = 0
    zone: str | None = None


@dataclass(frozen=True)
class Cohort:
    """Rules on the wall clock of a zone. With `own_pace` everybody counts from the day of enrolment."""

    name: str
    zone: str
    start: date
    weekday: int | None
    release: time
    due_days: int
    due: time
    late_days: int
    close_days: int
    pauses: tuple[Days, ...] = ()
    days_off: tuple[Days, ...] = ()
    sections: tuple[Section, ...] = ()
    own_pace: bool = False


@dataclass(frozen=True)
class Grant:
    """An extension, as it is asked for."""

    at: datetime
    module: int | None = None
    shift_days: int = 0
    moves_opening: bool = False
    due: tuple[date, time] | None = None
    opens_all: bool = False
    pause: tuple[date, date | None] | None = None
    expires: datetime | None = None


@dataclass(frozen=True)
class Learner:
    """`hands_in` says when the evidence of a module comes in, `passes` when its decision is posted."""

    name: str
    cohort: Cohort
    section: Section | None
    joins: datetime
    leaves: datetime | None = None
    grants: tuple[Grant, ...] = ()
    hands_in: dict[int, datetime] = field(default_factory=dict)
    passes: dict[int, datetime] = field(default_factory=dict)

    def takes_part(self, at: datetime) -> bool:
        return self.joins <= at and (self.leaves is None or at < self.leaves)


@dataclass(frozen=True)
class Meeting:
    """A live session; `moved` says when it is put to another day, `cancelled` when it is called off."""

    name: str
    cohort: Cohort
    section: Section | None
    module: int | None
    day: date
    at: time
    moved: tuple[datetime, date] | None = None
    cancelled: datetime | None = None


@dataclass(frozen=True)
class News:
    """An announcement to a cohort."""

    name: str
    cohort: Cohort
    posted: datetime


@dataclass(frozen=True)
class World:
    cohorts: tuple[Cohort, ...]
    learners: tuple[Learner, ...]
    meetings: tuple[Meeting, ...]
    news: tuple[News, ...]

    @property
    def begins(self) -> datetime:
        return noon(min(one.start for one in self.cohorts)) - 10 * DAY

    @property
    def ends(self) -> datetime:
        return noon(max(one.start for one in self.cohorts)) + 56 * DAY


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


# Each of the first four runs across a change of its clock, and has a release or a due date in the time that is skipped
# or comes twice: 25 October, 1 November, 6 September (midnight is skipped) and 4 October (by half an hour) of 2026; in
# spring 28 March, 14 March, 3 April (24:00 is 23:00) and 4 April of 2027. In Kolkata the clock never changes.
AUTUMN = (
    ("Europe/Berlin", date(2026, 10, 5)),
    ("America/New_York", date(2026, 10, 19)),
    ("America/Santiago", date(2026, 8, 24)),
    ("Australia/Lord_Howe", date(2026, 9, 21)),
    ("Asia/Kolkata", date(2026, 9, 7)),
)
WINTER = (
    ("Europe/Berlin", date(2027, 3, 8)),
    ("America/New_York", date(2027, 2, 21)),
    ("America/Santiago", date(2027, 3, 14)),
    ("Australia/Lord_Howe", date(2027, 3, 15)),
    ("Asia/Kolkata", date(2026, 12, 14)),
)
RELEASES = (time(0), time(2, 30), time(9), time(2, 15), time(1, 45))
DUES = (time(23, 59), time(1, 30), time(0, 30), time(23, 59), time(18))
DUE_DAYS = (6, 6, 6, 4, 3)


def make_world(seed: int, starts: Sequence[tuple[str, date]] = AUTUMN, people: int = 6) -> World:
    """Cohorts that start as given, with people, sessions and news; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 not for secrets
    cohorts = tuple(_cohort(number, zone, start) for number, (zone, start) in enumerate(starts))
    learners = tuple(one for cohort in cohorts for one in _learners(chance, cohort, people))
    meetings = tuple(one for cohort in cohorts for one in _meetings(chance, cohort))
    news = tuple(
        News(f"{cohort.name}: news {n}", cohort, noon(cohort.start) + chance.randint(0, 28 * 24) * HOUR)
        for cohort in cohorts
        for n in (1, 2)
    )
    return World(cohorts, learners, meetings, news)


def _cohort(number: int, zone: str, start: date) -> Cohort:
    kind = number % 5
    sections = (Section("Later", 2), Section("Away", 0, "America/New_York"))
    return Cohort(
        name=f"{zone} {start}",
        zone=zone,
        start=start,
        weekday=None if kind == 2 else start.weekday() if kind != 3 else 6,
        release=RELEASES[kind],
        due_days=DUE_DAYS[kind],
        due=DUES[kind],
        late_days=kind,
        close_days=10 + kind,
        pauses=((start + 7 * DAY, start + 13 * DAY),) if kind == 0 else (),
        days_off=((start + 16 * DAY, start + 16 * DAY), (start + 22 * DAY, start + 23 * DAY)) if kind != 1 else (),
        sections=sections if kind in (0, 1) else (),
        own_pace=kind == 4,
    )


def _learners(chance: random.Random, cohort: Cohort, people: int) -> Iterator[Learner]:
    start = noon(cohort.start)
    for number in range(people):
        joins = start + (chance.randint(1, 20 * 24) * HOUR if number % 3 == 2 else -chance.randint(1, 9 * 24) * HOUR)
        works = [n for n in range(1, MODULES + 1) if chance.random() < 0.6]
        hands_in = {n: max(joins, start) + (7 * n * 24 - chance.randint(0, 240)) * HOUR for n in works}
        yield Learner(
            name=f"{cohort.name}: {number}",
            cohort=cohort,
            section=chance.choice((None, *cohort.sections)),
            joins=joins,
            leaves=joins + chance.randint(5, 30) * DAY if chance.random() < 0.15 else None,
            grants=tuple(one for one in _grants(chance, start, number) if one.at > joins),
            hands_in={n: at for n, at in hands_in.items() if at > joins},
            passes={n: at + 30 * HOUR for n, at in hands_in.items() if at > joins and chance.random() < 0.7},
        )


def _grants(chance: random.Random, start: datetime, number: int) -> Iterator[Grant]:
    at = start + chance.randint(-24, 20 * 24) * HOUR + chance.randint(0, 59) * MINUTE
    module = chance.choice((None, 1, 2, 3, 4))
    day = at.date() + chance.randint(1, 12) * DAY
    expires = at + chance.randint(1, 15) * DAY if chance.random() < 0.4 else None
    kinds = (
        Grant(at, module, shift_days=chance.randint(1, 9), moves_opening=chance.random() < 0.5, expires=expires),
        Grant(at, module, due=(day, chance.choice(DUES)), expires=expires),
        Grant(at, module, opens_all=True, expires=expires),
        Grant(at, None, pause=(start.date() + 21 * DAY, day + chance.randint(9, 30) * DAY), expires=expires),
        Grant(at, None, pause=(day, day + chance.randint(0, 9) * DAY), expires=expires),
        Grant(at, None, pause=(day, None), expires=at + 14 * DAY),
    )
    if number:
        yield chance.choice(kinds)
    if number == 1:
        yield Grant(at + DAY, None, shift_days=2)


def _meetings(chance: random.Random, cohort: Cohort) -> Iterator[Meeting]:
    for number in range(4):
        day = cohort.start + (7 * number + chance.randint(0, 6)) * DAY
        before = noon(day) - chance.randint(2, 4) * DAY
        yield Meeting(
            name=f"{cohort.name}: meeting {number}",
            cohort=cohort,
            section=chance.choice((None, *cohort.sections)),
            module=chance.choice((None, number + 1)),
            day=day,
            at=chance.choice((time(2, 30), time(19), time(23, 30))),
            moved=(before, day + DAY) if number == 1 else None,
            cancelled=before if number == 3 else None,
        )
