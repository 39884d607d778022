"""An empty demonstration school in a process of its own, with the people of the walk and nothing else."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fourweek.accounts.models import Role
from fourweek.accounts.passwords import Passwords
from fourweek.accounts.service import add_person, grant
from fourweek.cli.serving import prepare
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.settings import Settings
from tests.servers import FOURWEEK, REPO, Server, fourweek_environment, free_port, serving

PACKAGE = REPO / "courses" / "examples" / "reliable-services"
PASSWORD = "a quiet harbour at dawn"
MEMORY_KIB, ROUNDS = 8192, 1  # light hashing: the walk signs in often


@dataclass(frozen=True, slots=True)
class Someone:
    name: str
    address: str
    zone: str = "UTC"
    password: str = PASSWORD


LEAD = Someone("Rosa Delgado", "rosa@harbour.example", "America/New_York")
LEARNER = Someone("Żaneta Wójcik", "zaneta@harbour.example", "Europe/Warsaw")
GRADER = Someone("Tom Adeyemi", "tom@harbour.example", "Africa/Lagos")
SECOND_GRADER = Someone("Mei Tanaka", "mei@harbour.example", "Asia/Tokyo")
Roles = Mapping[Someone, tuple[Role, ...]]
ROLES: Roles = {LEAD: (Role.AUTHOR, Role.LEAD), LEARNER: (), GRADER: (Role.GRADER,), SECOND_GRADER: (Role.GRADER,)}


@dataclass(frozen=True, slots=True)
class School:
    server: Server
    home: Path

    @property
    def url(self) -> str:
        return self.server.url

    def add(self, someone: Someone, *roles: Role) -> Someone:
        """One more person, while the school is in use."""
        _add_people(self.home, {someone: roles})
        return someone

    def end_sign_ins(self, someone: Someone) -> None:
        """Let every sign-in of a person lapse, as idleness would."""
        lapse = (
            "UPDATE sign_in SET ends_at = '2020-01-01 00:00:00.000000' "
            "WHERE person_id IN (SELECT person_id FROM email_address WHERE address = ?)"
        )
        self._change((lapse,), someone.address)

    @contextmanager
    def begun_earlier(self, days: int) -> Iterator[None]:
        """Inside, every cohort began so many days before, with all its places: deadlines pass, and the school's clock,
        which never goes back, stays as it is for the next test."""
        cohorts = "UPDATE cohort SET start_date = date(start_date, ?)"
        places = "UPDATE enrolment SET enrolled_at = strftime('%Y-%m-%d %H:%M:%f', enrolled_at, ?) || '000'"
        self._change((cohorts, places), f"-{days} days")
        try:
            yield
        finally:
            self._change((cohorts, places), f"+{days} days")

    def _change(self, statements: tuple[str, ...], value: str) -> None:
        with closing(sqlite3.connect(self.home / "fourweek.sqlite3", timeout=10)) as database, database:
            for one in statements:
                database.execute(one, (value,))


@contextmanager
def open_school(folder: Path, base_url: str = "", **more: str) -> Iterator[School]:
    """Make the school under `folder` and run it: server and worker in one process, ticking every second.

    `base_url` is where browsers reach it, if not at its own port; `more` are further settings.
    """
    home, port = folder / "home", free_port()
    prepare(Settings(home=home))
    _add_people(home, ROLES)
    settings = {
        "demo": "1",
        "insecure": "demo",
        "institution": "Harbour Technical Institute",
        "zone": "America/New_York",
        "tick_seconds": "1",
        "argon2_memory_kib": str(MEMORY_KIB),
        "argon2_rounds": str(ROUNDS),
        "base_url": base_url,
    } | more
    environment = fourweek_environment(home, port, **settings)
    with serving([FOURWEEK, "run"], port, environment, folder / "server.log") as server:
        yield School(server, home)


def _add_people(home: Path, people: Roles) -> None:
    hashed = Passwords(MEMORY_KIB, ROUNDS).hash(PASSWORD)
    db = Database(Settings(home=home).database)
    for someone, roles in people.items():
        made = db.write_now(
            add_person,
            address=someone.address,
            legal_name=someone.name,
            password_hash=hashed,
            zone=someone.zone,
            now=real_time(),
        )
        for role in roles:
            db.write_now(grant, made, role, now=real_time())
    db.close()


def zipped_package(folder: Path) -> Path:
    """The demonstration course as the zip an author would upload."""
    return Path(shutil.make_archive(str(folder / "reliable-services"), "zip", PACKAGE))
