"""A school to read in, and the clock of the requests."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

import pytest

from fourweek.edge import House
from fourweek.storage import LocalStore
from tests.courses.learning.school import School, build


@pytest.fixture
def school(house: House) -> School:
    return house.db.write_now(build, cast(LocalStore, house.store))


@pytest.fixture
def at_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what the machine's clock says to requests."""
    return lambda instant: monkeypatch.setattr("fourweek.edge.real_time", lambda: instant)
