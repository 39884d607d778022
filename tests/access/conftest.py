"""The matrix of a world of its own, whose clock stands still."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

import pytest

from fourweek.app import create_app
from fourweek.edge import House
from fourweek.settings import Settings
from tests.access.matrix import Matrix
from tests.access.side import NOW
from tests.access.world import open_world


class Quiet:
    """Nobody reads the log of thousands of requests; what went wrong is told by the answers."""

    def info(self, *_words: object, **_more: object) -> None:
        pass

    exception = info


class Stopped(datetime):
    """What the one clock reads."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return NOW.astimezone(tz)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"sign_up": True})


@pytest.fixture
def matrix(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Matrix]:
    world = open_world(house)
    monkeypatch.setattr("fourweek.clock.datetime", Stopped)
    monkeypatch.setattr("fourweek.middleware.log", Quiet())
    with Matrix(create_app(house=house), world).open() as made:
        yield made
