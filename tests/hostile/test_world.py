"""The short form: every form of a small world, filled in with harm by whoever it is shown to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from fourweek.app import create_app
from fourweek.house import open_house
from fourweek.settings import Settings
from tests.access.addresses import filled
from tests.access.conftest import Stopped
from tests.access.people import PERSONAS, is_let_in
from tests.access.world import World, open_world
from tests.databases import lend, take_back
from tests.hostile.files import hostile_names
from tests.hostile.ground import Ground
from tests.hostile.reading import Page
from tests.hostile.watching import not_theirs, rows
from tests.keys import put_jwt_key

TIMES = 80


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Ground, World]]:
    db = lend("sqlite")
    put_jwt_key(tmp_path)
    light = {"argon2_memory_kib": 8192, "argon2_rounds": 1}
    settings = Settings(home=tmp_path, database_url=db.url, base_url="http://testserver", sign_up=True, **light)  # type: ignore[arg-type]
    house = open_house(settings, db)
    made = open_world(house)
    monkeypatch.setattr("fourweek.clock.datetime", Stopped)
    ground = Ground(create_app(house=house), made.people)
    yield ground, made
    ground.close()
    take_back(db)


def pages(app: FastAPI) -> list[APIRoute]:
    return [
        route
        for route in app.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and "." not in route.path
    ]


def pages_of(app: FastAPI, world: World, who: str) -> list[str]:
    """The addresses of what somebody is let in to, in the first cohort."""
    one = next(one for one in PERSONAS if one.name == who)
    return [filled(route, world.sides[0].names) for route in pages(app) if is_let_in(route, one)]


def look_at_all(ground: Ground, world: World) -> list[str]:
    """Every page, as one of those whom it is for; what is dangerous on them."""
    wrong = []
    for route in pages(ground.app):
        one = next((one for one in (*PERSONAS[1:], PERSONAS[0]) if is_let_in(route, one)), PERSONAS[0])
        address = filled(route, world.sides[0].names)
        answer = ground.visitor(one.name).get(address)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            wrong += ground.note(one.name, address, Page(answer.text))
    return wrong


def test_nothing_hostile_fails_comes_alive_or_changes_what_is_not_ones_own(world: tuple[Ground, World]) -> None:
    ground, made = world
    assert look_at_all(ground, made) == []
    assert len(ground.seen) > 60
    db = ground.visitor("").house.db
    before = db.read_now(rows)
    assert ground.attack(TIMES // 4, seed=1, who="alice") == []
    assert not_theirs(before, db.read_now(rows), made.people["alice"])[:9] == []
    assert ground.attack(TIMES, seed=2) == []
    for number, file in enumerate(hostile_names()):
        found, field = ground.fields_for_files()[number % len(ground.fields_for_files())]
        assert ground.throw(found, field, file) == []
    assert ground.look_again() == []
