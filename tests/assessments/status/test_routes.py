"""The public address of a status list."""

from typing import Any

import pytest

from assessments.badges.jwt import jwt_holds, read_jwt, wrong_claims
from assessments.badges.keys import load_keys
from assessments.status.places import set_bit
from fourweek.app import create_app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.house import open_house
from tests.assessments.status.test_lists import bits_of, placed
from tests.visits import Browser


def test_everybody_may_read_a_list(db: Database, browser: Any) -> None:
    placed(db)
    answer = browser().get("/status/1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vc+ld+json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["vary"] == "Accept"
    assert "set-cookie" not in answer.headers
    assert browser().get("/status/1", headers={"accept": "application/vc"}).headers["content-type"] == "application/vc"


def test_whoever_has_the_list_already_is_told_so(db: Database, browser: Any) -> None:
    place, guest = placed(db), browser()
    tag = guest.get("/status/1").headers["etag"]
    again = guest.get("/status/1", headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    db.write_now(set_bit, place.entry_id, real_time())
    assert guest.get("/status/1", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("asked", ["application/vc+jwt", "text/plain"])
def test_a_list_can_be_had_as_a_token(db: Database, house: House, browser: Any, asked: str) -> None:
    place, guest = placed(db), browser()
    db.write_now(set_bit, place.entry_id, real_time())
    answer = guest.get("/status/1", headers={"accept": asked})
    assert answer.headers["content-type"].partition(";")[0] == asked
    token, plain = read_jwt(answer.text), guest.get("/status/1").json()
    del plain["proof"]
    assert token.credential == plain
    assert jwt_holds(token, load_keys(house.settings).jwt.public)
    assert wrong_claims(token) == ()
    assert guest.get("/status/1", headers={"accept": asked}).text == answer.text


@pytest.mark.parametrize("number", ["1", "0", "-1", "x", "9999999999", "²"])
def test_other_numbers_are_not_found(number: str, browser: Any) -> None:
    assert browser().get(f"/status/{number}").status_code == 404


def test_a_revocation_is_seen_at_once_and_outlives_a_restart(db: Database, house: House, browser: Any) -> None:
    """The other app has engines and memory of its own, as another process has, or this one after a restart."""
    place, guest = placed(db), browser()
    with Browser(create_app(house=open_house(house.settings))) as elsewhere:
        assert bits_of(elsewhere.get("/status/1").content)[place.index] == "0"
        db.write_now(set_bit, place.entry_id, real_time())
        seen = guest.get("/status/1").content
        assert bits_of(seen)[place.index] == "1"
        assert elsewhere.get("/status/1").content == seen
