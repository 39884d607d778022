"""The issuer through its public addresses, the present one and those it had before."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from assessments.badges.issuer_addresses import IssuerHosts, move_to, note_first
from assessments.badges.keys import JwtKey, load_keys
from assessments.badges.keys.turning import revoke, rotate
from fourweek.edge import House
from tests import factories as make
from tests.assessments.badges.factories import achievement
from tests.statements import statements

AT = datetime(2027, 5, 3, 10, 0, tzinfo=UTC)
JSON = {"accept": "application/ld+json"}


@pytest.fixture
def moved(house: House) -> House:
    """A school that was at learn.example before, and in a folder of uni.example before that."""
    house.db.write_now(note_first, "https://uni.example/school", AT)
    for base_url in ("https://learn.example", house.settings.public_url):
        house.db.write_now(move_to, base_url, "A new name.", AT)
    return house


def test_issuer_says_who_it_is_and_which_keys_it_has(house: House, browser: Any) -> None:
    guest = browser()
    profile = guest.get("/issuer", headers=JSON)
    assert profile.json()["id"] == "did:web:testserver"
    assert profile.headers["access-control-allow-origin"] == "*"
    ring = load_keys(house.settings)
    assert ring.jwt.public.key_id in guest.get("/issuer").text
    rotate(house.settings, JwtKey)
    revoke(house.settings, ring.signing.public.key_id, "Stolen.", AT)
    page = guest.get("/issuer").text
    said = ("Ed25519, for files. Signs now.", "RSA, for tokens. Signs now.", "RSA, for tokens. Signed before")
    assert [page.count(words) for words in said] == [1, 1, 1]
    assert page.count("Ed25519, for files. Revoked on") == 1
    assert ring.signing.public.multibase in page
    did = guest.get("/.well-known/did.json")
    assert did.headers["access-control-allow-origin"] == "*"
    methods = {method["id"].partition("#")[2] for method in did.json()["verificationMethod"]}
    assert methods == {key.key_id for key in load_keys(house.settings).published}
    assert "PRIVATE" not in page + did.text


def test_one_key_answers_as_one_jwk_until_it_is_revoked(house: House, browser: Any) -> None:
    guest, key = browser(), load_keys(house.settings).jwt.public
    with statements(house.db) as count:
        found = guest.get(f"/issuer/keys/{key.key_id}")
    assert count.number <= 2
    assert found.json() == key.jwk(f"http://testserver/issuer/keys/{key.key_id}")
    assert found.headers["content-type"] == "application/jwk+json"
    assert found.headers["access-control-allow-origin"] == "*"
    assert guest.get("/issuer/keys/nobody").status_code == 404
    assert guest.get(f"/issuer/keys/{load_keys(house.settings).signing.public.key_id}").status_code == 404
    revoke(house.settings, key.key_id, "Stolen.", AT)
    assert guest.get(f"/issuer/keys/{key.key_id}").status_code == 410


def test_earlier_addresses_still_answer_for_their_badges(moved: House, browser: Any) -> None:
    guest = browser()
    ids = {
        ("learn.example", "/.well-known/did.json"): "did:web:learn.example",
        ("uni.example", "/school/did.json"): "did:web:uni.example:school",
        ("uni.example", "/did.json"): "did:web:uni.example:school",
        ("testserver", "/.well-known/did.json"): "did:web:testserver",
    }
    found = {(host, path): guest.get(path, headers={"host": host}).json()["id"] for host, path in ids}
    assert found == ids
    assert guest.get("/other/did.json").status_code == 404
    old = {**JSON, "host": "learn.example"}
    assert guest.get("/issuer", headers=old).json()["url"] == "https://learn.example"
    path = f"/achievements/{moved.db.write_now(lambda conn: achievement(conn, make.course(conn)))}"
    assert guest.get(path, headers=old).json()["id"] == f"https://learn.example{path}"
    assert guest.get(path, headers=JSON).json()["id"] == f"http://testserver{path}"


def test_earlier_addresses_are_for_reading_only_and_strange_ones_for_nothing(moved: House, browser: Any) -> None:
    guest = browser()
    assert guest.get("/issuer", headers={"host": "attacker.example"}).status_code == 400
    assert guest.get("/issuer", headers={"host": "learn.example"}).status_code == 200
    assert guest.post("/sign-in", headers={"host": "learn.example"}).status_code == 400


async def _hosts(house: House) -> tuple[int, ...]:
    ask = IssuerHosts(house.db)
    with statements(house.db) as count:
        found = [await ask() for _ in range(3)]
    assert found[0] == found[2] == {"testserver", "learn.example", "uni.example"}
    return (count.number,)


def test_strange_hosts_cost_one_look_a_minute(moved: House) -> None:
    assert asyncio.run(_hosts(moved)) == (1,)
