"""A school for learners who write all day while their server is killed: made with rows, run by the real commands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from fourweek.accounts.models import Role
from fourweek.accounts.passwords import Passwords
from fourweek.accounts.service import add_person, grant
from fourweek.clock import real_time
from fourweek.database import Database
from tests import factories
from tests.assessments.badges.factories import achievement
from tests.databases import fresh_postgres, fresh_sqlite
from tests.servers import fourweek_environment, free_port

PASSWORD = "a quiet harbour at dawn"
MEMORY_KIB, ROUNDS = 8192, 1
WEEKS = 3
TEXT_SLOT, FILES_SLOT, MOST_FILES = "report", "proof", 2


@dataclass(frozen=True, slots=True)
class School:
    """Where it lives, which learners may sign in, and the addresses of the assignments that are open to them.

    `piles` are the submissions that wait for each grader, by the grader's address.
    """

    home: Path
    database_url: str
    port: int
    addresses: tuple[str, ...]
    assignments: tuple[str, ...]
    piles: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        settings = {"argon2_memory_kib": str(MEMORY_KIB), "argon2_rounds": str(ROUNDS), "tick_seconds": "1"}
        return fourweek_environment(self.home, self.port, database_url=self.database_url, **settings)


def make_school(folder: Path, engine: str, learners: int, graders: int = 0, pile: int = 0) -> School:
    """An empty house with one course, all of whose weeks are open and stay so; `pile` submissions for each grader."""
    home = folder / "home"
    home.mkdir()
    url = fresh_sqlite(folder) if engine == "sqlite" else fresh_postgres()
    hashed = Passwords(MEMORY_KIB, ROUNDS).hash(PASSWORD)
    db = Database(url)
    try:
        addresses, assignments, piles = db.write_now(_fill, learners, graders, pile, hashed)
    finally:
        db.close()
    return School(home, url, free_port(), addresses, assignments, piles)


def _fill(
    conn: Connection, learners: int, graders: int, pile: int, hashed: str
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, tuple[str, ...]]]:
    now = real_time()
    monday = (now - timedelta(days=now.weekday(), weeks=WEEKS)).date()
    course = factories.course(conn, weeks=WEEKS)
    achievement(conn, course)
    cohort = factories.cohort(conn, course, monday, due_days=300)
    addresses = tuple(f"learner{number}@example.org" for number in range(learners))
    for address in addresses:
        factories.enrol(conn, cohort, _person(conn, address, hashed, now))
    piles = {}
    for number in range(graders):
        address = f"grader{number}@example.org"
        grant(conn, _person(conn, address, hashed, now), Role.GRADER, scope_id=cohort, now=now)
        piles[address] = tuple(_handed_in(conn, course, cohort, now) for _ in range(pile))
    paths = (f"/cohorts/{cohort}/modules/{week}/assignments/{key}" for week, key in enumerate(course.keys, 1))
    return addresses, tuple(paths), piles


def _person(conn: Connection, address: str, hashed: str, now: datetime) -> str:
    return add_person(conn, address=address, legal_name=f"Ada {address}", password_hash=hashed, zone="UTC", now=now)


def _handed_in(conn: Connection, course: factories.MadeCourse, cohort: str, now: datetime) -> str:
    """The first week's work of one more learner, to whom nothing else is missing: it earns credit and a badge."""
    person, at = factories.person(conn, "Quiet Harbour"), now - timedelta(days=1)
    enrolment = factories.enrol(conn, cohort, person)
    for week in range(2, WEEKS + 1):
        done = factories.submission(conn, course, enrolment, week, at=at)
        factories.decided(conn, course, done, person, week, at=at, posted_at=at)
    return factories.submission(conn, course, enrolment, at=at)
