"""What hostile visitors wrote, looked at by everybody else in a real browser."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser

from fourweek.app import create_app
from fourweek.edge import cookie_name
from fourweek.house import open_house
from fourweek.server import configure
from fourweek.settings import Settings
from tests.access.conftest import Stopped
from tests.access.world import World, open_world
from tests.browser.conftest import chromium  # noqa: F401 the fixture
from tests.databases import lend, take_back
from tests.hostile.ground import Ground
from tests.hostile.in_chromium import Eyes
from tests.hostile.test_world import look_at_all, pages_of
from tests.keys import put_jwt_key
from tests.servers import HOST, free_port

pytestmark = pytest.mark.browser
VIEWERS = ("", "alice", "bea", "greta", "lena", "amir", "rhea", "otto")


@dataclass(frozen=True, slots=True)
class Stage:
    ground: Ground
    world: World
    base: str

    def eyes(self, browser: Browser, who: str) -> Eyes:
        house = self.ground.visitor("").house
        cookie = (cookie_name(house.settings), self.world.tokens[who]) if who else None
        return Eyes(browser, self.base, cookie)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The world behind a port, in this process, so that its clock can stand still."""
    db, port = lend("sqlite"), free_port()
    base = f"http://{HOST}:{port}"
    put_jwt_key(tmp_path)
    house = open_house(Settings(home=tmp_path, port=port, base_url=base), db)
    world = open_world(house)
    monkeypatch.setattr("fourweek.clock.datetime", Stopped)
    app = create_app(house=house)
    with _served(app, port):
        ground = Ground(app, world.people)
        yield Stage(ground, world, base)
        ground.close()
    take_back(db)


class _served:  # noqa: N801 read as a word
    def __init__(self, app: FastAPI, port: int) -> None:
        config = configure(app)
        config.host, config.port, config.lifespan = HOST, port, "off"
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> None:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join()


@pytest.mark.slow
def test_nothing_that_anybody_wrote_runs_for_anybody(stage: Stage, chromium: Browser) -> None:  # noqa: F811
    ground = stage.ground
    assert look_at_all(ground, stage.world) == []
    assert ground.plant(rounds=8, seed=5) == []
    opened = 0
    for who in VIEWERS:
        eyes = stage.eyes(chromium, who)
        for address in pages_of(ground.app, stage.world, who):
            eyes.open(address)
        assert eyes.troubles == [], who
        opened += eyes.opened
        eyes.context.close()
    assert opened > 300
