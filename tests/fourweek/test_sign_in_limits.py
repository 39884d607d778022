"""Wrong passwords are limited, and nobody is kept from a deadline by those of others."""

from typing import Any

import pytest

from fourweek.accounts.forgotten import with_reset_links
from fourweek.accounts.limiting import SIGN_IN
from fourweek.accounts.passwords import Passwords
from fourweek.accounts.service import PASSWORD as HASHES
from fourweek.accounts.service import add_person
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.limits.service import COUNT
from fourweek.outbox import Letter, deliver
from tests.visits import Browser, forms

ALICE, PASSWORD, WRONG = "alice@example.org", "a calm evening by the lake", "not the one she has"
NEW = "ninth wave over tin roofs"


@pytest.fixture
def alice(house: House) -> str:
    hashed, now = house.passwords.hash(PASSWORD), real_time()
    return house.db.write_now(
        add_person, address=ALICE, legal_name="Alice Brook", password_hash=hashed, zone="UTC", now=now
    )


def _try(guest: Browser, password: str = WRONG, address: str = ALICE, **more: Any) -> Any:
    token = forms(guest.get("/sign-in").text)["/sign-in"]["form_token"]
    data = {"form_token": token, "address": address, "password": password, "next": "/home"}
    return guest.post("/sign-in", data=data, **more)


def test_wrong_passwords_end_in_waiting_whatever_the_request_says_of_where_it_comes_from(
    alice: str, browser: Any
) -> None:
    guest = browser()
    tries = [_try(guest, headers={"x-forwarded-for": f"198.51.100.{n}"}) for n in range(SIGN_IN.both.most + 1)]
    assert [answer.status_code for answer in tries] == [422] * SIGN_IN.both.most + [429]
    held = tries[-1]
    assert 1 <= int(held.headers["retry-after"]) <= SIGN_IN.both.seconds
    assert (forms(held.text)["/sign-in"]["address"], WRONG in held.text) == (ALICE, False)
    assert 'href="/forgotten"' in held.text
    assert _try(guest, PASSWORD).status_code == 429  # nor is the right one looked at


def test_an_address_that_nobody_has_is_held_up_the_same(alice: str, browser: Any) -> None:
    guest = browser()
    tries = [_try(guest, address="nobody@example.org").status_code for _ in range(SIGN_IN.both.most + 1)]
    assert tries == [422] * SIGN_IN.both.most + [429]


def test_right_passwords_do_not_count(house: House, alice: str, browser: Any) -> None:
    for _ in range(SIGN_IN.both.most + 2):
        assert _try(browser(), PASSWORD).status_code == 303
    rows = house.db.read_now(lambda conn: conn.execute(COUNT.select()).all())
    assert {row._mapping["count"] for row in rows} == {0}


def test_who_tries_upon_an_account_keeps_its_person_out_nowhere(house: House, alice: str, browser: Any) -> None:
    """Alice's own browser goes on; on another one, behind the same address as the stranger, a letter lets her in."""
    own, stranger, other = browser(), browser(), browser()
    assert _try(own, PASSWORD).status_code == 303
    forget = forms(own.get("/home").text)["/sign-out"]["form_token"]
    own.post("/sign-out", data={"form_token": forget})
    while _try(stranger).status_code != 429:
        pass
    assert _try(other, PASSWORD).status_code == 429
    assert _try(own, PASSWORD).status_code == 303
    assert other.submit("/forgotten", "/forgotten", address=ALICE).status_code == 200
    sent: list[Letter] = []
    deliver(house.db, with_reset_links(house.db, sent.append), real_time())
    path = sent[0].data["password_path"]
    assert other.submit(path, path, password=NEW, password_again=NEW).headers["location"] == "/home"
    assert other.get("/home").status_code == 200


def test_an_outdated_hash_is_replaced_by_a_right_password(house: House, alice: str, browser: Any) -> None:
    outdated = Passwords(8192, 2).hash(PASSWORD)
    house.db.write_now(lambda conn: conn.execute(HASHES.update().values(hash=outdated)))
    assert _try(browser(), PASSWORD).status_code == 303
    kept = house.db.read_now(lambda conn: conn.execute(HASHES.select()).one().hash)
    assert ("t=1" in kept, house.passwords.check(PASSWORD, kept)) == (True, (True, None))


def test_a_password_is_never_cut(house: House) -> None:
    longest = "é" * 512
    kept = house.passwords.hash(longest)
    assert house.passwords.check("e\u0301" * 512, kept)[0]  # another keyboard's way to write the same
    for other in (longest + "x", longest[:-1], longest + longest):
        assert house.passwords.check(other, kept) == (False, None)
