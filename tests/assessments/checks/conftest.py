"""A demonstration school whose clock stands an hour after the first release, with a check in its first week."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.checks.school import Quiz, build_quiz
from tests.assessments.evidence.school import set_clock


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"demo": True})


@pytest.fixture
def quiz(app: FastAPI, house: House) -> Quiz:
    made = house.db.write_now(build_quiz)
    set_clock(house.db, make.START + timedelta(hours=1))
    return made
