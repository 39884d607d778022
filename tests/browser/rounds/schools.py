"""Schools to look at: the demonstration, full of stories; one where nothing is yet; the small world of tests/access.

In the small world something stands at every address.
"""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import text

from fourweek.accounts.models import Role
from fourweek.app import create_app
from fourweek.cli.demo import FACTS, INSTITUTION
from fourweek.cli.seed.people import TRIED
from fourweek.cli.seed.school import build
from fourweek.clock import real_time
from fourweek.edge import House, cookie_name
from fourweek.first_run.opening import invite
from fourweek.house import open_house
from fourweek.light import dataclass
from fourweek.settings import Settings
from tests import factories as make
from tests.access.side import NOW
from tests.access.world import World, open_world
from tests.browser.rounds.serving import held_port, served
from tests.databases import fresh_sqlite
from tests.fourweek.cli.schools import of_this_run
from tests.keys import put_jwt_key

Filled = TypeVar("Filled")
Heard = Callable[[int, int, str], None]
GUEST = ""
ROLES = {"learner": None, "lead": Role.LEAD, "author": Role.AUTHOR, "grader": Role.GRADER, "registrar": Role.REGISTRAR}
ADDRESSES = "SELECT address, person_id FROM email_address"
TERMS = "# Terms\n\nBe honest about whose work it is.\n"


@dataclass(frozen=True, slots=True)
class School:
    """One that answers at `base`. `sign_in` gives one of `people` a token for the cookie of that name, as if they had
    just signed in; `facts` are those of a demonstration, `world` what stands at the addresses of the small world."""

    name: str
    base: str
    home: Path
    cookie: str
    people: tuple[str, ...]
    sign_in: Callable[[str], str]
    facts: dict[str, Any]
    world: World | None = None

    @property
    def cohort(self) -> str:
        """Path of the demonstration's cohort in its third week."""
        return str(self.facts["examples"]["cohort_in_week_3"]).removeprefix(self.base)


@contextmanager
def demonstration(folder: Path, heard: Heard = lambda *_: None) -> Iterator[School]:
    """The demonstration school in the empty `folder`, filled in. `heard` is told how far that is."""
    held, base = held_port()
    settings = _settings(folder, base, demo=True, **INSTITUTION)
    facts = _aside(lambda: build(settings, heard, real_time()))
    (folder / FACTS).write_text(json.dumps(facts), "utf-8")
    with _open(settings, held, facts) as school:
        yield school


@contextmanager
def demonstration_of_this_run(shared: Path, folder: Path) -> Iterator[School]:
    """A copy of the one that a run of tests fills in once; `shared` and `folder` as in `of_this_run`."""
    held, base = held_port()
    made = _aside(lambda: of_this_run("sqlite", shared, folder))
    made.db.close()
    settings = made.house.settings.model_copy(update={"base_url": base})
    facts = json.loads(json.dumps(made.facts).replace(made.house.settings.public_url, base))
    (folder / FACTS).write_text(json.dumps(facts), "utf-8")
    with _open(settings, held, facts) as school:
        yield school


@contextmanager
def _open(settings: Settings, held: socket.socket, facts: dict[str, Any]) -> Iterator[School]:
    house = open_house(settings)
    ids = {row.address: row.person_id for row in house.db.read_now(lambda conn: conn.execute(text(ADDRESSES)).all())}
    people = {person.key: ids[person.address] for person in TRIED}
    with served(create_app(house=house), held):
        cookie = cookie_name(settings)
        yield School("demonstration", settings.public_url, settings.home, cookie, *_signing_in(house, people), facts)


@contextmanager
def empty_school(folder: Path) -> Iterator[School]:
    """One person of each role, and nothing else."""
    held, base = held_port()
    house = open_house(_settings(folder, base))
    people = {name: house.db.write_now(_person, name, role) for name, role in ROLES.items()}
    with served(create_app(house=house), held):
        yield School("empty", base, folder, cookie_name(house.settings), *_signing_in(house, people), {})


@contextmanager
def new_school(folder: Path) -> Iterator[School]:
    """Nobody has an account."""
    held, base = held_port()
    house = open_house(_settings(folder, base))
    invite(folder)
    with served(create_app(house=house), held):
        yield School("new", base, folder, cookie_name(house.settings), *_signing_in(house, {}), {})


@contextmanager
def small_world(folder: Path, **more: Any) -> Iterator[School]:
    """The world of tests/access in the empty `folder`, while its clock stands still; `more` are settings."""
    held, base = held_port()
    put_jwt_key(folder)
    (folder / "texts").mkdir()
    (folder / "texts" / "terms.md").write_text(TERMS, "utf-8")
    house = open_house(_settings(folder, base, **more))
    world = _aside(lambda: open_world(house))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fourweek.clock.datetime", Stopped)
        with served(create_app(house=house), held):
            tokens = world.tokens
            yield School(
                "world", base, folder, cookie_name(house.settings), tuple(tokens), tokens.__getitem__, {}, world
            )


class Stopped(datetime):
    """What the one clock reads in the small world."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW.astimezone(tz)


def _settings(folder: Path, base: str, **more: Any) -> Settings:
    given: dict[str, Any] = {"home": folder, "base_url": base, "sign_up": True, "argon2_memory_kib": 8192}
    return Settings(**(given | {"database_url": fresh_sqlite(folder), "argon2_rounds": 1} | more))


def _aside(fill: Callable[[], Filled]) -> Filled:
    """In a thread without a loop: sealing brings its own, and Playwright keeps one where it runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(fill).result()


def _person(conn: Any, name: str, role: Role | None) -> str:
    whole = f"Pat {name.title()}"
    return make.person(conn, whole) if role is None else make.with_role(conn, role, whole)


def _signing_in(house: House, ids: Mapping[str, str]) -> tuple[tuple[str, ...], Callable[[str], str]]:
    return tuple(ids), lambda name: str(house.db.write_now(make.sign_in, ids[name], real_time()))
