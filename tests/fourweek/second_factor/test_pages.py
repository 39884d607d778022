"""The pages of the second factor, as people walk them."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from fourweek.accounts.models import Role
from fourweek.accounts.second.queries import second_factor_of
from fourweek.accounts.service import add_person
from fourweek.app import create_app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.settings import Settings
from tests.factories import with_role
from tests.fourweek.second_factor.phones import Phone, set_up
from tests.statements import statements
from tests.visits import Browser

PASSWORD = "a sentence of five words"
PAGE, SET_UP = "/account/second-factor", "/account/second-factor/set-up"


def _inside(tag: str, html: str) -> list[str]:
    """What stands in the elements of a page that are called so."""
    return re.findall(f"<{tag}>([^<]+)</{tag}>", html)


def _alice(house: House) -> str:
    hashed = house.passwords.hash(PASSWORD)
    return house.db.write_now(
        add_person,
        address="alice@example.org",
        legal_name="Alice Brook",
        password_hash=hashed,
        zone="UTC",
        now=real_time(),
    )


def test_it_is_set_up_asked_for_and_turned_off(house: House, browser: Any) -> None:
    alice_id = _alice(house)
    alice, elsewhere = browser(alice_id), browser(alice_id)
    assert alice.submit(PAGE, f"{PAGE}/begin").headers["location"] == SET_UP
    secret = _inside("dd", alice.get(SET_UP).text)[0].replace("-", "")
    phone = Phone(f"otpauth://totp/x?secret={secret}")
    assert alice.submit(SET_UP, SET_UP, code="000").status_code == 422
    shown = alice.submit(SET_UP, SET_UP, code=phone.code())
    codes = _inside("code", shown.text)
    assert len(codes) == 10
    assert codes[0] not in alice.get(PAGE).text
    assert elsewhere.get(PAGE).headers["location"].startswith("/sign-in?")

    guest = browser()
    first = guest.submit("/sign-in?next=/courses", "/sign-in", address="alice@example.org", password=PASSWORD)
    assert first.headers["location"] == "/sign-in/code?next=/courses"
    assert guest.get("/home").headers["location"].startswith("/sign-in?")
    before = guest.cookies["fourweek"]
    assert guest.submit("/sign-in/code?next=/courses", "/sign-in/code", code=phone.code()).status_code == 422
    there = guest.submit("/sign-in/code?next=/courses", "/sign-in/code", code=codes[0])
    assert (there.status_code, there.headers["location"]) == (303, "/courses")
    assert guest.cookies["fourweek"] != before
    assert guest.get("/home").status_code == 200
    assert guest.get("/sign-in/code").headers["location"].startswith("/sign-in?")

    assert guest.submit(PAGE, f"{PAGE}/off").status_code == 303  # the code was given a moment ago
    assert house.db.read_now(second_factor_of, alice_id) is None


@pytest.fixture
def strict(settings: Settings, db: Database) -> FastAPI:
    """A school whose registrars need a second factor."""
    return create_app(house=open_house(settings.model_copy(update={"second_factor_for": (Role.REGISTRAR,)}), db))


def test_whose_role_asks_for_it_does_nothing_before(strict: FastAPI, house: House) -> None:
    rita_id = house.db.write_now(with_role, Role.REGISTRAR, "Rita")
    with Browser(strict, rita_id) as rita:
        assert rita.get("/record").headers["location"] == PAGE
        assert rita.get("/home").headers["location"] == PAGE
        token = {"form_token": rita.get(PAGE).text.split('name="form_token" value="')[1].split('"')[0]}
        assert rita.post("/account/addresses", data={**token, "address": "b@example.org"}).status_code == 403
        courses = rita.get("/courses")
        assert (courses.status_code, "Rita" in courses.text) == (200, False)
        answer = rita.get("/home", headers={"accept": "application/json"})
        assert answer.status_code == 403
        house.db.write_now(set_up, house.settings, rita_id)
        rita.sign_in_as(rita_id)
        with statements(house.db) as count:
            assert rita.get("/record").status_code == 200
        assert count.number <= 12
        assert rita.submit(PAGE, "/sign-out").status_code == 303
