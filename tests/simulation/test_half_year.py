"""The simulated half year: nothing opens early or late, no notice is missing or double, whatever the worker suffers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from assessments.coursework import AssessmentsCoursework
from assessments.credit.ledger import ENTRY
from courses.calendar.feed import calendar
from courses.enrolment.access import ENROLMENT, places
from courses.learning.lesson_page import lesson_page
from courses.learning.module_page import module_facts
from fourweek.accounts.service import digest
from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.outbox import OUTBOX
from fourweek.settings import Settings
from tests import factories as make
from tests.simulation import oracle
from tests.simulation.half_year import HalfYear, turns
from tests.simulation.school import build
from tests.simulation.world import AUTUMN, WINTER, Learner, make_world

SECOND = timedelta(seconds=1)
COURSEWORK = AssessmentsCoursework()


@dataclass
class Long:
    seed: int
    people: int = 12
    every_hours: int = 1


def _run(db: Database, settings: Settings, long: Long | None = None) -> HalfYear:
    seed = long.seed if long else 1
    world = make_world(seed, (*AUTUMN, *WINTER) if long else AUTUMN, long.people if long else 6)
    run = HalfYear(db.write_now(build, world), settings, seed)
    run.run(turns(world, seed, long.every_hours if long else 12, sigkills=8 if long else 1))
    return run


@pytest.fixture
def half_year(db: Database, settings: Settings) -> Iterator[HalfYear]:
    run = _run(db, settings)
    yield run
    run.close()


def test_half_year_in_short(half_year: HalfYear, db: Database) -> None:
    _check(half_year, db)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 4))
def test_half_year_at_length(db: Database, settings: Settings, seed: int) -> None:
    run = _run(db, settings, Long(seed))
    _check(run, db)
    run.close()


def _check(run: HalfYear, db: Database) -> None:
    assert run.deaths > 5
    _check_notices(run, db)
    _check_credit(run, db)
    staying = [one for one in run.school.world.learners if one.leaves is None]
    assert staying
    for learner in staying:
        db.read_now(_check_dates, run, learner)
        db.read_now(_check_pages, run, learner)


def _check_notices(run: HalfYear, db: Database) -> None:
    """Each that had to be is there, none that had no reason, and each left once unless a death came in between."""
    rows = db.read_now(lambda conn: conn.execute(select(OUTBOX.c.id, OUTBOX.c.key, OUTBOX.c.sent_at)).all())
    told = {row.key for row in rows}
    kinds = {key.split(":")[0] for key in run.expected.must}
    assert kinds >= {"module_opened", "due_soon", "overdue", "session_soon", "session_moved", "announcement"}
    assert told >= run.expected.must, sorted(run.expected.must - told)
    assert told <= run.expected.may, sorted(told - run.expected.may)
    assert all(row.sent_at for row in rows if row.key in run.expected.must)
    must_have_left = {row.id for row in rows if row.key in run.expected.must}
    left = Counter(run.post.left)
    assert must_have_left <= left.keys()
    assert {letter for letter, times in left.items() if times > 1} <= run.post.again


def _check_credit(run: HalfYear, db: Database) -> None:
    entries = db.read_now(lambda conn: conn.execute(select(ENTRY.c.enrolment_id, ENTRY.c.module_number)).all())
    counted = Counter((row.enrolment_id, row.module_number) for row in entries)
    earned = {
        (run.school.places[one.name], module)
        for one in run.school.world.learners
        for module in one.passes
        if one.leaves is None
    }
    assert earned <= counted.keys()
    assert set(counted.values()) == {1}


def _check_dates(conn: Connection, run: HalfYear, learner: Learner) -> None:
    """Every date of a place and of its calendar, at every instant at which something about it may change."""
    (place,) = places(conn, ENROLMENT.c.id == run.school.places[learner.name])
    for now in _instants(run, learner):
        found = place.all_dates(now)
        for module, own in enumerate(found, 1):
            wanted = oracle.dates(learner, module, now)
            assert (own.opens_at, own.due_at, own.late_until, own.closes_at) == (
                wanted.opens,
                wanted.due,
                wanted.late,
                wanted.closes,
            ), (learner, module, now)
    now = run.school.world.ends
    token = digest(run.school.calendars[learner.name].removeprefix("/calendar/").removesuffix(".ics"))
    entries = {entry.uid: entry for entry in calendar(conn, make.visitor(None, now), COURSEWORK, token, "en")}
    for module in range(1, len(run.school.made.modules) + 1):
        wanted = oracle.dates(learner, module, now)
        named = {"opens": wanted.opens, "due": wanted.due, "closes": wanted.closes}
        for kind, at in named.items():
            assert entries[f"{kind}-{place.enrolment_id}-{module}"].starts_at == at


def _check_pages(conn: Connection, run: HalfYear, learner: Learner) -> None:
    """The real pages, a second before and at each release: closed, then open."""
    cohort, person = run.school.cohorts[learner.cohort.name], run.school.people[learner.name]
    for module in range(1, len(run.school.made.modules) + 1):
        opens = _release(run, learner, module)
        for now in (opens - SECOND, opens):
            visitor = make.visitor(person, now)
            wanted = oracle.dates(learner, module, now).is_open(now)
            assert wanted == (now == opens)
            assert module_facts(conn, visitor, COURSEWORK, cohort, module).is_open == wanted
            assert _shows_lesson(conn, visitor, cohort, module) == wanted


def _shows_lesson(conn: Connection, visitor: object, cohort: str, module: int) -> bool:
    try:
        page = lesson_page(conn, visitor, cohort, module, f"secret-lesson-{module}-0")  # type: ignore[arg-type]
    except NotFound:
        return False
    return page.title == f"Secret lesson {module}.0"


def _release(run: HalfYear, learner: Learner, module: int) -> datetime:
    """When a module opened for somebody first, found by asking the oracle hour by hour, then second by second."""
    now = run.school.world.begins
    while not oracle.dates(learner, module, now).is_open(now):
        now += timedelta(hours=1)
    low, high = now - timedelta(hours=1), now
    while high - low > SECOND:
        middle = low + (high - low) // 2 // SECOND * SECOND
        is_open = oracle.dates(learner, module, middle).is_open(middle)
        low, high = (low, middle) if is_open else (middle, high)
    return high


def _instants(run: HalfYear, learner: Learner) -> set[datetime]:
    world = run.school.world
    about = [world.begins, world.ends]
    about += [at for grant in learner.grants for at in (grant.at, grant.expires) if at]
    about += [_release(run, learner, module) for module in range(1, len(run.school.made.modules) + 1)]
    days = int((world.ends - world.begins) / timedelta(days=1))
    steps = {world.begins + timedelta(days=day) for day in range(0, days, 5)}
    return {at + step for at in about for step in (-SECOND, timedelta(), SECOND)} | steps
