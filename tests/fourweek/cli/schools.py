"""Demonstration schools for tests: filled in once for each engine, and looked at by many tests."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from fourweek.app import open_house
from fourweek.cli.seed.people import EVERYBODY
from fourweek.cli.seed.school import build
from fourweek.database import Database
from fourweek.edge import House
from fourweek.settings import Settings
from tests.databases import fresh_postgres, fresh_sqlite


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


def filled(engine: str, folder: Path, now: datetime) -> School:
    settings = Settings(
        home=folder,
        database_url=fresh_sqlite(folder) if engine == "sqlite" else fresh_postgres(),
        base_url="http://testserver",
        institution="Harbour Technical Institute",
        zone="America/New_York",
        demo=True,
        smtp_url="smtp://127.0.0.1:9",
        argon2_memory_kib=8192,
        argon2_rounds=1,
    )
    heard: list[tuple[int, int, str]] = []
    facts = build(settings, lambda done, total, words: heard.append((done, total, words)), now)
    house = open_house(settings)
    found = house.db.read_now(lambda conn: conn.execute(text("SELECT address, person_id FROM email_address")).all())
    by_address = {row.address: row.person_id for row in found}
    return School(house, facts, heard, {person.key: by_address[person.address] for person in EVERYBODY})
