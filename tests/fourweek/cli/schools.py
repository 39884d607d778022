"""Demonstration schools for tests: filled in once for each engine, and looked at by many tests."""

import fcntl
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fourweek.cli.seed.people import EVERYBODY
from fourweek.cli.seed.school import build
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.settings import Settings
from tests.databases import copy_postgres, fresh_postgres, fresh_sqlite
from tests.language.pseudo import in_brackets


@dataclass(frozen=True, slots=True)
class School:
    """A school that was filled in: its house, its `demo.json`, what was heard of the progress, and ids by key."""

    house: House
    facts: dict[str, Any]
    heard: list[tuple[int, int, str]]
    people: dict[str, str]

    @property
    def db(self) -> Database:
        return self.house.db


def of_this_run(engine: str, shared: Path, folder: Path) -> School:
    """A copy of the school that the first process of this test run that asks fills in; the others wait for it.

    `shared` is the folder that all processes of the run have, `folder` an empty one of the caller's own.
    """
    made, note = shared / f"school-{engine}", shared / f"school-{engine}.json"
    with (shared / f"school-{engine}.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not note.exists():
            made.mkdir()
            first = filled(engine, made, _moment(shared))
            first.db.close()
            said = {"url": first.db.url, "facts": first.facts, "heard": first.heard, "people": first.people}
            note.write_text(json.dumps(said))
        said = json.loads(note.read_text())
        url = copy_postgres(said["url"]) if engine == "postgres" else said["url"].replace(str(made), str(folder))
        shutil.copytree(made, folder, dirs_exist_ok=True)
    heard = [(done, total, words) for done, total, words in said["heard"]]
    return School(open_house(_settings(folder, url)), said["facts"], heard, said["people"])


def _moment(shared: Path) -> datetime:
    """One for both engines, or midnight might fall between them."""
    kept, mine = shared / "school-moment", shared / f"school-moment-{os.getpid()}"
    mine.write_text(real_time().isoformat())
    with suppress(FileExistsError):
        kept.hardlink_to(mine)  # whole, whoever reads it
    return datetime.fromisoformat(kept.read_text())


def filled(engine: str, folder: Path, now: datetime) -> School:
    settings = _settings(folder, fresh_sqlite(folder) if engine == "sqlite" else fresh_postgres())
    heard: list[tuple[int, int, str]] = []
    with in_brackets():  # what is kept is English, whoever is spoken to: test_kept_words.py
        facts = build(settings, lambda done, total, words: heard.append((done, total, words)), now)
    house = open_house(settings)
    found = house.db.read_now(lambda conn: conn.execute(text("SELECT address, person_id FROM email_address")).all())
    by_address = {row.address: row.person_id for row in found}
    return School(house, facts, heard, {person.key: by_address[person.address] for person in EVERYBODY})


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        home=folder,
        database_url=url,
        base_url="http://testserver",
        institution="Harbour Technical Institute",
        zone="America/New_York",
        demo=True,
        smtp_url="smtp://127.0.0.1:9",
        argon2_memory_kib=8192,
        argon2_rounds=1,
    )
