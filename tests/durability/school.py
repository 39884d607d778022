"""A school for learners who write all day while their server is killed: made with rows, run by the real commands."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from fourweek.accounts.passwords import Passwords
from fourweek.accounts.service import add_person
from fourweek.clock import real_time
from fourweek.database import Database
from tests import factories
from tests.databases import fresh_postgres, fresh_sqlite
from tests.servers import fourweek_environment, free_port

PASSWORD = "a quiet harbour at dawn"
MEMORY_KIB, ROUNDS = 8192, 1
WEEKS = 3
TEXT_SLOT, FILES_SLOT, MOST_FILES = "report", "proof", 2


@dataclass(frozen=True, slots=True)
class School:
    """Where it lives, who may sign in, and the addresses of the assignments that are open to them."""

    home: Path
    database_url: str
    port: int
    addresses: tuple[str, ...]
    assignments: tuple[str, ...]

    @property
    def environment(self) -> dict[str, str]:
        settings = {"argon2_memory_kib": str(MEMORY_KIB), "argon2_rounds": str(ROUNDS), "tick_seconds": "1"}
        return fourweek_environment(self.home, self.port, database_url=self.database_url, **settings)


def make_school(folder: Path, engine: str, learners: int) -> School:
    """An empty house with one course, all of whose weeks are open and stay so."""
    home = folder / "home"
    home.mkdir()
    url = fresh_sqlite(folder) if engine == "sqlite" else fresh_postgres()
    hashed = Passwords(MEMORY_KIB, ROUNDS).hash(PASSWORD)
    db = Database(url)
    try:
        addresses, assignments = db.write_now(_fill, learners, hashed)
    finally:
        db.close()
    return School(home, url, free_port(), addresses, assignments)


def _fill(conn: Connection, learners: int, hashed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    now = real_time()
    monday = (now - timedelta(days=now.weekday(), weeks=WEEKS)).date()
    course = factories.course(conn, weeks=WEEKS)
    cohort = factories.cohort(conn, course, monday, due_days=300)
    addresses = tuple(f"learner{number}@example.org" for number in range(learners))
    for address in addresses:
        person = add_person(
            conn, address=address, legal_name=f"Ada {address}", password_hash=hashed, zone="UTC", now=now
        )
        factories.enrol(conn, cohort, person)
    paths = (f"/cohorts/{cohort}/modules/{week}/assignments/{key}" for week, key in enumerate(course.keys, 1))
    return addresses, tuple(paths)
