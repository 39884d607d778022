"""Signed status lists: what they say, who signed them, and that they are made anew when they no longer hold."""

import base64
import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assessments.badges.keys import SigningKey, load_keys, new_signing_key
from assessments.badges.keys.files import replace
from assessments.badges.proof import holds
from assessments.status.lists import SIGNED_ANEW, keep, set_places, sign_list, signed_list, stored_list
from assessments.status.places import LIST, Place, set_bit, take_place
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.settings import Settings
from tests.assessments.status.factories import BASE, award
from tests.factories import START


def placed(db: Database, base_url: str = BASE) -> Place:
    """An award with a place."""
    return db.write_now(lambda conn: take_place(conn, award(conn, base_url=base_url), START))


def bits_of(document: bytes) -> str:
    """The list as zeros and ones, by nobody's code but the standard library's."""
    text = json.loads(document)["credentialSubject"]["encodedList"]
    return "".join(f"{byte:08b}" for byte in gzip.decompress(base64.urlsafe_b64decode(text[1:] + "==")))


def test_a_list_says_whose_it_is_and_which_places_are_set(db: Database, settings: Settings) -> None:
    place, other = placed(db), placed(db)
    db.write_now(set_bit, place.entry_id, START)
    credential: dict[str, Any] = json.loads(signed_list(db, settings, place.number, START))
    proof = credential.pop("proof")[0]
    encoded = credential["credentialSubject"].pop("encodedList")
    url = f"{BASE}/status/{place.number}"
    assert credential == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:badges.example",
        "validFrom": "2026-11-02T09:00:00Z",
        "validUntil": "2026-11-09T09:00:00Z",
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "ttl": 60000,
        },
    }
    credential["credentialSubject"]["encodedList"] = encoded
    assert holds(credential, proof, load_keys(settings).signing.public)
    bits = bits_of(signed_list(db, settings, place.number, START))
    assert (len(bits), bits.count("1"), bits[place.index], bits[other.index]) == (131_072, 1, "1", "0")


def test_a_list_is_signed_once_until_something_changes(db: Database, settings: Settings) -> None:
    place = placed(db)
    first = signed_list(db, settings, place.number, START)
    assert signed_list(db, settings, place.number, START + SIGNED_ANEW / 2) == first
    db.write_now(set_bit, place.entry_id, START)
    second = signed_list(db, settings, place.number, START)
    assert bits_of(second)[place.index] == "1"
    assert signed_list(db, settings, place.number, START + timedelta(seconds=5)) == second


def test_a_list_is_signed_anew_before_it_grows_old(db: Database, settings: Settings) -> None:
    place = placed(db)
    signed_list(db, settings, place.number, START)
    later = json.loads(signed_list(db, settings, place.number, START + SIGNED_ANEW))
    assert later["validFrom"] == "2026-11-03T09:00:00Z"


def test_a_list_of_a_retired_key_is_signed_anew(db: Database, settings: Settings) -> None:
    place = placed(db)
    first = json.loads(signed_list(db, settings, place.number, START))["proof"][0]
    fresh = new_signing_key()
    replace(settings.keys / SigningKey.FILE, fresh.pem())
    second = json.loads(signed_list(db, settings, place.number, START))["proof"][0]
    assert first["verificationMethod"] != second["verificationMethod"]
    assert second["verificationMethod"] == f"did:web:badges.example#{fresh.public.multibase}"


def test_lists_without_an_address_are_those_of_the_present_one(db: Database, settings: Settings) -> None:
    place = placed(db, base_url="")
    assert json.loads(signed_list(db, settings, place.number, START))["id"] == f"{settings.public_url}/status/1"


def test_a_number_that_no_list_has_is_not_found(db: Database, settings: Settings) -> None:
    with pytest.raises(NotFound):
        signed_list(db, settings, 1, START)


def test_a_list_that_was_signed_with_less_does_not_take_the_place_of_a_newer_one(db: Database) -> None:
    """Two processes: the slower one read before the bit was set, and comes after the quicker one wrote."""
    place, key = placed(db), new_signing_key()
    slow = db.read_now(stored_list, place.number)
    late = sign_list(slow, [], "did:web:badges.example", BASE, key=key, now=START)
    db.write_now(set_bit, place.entry_id, START)
    quick = db.read_now(stored_list, place.number)
    places = db.read_now(set_places, quick.id)
    assert db.write_now(keep, quick, sign_list(quick, places, "did:web:badges.example", BASE, key=key, now=START))
    assert not db.write_now(keep, slow, late)
    kept = db.read_now(lambda conn: conn.execute(select(LIST.c.document)).scalar_one())
    assert bits_of(kept)[place.index] == "1"


def test_many_who_ask_while_badges_are_revoked_all_see_what_was_revoked_before(
    db: Database, settings: Settings
) -> None:
    found = [placed(db) for _ in range(4)]

    def revoke_and_look(place: Place) -> bool:
        db.write_now(set_bit, place.entry_id, real_time())
        return bits_of(signed_list(db, settings, place.number, real_time()))[place.index] == "1"

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(revoke_and_look, found))
    bits = bits_of(signed_list(db, settings, 1, real_time()))
    assert {place for place, digit in enumerate(bits) if digit == "1"} == {place.index for place in found}
