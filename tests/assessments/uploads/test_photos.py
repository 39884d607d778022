"""Photos that come in pieces lose their place before their digest, unless their learner keeps it."""

import hashlib
from typing import Any

import pytest

from fourweek.database import Database
from fourweek.edge import House
from tests.assessments.evidence.school import School, evidence, stored
from tests.assessments.photos.pictures import png
from tests.assessments.photos.test_photos import cleaned
from tests.assessments.uploads.sending import Sender, named


@pytest.mark.parametrize("keeps", [False, True])
def test_photo_in_pieces(school: School, db: Database, house: House, browser: Any, keeps: bool) -> None:  # noqa: FBT001
    photo, sender = png(), Sender(browser(school.alice), school)
    told = named("shot.png", keep_place="1" if keeps else "0")
    at = str(sender.begin("shot.png", len(photo), upload_metadata=told).headers["location"])
    assert sender.put(at, 0, photo[:100]).status_code == 204
    assert sender.put(at, 100, photo[100:]).status_code == 204
    expected = photo if keeps else cleaned(photo, ".png")[1]
    sha256 = hashlib.sha256(expected).hexdigest()
    note = "" if keeps else "Location data was removed."
    assert [(row.sha256, row.size, row.note) for row in evidence(db)] == [(sha256, len(expected), note)]
    assert stored(house) == [sha256]
