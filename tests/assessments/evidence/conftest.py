"""A demonstration school whose clock stands an hour after the first release."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from fourweek.edge import House
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.evidence.school import School, build, set_clock

UPLOAD_LIMIT = 3 * 1024 * 1024


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"demo": True, "upload_limit": UPLOAD_LIMIT})


@pytest.fixture
def school(app: FastAPI, house: House) -> School:
    made = house.db.write_now(build)
    set_clock(house.db, make.START + timedelta(hours=1))
    return made
