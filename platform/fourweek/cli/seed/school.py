"""Filling in the demonstration school: every act of the story, by the real services, at its own instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update

from assessments.badges.keys import load_keys
from courses.schedule.words import say_date
from fourweek.accounts.access import PERSON
from fourweek.audit.service import chain
from fourweek.cli.seed.calendar import Calendar
from fourweek.cli.seed.facts import facts_of
from fourweek.cli.seed.people import TRIED
from fourweek.cli.seed.stage import Stage
from fourweek.cli.seed.story import story
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.mail import sender
from fourweek.outbox import Send
from fourweek.pages import Pages
from fourweek.settings import Settings

HASHERS = 2
Progress = Callable[[int, int, str], None]


def build(settings: Settings, progress: Progress, now: datetime) -> dict[str, Any]:
    """Fill an empty, migrated database and a store, as of `now`; returns what goes into `demo.json`.

    `progress` hears (acts done, acts in all, the day that is being played). No letter leaves the machine.
    """
    house = open_house(settings)
    try:
        stage = Stage(house, load_keys(settings), _to_files(settings), _hashes(house))
        acts = story(Calendar(now))
        for done, act in enumerate(acts):
            progress(done, len(acts), say_date(act.at.date()))
            act.play(stage, act.at)
        house.db.write_now(_note_seen, {stage.people[key].id: at for key, at in stage.seen.items()})
        while house.db.write_now(chain):
            pass
        progress(len(acts), len(acts), "The school is open")
        return facts_of(stage)
    finally:
        house.db.close()


def _hashes(house: House) -> dict[str, str]:
    """Hashes of the passwords by person, worked out side by side."""
    with ThreadPoolExecutor(HASHERS) as pool:
        hashes = pool.map(house.passwords.hash, [person.password for person in TRIED])
        return dict(zip((person.key for person in TRIED), hashes, strict=True))


def _note_seen(conn: Connection, last: dict[str, datetime]) -> None:
    """Nobody signs in to play a part: who did something was seen when they did it."""
    for person_id, at in last.items():
        conn.execute(update(PERSON).where(PERSON.c.id == person_id).values(seen_at=at))


def _to_files(settings: Settings) -> Send:
    return sender(settings.model_copy(update={"smtp_url": ""}), Pages((), str))
