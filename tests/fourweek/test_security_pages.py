"""One's own sign-ins and password: seen, ended and changed; and a new identifier with the next page."""

from typing import Any

import pytest
from sqlalchemy import select

from fourweek.accounts.limiting import PASSWORD as OLD_PASSWORDS
from fourweek.accounts.models import Role
from fourweek.accounts.renewing import OVERLAP
from fourweek.accounts.service import SIGN_IN, add_person
from fourweek.accounts.sessions import renew_sign_ins
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from tests.factories import with_role
from tests.statements import statements
from tests.visits import HOST, Browser, forms

SECURITY, PAGE = "/account/security", "/account/password"
OLD, NEW = "a calm evening by the lake", "ninth wave over tin roofs"


@pytest.fixture
def alice(house: House) -> str:
    return house.db.write_now(_person, "Alice Brook", house.passwords.hash(OLD))


def _person(conn: Any, name: str, hashed: str | None) -> str:
    address = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    return add_person(conn, address=address, legal_name=name, password_hash=hashed, zone="UTC", now=real_time())


def _cookie(visitor: Browser) -> str:
    return str(visitor.cookies["fourweek"])


def _ids(db: Database, person_id: str) -> list[str]:
    mine = select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == person_id).order_by(SIGN_IN.c.id)
    return db.read_now(lambda conn: list(conn.execute(mine).scalars()))


def test_the_page_is_for_its_person_alone_and_ends_one_or_all(house: House, alice: str, browser: Any) -> None:
    assert browser().get(SECURITY).headers["location"] == f"/sign-in?next={SECURITY}"
    here, phone, tablet = (browser(alice) for _ in range(3))
    bob = browser(house.db.write_now(_person, "Bob Stone", None))
    first, second, third = _ids(house.db, alice)
    shown = here.get(SECURITY).text
    assert (shown.count("This browser"), f"{SECURITY}/end/{second}" in shown) == (1, True)
    assert second not in bob.get(SECURITY).text
    token = forms(bob.get(SECURITY).text)["/sign-out"]["form_token"]
    assert bob.post(f"{SECURITY}/end/{second}", data={"form_token": token}).status_code == 404
    assert here.submit(SECURITY, f"{SECURITY}/end/{second}").status_code == 303
    assert _ids(house.db, alice) == [first, third]
    assert (phone.get("/home").status_code, tablet.get("/home").status_code) == (303, 200)
    before = _cookie(here)
    assert here.submit(SECURITY, f"{SECURITY}/end").status_code == 303
    assert (_ids(house.db, alice), _cookie(here) != before) == ([first], True)
    assert (here.get("/home").status_code, tablet.get("/home").status_code) == (200, 303)


def test_statements_of_the_page_do_not_grow(house: House, alice: str, browser: Any) -> None:
    here = browser(alice)
    for _ in range(4):
        browser(alice)
    here.get(SECURITY)
    with statements(house.db) as count:
        here.get(SECURITY)
    assert count.number == 4


def test_another_password_ends_all_others_and_brings_a_new_identifier(house: House, alice: str, browser: Any) -> None:
    here, phone, stolen = browser(alice), browser(alice), browser()
    stolen.cookies.set("fourweek", _cookie(here), domain=HOST)
    wrong = here.submit(PAGE, PAGE, password_now="not this one", password=NEW, password_again=NEW)
    assert (wrong.status_code, "not the password you sign in with" in wrong.text, NEW in wrong.text) == (
        422,
        True,
        False,
    )
    own = "alice brook 2026"
    easy = here.submit(PAGE, PAGE, password_now=OLD, password=own, password_again=own)
    assert (easy.status_code, "says your name" in easy.text) == (422, True)
    done = here.submit(PAGE, PAGE, password_now=OLD, password=NEW, password_again=NEW)
    assert (done.status_code, done.headers["location"]) == (303, SECURITY)
    assert [one.get("/home").status_code for one in (here, phone, stolen)] == [200, 303, 303]
    guest = browser()
    assert guest.submit("/sign-in", "/sign-in", address="alice@example.org", password=OLD).status_code == 422
    assert guest.submit("/sign-in", "/sign-in", address="alice@example.org", password=NEW).status_code == 303


def test_wrong_old_passwords_end_in_waiting(alice: str, browser: Any) -> None:
    here = browser(alice)
    typed = {"password_now": "not this one", "password": NEW, "password_again": NEW}
    token = forms(here.get(PAGE).text)[PAGE]["form_token"]
    answers = [here.post(PAGE, data={**typed, "form_token": token}) for _ in range(OLD_PASSWORDS.most + 1)]
    assert [one.status_code for one in answers] == [422] * OLD_PASSWORDS.most + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_who_has_no_password_is_led_to_a_letter(house: House, browser: Any) -> None:
    bob = browser(house.db.write_now(_person, "Bob Stone", None))
    assert 'href="/forgotten"' in bob.get(PAGE).text
    token = forms(bob.get("/home").text)["/sign-out"]["form_token"]
    typed = {"form_token": token, "password_now": "", "password": NEW, "password_again": NEW}
    assert bob.post(PAGE, data=typed).status_code == 409


def test_a_changed_right_brings_a_new_cookie_with_the_next_page(house: House, alice: str, browser: Any) -> None:
    here, late = browser(alice), browser()
    before = _cookie(here)
    late.cookies.set("fourweek", before, domain=HOST)
    stale = forms(here.get(PAGE).text)[PAGE]["form_token"]
    house.db.write_now(renew_sign_ins, alice)
    part = here.get("/home", headers={"hx-request": "true"})
    assert "set-cookie" not in part.headers  # only a whole page can bring its forms the new token
    page = here.get(PAGE)
    assert (page.status_code, page.headers["cache-control"], _cookie(here) != before) == (200, "no-store", True)
    assert forms(page.text)[PAGE]["form_token"] != stale
    again = here.submit(PAGE, PAGE, password_now=OLD, password="short", password_again="short")
    assert "Use at least 12 characters" in again.text
    assert late.get("/home").status_code == 200  # what was under way goes on for a moment
    given_back = here.post(PAGE, data={"form_token": stale, "password_now": OLD})
    assert (given_back.status_code, "You signed in again since then" in given_back.text) == (422, True)
    assert "set-cookie" not in here.get(PAGE).headers


def test_a_page_that_asks_twice_who_is_here_takes_its_own_cookie_for_no_answer(house: House, browser: Any) -> None:
    """The cookie is on its way still: it may be lost, and then the one before has to hold."""
    registrar = house.db.write_now(with_role, Role.REGISTRAR, "Rita")
    here = browser(registrar)
    house.db.write_now(renew_sign_ins, registrar)
    assert "set-cookie" in here.get("/audit").headers
    until = select(SIGN_IN.c.previous_until).where(SIGN_IN.c.person_id == registrar)
    assert house.db.read_now(lambda conn: conn.execute(until).scalar_one()) > real_time() + OVERLAP
    assert here.get("/audit").status_code == 200
    assert house.db.read_now(lambda conn: conn.execute(until).scalar_one()) <= real_time() + OVERLAP
