"""A school with one submission, on greta's desk or not, and greta's browser."""

from typing import Any

import pytest

from assessments.grading.claims import take
from fourweek.clock import real_time
from fourweek.edge import House
from tests.assessments.grading.factories import LEASE, School, school
from tests.visits import Browser


@pytest.fixture
def made(house: House) -> School:
    return house.db.write_now(school)


@pytest.fixture
def desk(house: House, made: School) -> School:
    """The same with greta's claim, by the clock of the machine."""
    assert house.db.write_now(take, made.grader(at=real_time()), made.submission, LEASE)
    return made


@pytest.fixture
def greta(browser: Any, made: School) -> Browser:
    found: Browser = browser(made.greta)
    return found
