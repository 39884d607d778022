"""A school whose grading can be taken away."""

import pytest

from fourweek.edge import House
from tests.assessments.grading.factories import School, school


@pytest.fixture
def made(house: House) -> School:
    return house.db.write_now(school)
