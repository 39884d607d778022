"""A school with live sessions, and the clock of the requests."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from fourweek.database import Database, table
from fourweek.edge import House
from tests.courses.live.school import School, build


@pytest.fixture
def school(house: House) -> School:
    return house.db.write_now(build)


@pytest.fixture
def at_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what the machine's clock says to requests."""
    return lambda instant: monkeypatch.setattr("fourweek.edge.real_time", lambda: instant)


@pytest.fixture
def rows(db: Database) -> Callable[[Any], list[Any]]:
    """Every row of a model's table."""
    return lambda model: list(db.read_now(lambda conn: conn.execute(table(model).select()).all()))
