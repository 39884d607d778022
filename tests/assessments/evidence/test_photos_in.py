"""Photos on their way in: location data goes before the digest, or stays where the learner says so."""

import hashlib
from typing import Any

from fourweek.database import Database
from fourweek.edge import House
from tests.assessments.evidence.school import School, evidence, fields, spooled, stored
from tests.assessments.photos.pictures import png
from tests.assessments.photos.test_photos import cleaned, says_place

REMOVED = "Location data was removed."


def _send(browser: Any, school: School, name: str, data: bytes, **values: str) -> None:
    sent = [("files-proof", (name, data, "image/png"))]
    answer = browser.post(school.at + "/draft", data=fields(browser, school, **values), files=sent)
    assert answer.status_code == 303


def test_photo_loses_its_place_before_its_digest(school: School, db: Database, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    _send(alice, school, "shot.png", png())
    _, expected = cleaned(png(), ".png")
    sha256 = hashlib.sha256(expected).hexdigest()
    assert [(row.sha256, row.size, row.note) for row in evidence(db)] == [(sha256, len(expected), REMOVED)]
    assert stored(house) == [sha256]
    assert spooled(house) == []
    assert REMOVED in alice.get(school.at).text
    got = alice.get(f"/evidence/{evidence(db)[0].id}").content
    assert got == expected
    assert not says_place(got)


def test_photo_keeps_its_place_where_the_learner_says_so(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    assert "Keep the place where photos were taken" in alice.get(school.at).text
    _send(alice, school, "shot.png", png(), **{"keep_place-proof": "1"})
    assert [(row.sha256, row.note) for row in evidence(db)] == [(hashlib.sha256(png()).hexdigest(), "")]
    assert REMOVED not in alice.get(school.at).text


def test_choice_of_another_slot_says_nothing_of_this_one(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    _send(alice, school, "shot.png", png(), **{"keep_place-other": "1"})
    assert [row.note for row in evidence(db)] == [REMOVED]


def test_photo_without_a_place_is_kept_as_it_is(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    plain = png(place=False, xmp=b"<nothing/>")
    _send(alice, school, "shot.png", plain)
    assert [(row.sha256, row.note) for row in evidence(db)] == [(hashlib.sha256(plain).hexdigest(), "")]
