"""A school whose submission two graders have rated differently."""

import pytest

from fourweek.edge import House
from tests.assessments.grading.factories import School
from tests.assessments.second.factories import apart, twice


@pytest.fixture
def drawn(house: House) -> School:
    """Everything is rated twice; nobody has rated yet."""
    return house.db.write_now(twice)


@pytest.fixture
def made(house: House) -> School:
    """Two ratings differ and wait for a lead."""
    return house.db.write_now(apart)
