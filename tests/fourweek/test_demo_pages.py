"""A demonstration greets with its people, and lets a visitor be each of them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fourweek.accounts.passwords import Passwords
from fourweek.accounts.service import add_person
from fourweek.app import create_app
from fourweek.edge import House
from fourweek.house import open_house
from tests import factories as make
from tests.visits import Browser

INES = {
    "name": "Ines Duarte",
    "role": "grader",
    "address": "ines@harbour.example",
    "password": "ines-harbour-2026",
    "look_at": "Grading: take the next submission.",
}


@pytest.fixture
def guest(house: House) -> Iterator[Browser]:
    settings = house.settings.model_copy(update={"demo": True})
    hashed = Passwords(settings.argon2_memory_kib, settings.argon2_rounds).hash(INES["password"])
    house.db.write_now(
        add_person, address=INES["address"], legal_name=INES["name"], password_hash=hashed, zone="UTC", now=make.START
    )
    settings.home.mkdir(exist_ok=True)
    (settings.home / "demo.json").write_text(json.dumps({"personas": [INES]}))
    visitor = Browser(create_app(house=open_house(settings, house.db)))
    yield visitor
    visitor.close()


def test_guests_are_greeted_with_people_they_can_be(guest: Browser) -> None:
    page = guest.get("/").text
    for words in ("Try as Ines Duarte", INES["look_at"], INES["address"], INES["password"], "Ines Duarte, grader"):
        assert words in page
    done = guest.submit("/", "/sign-in")
    assert (done.status_code, done.headers["location"]) == (303, "/home")
    assert guest.get("/").headers["location"] == "/home"


def test_whoever_is_signed_in_finds_the_way_back(guest: Browser) -> None:
    guest.submit("/", "/sign-in")
    assert '<a href="/demo">Try someone else</a>' in guest.get("/courses").text
    assert "Try as Ines Duarte" in guest.get("/demo").text
    assert guest.submit("/demo", "/sign-in").headers["location"] == "/home"


def test_a_real_school_greets_nobody_so(browser: Any) -> None:
    assert browser().get("/").headers["location"] == "/courses"
    assert browser().get("/demo").status_code == 404
