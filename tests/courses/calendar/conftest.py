"""A school with live sessions, and calendar addresses of its people."""

from collections.abc import Callable

import pytest

from fourweek.database import Database
from fourweek.edge import House
from tests.courses.calendar.addresses import give_address
from tests.courses.live.conftest import at_time, school

__all__ = ["address_of", "at_time", "school"]


@pytest.fixture
def address_of(house: House, db: Database) -> Callable[[str], str]:
    """The path of a new calendar of a person."""
    return lambda person_id: db.write_now(give_address, person_id)
