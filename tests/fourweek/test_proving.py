"""What opens a lasting door asks again who one is, and loses nothing that was typed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from fourweek.accounts.limiting import SIGN_IN as TRIES
from fourweek.accounts.models import Role
from fourweek.accounts.proving import HOLDS, shown
from fourweek.accounts.renewing import OVERLAP
from fourweek.accounts.service import SIGN_IN, add_person, digest
from fourweek.accounts.sessions import renew, renew_shown
from fourweek.clock import real_time
from fourweek.edge import House
from fourweek.tokens.access import TOKEN
from tests import factories as make
from tests.fourweek.second_factor.phones import set_up
from tests.visits import HOST, Browser, forms

PASSWORD = "a sentence of five words"
ASKS, TOKENS = "Show that it is you", "/account/tokens"
DOORS = (
    *(f"/account/second-factor/{one}" for one in ("begin", "set-up", "codes", "off")),
    *("/account/provider/link", "/account/provider/any/unlink", TOKENS),
    *("/account/addresses", "/account/addresses/main", "/account/addresses/remove"),
)
WISH = {"name": "A <table> of mine", "scopes": "badges:read", "days": "30"}


@pytest.fixture
def alice(house: House) -> str:
    return _person(house, "Alice Brook", house.passwords.hash(PASSWORD))


def _person(house: House, name: str, hashed: str | None) -> str:
    address, now = f"{name.split(maxsplit=1)[0].lower()}@example.org", real_time()
    return house.db.write_now(add_person, address=address, legal_name=name, password_hash=hashed, zone="UTC", now=now)


def _age(house: House) -> None:
    """Every sign-in is as old as a proof may be."""
    old = {"created_at": real_time() - HOLDS, "code_at": None}
    house.db.write_now(lambda conn: conn.execute(update(SIGN_IN).values(old)))


def _go_on(page: Browser, asked: Any, **typed: str) -> Any:
    """Send the form that was given back, with something more typed into it."""
    (action,) = (path for path in forms(asked.text) if path != "/sign-out")
    return page.post(action, data=forms(asked.text)[action] | typed)


def _made(house: House) -> list[str]:
    return house.db.read_now(lambda conn: list(conn.execute(select(TOKEN.c.name)).scalars()))


def test_every_lasting_door_asks_and_ending_sign_ins_does_not(house: House, browser: Any, alice: str) -> None:
    here, _elsewhere = browser(alice), browser(alice)
    _age(house)
    token = forms(here.get("/account/security").text)["/account/security/end"]["form_token"]
    for door in DOORS:
        asked = here.post(door, data={"form_token": token, "note": "what I typed"})
        assert (asked.status_code, ASKS in asked.text, "what I typed" in asked.text) == (422, True, True), door
    as_json = here.post(TOKENS, data={"form_token": token}, headers={"accept": "application/json"})
    assert (as_json.status_code, list(as_json.json()["fields"])) == (422, ["password_or_code"])
    assert here.post("/account/security/end", data={"form_token": token}).status_code == 303


def test_who_keeps_people_is_asked_for_others_and_nobody_else_is(house: House, browser: Any, alice: str) -> None:
    bob = browser(_person(house, "Bob Stone", None))
    rita = browser(house.db.write_now(make.with_role, Role.REGISTRAR, "Rita"))
    _age(house)
    doors = [f"/people/{alice}/{one}" for one in ("roles/new", "account/second-factor", "account/enable")]
    for who, status in ((bob, 404), (rita, 422)):
        token = forms(who.get(TOKENS).text)["/sign-out"]["form_token"]
        for door in (*doors, "/webhooks/new"):
            answer = who.post(door, data={"form_token": token, "reason": "what I typed"})
            assert (answer.status_code, ASKS in answer.text) == (status, status == 422), door


def test_a_password_opens_it_with_all_that_was_typed_and_holds_ten_minutes(
    house: House, browser: Any, alice: str
) -> None:
    here = browser(alice)
    _age(house)
    asked = here.submit(TOKENS, TOKENS, **WISH)
    assert 'autocomplete="current-password"' in asked.text
    wrong = _go_on(here, asked, password_or_code="not the password")
    assert (wrong.status_code, "This is not the password" in wrong.text, _made(house)) == (422, True, [])
    before = here.cookies["fourweek"]
    assert _go_on(here, wrong, password_or_code=PASSWORD).status_code == 200
    assert _made(house) == [WISH["name"]]
    assert here.get(TOKENS).status_code == 200
    assert here.cookies["fourweek"] != before
    assert here.submit(TOKENS, TOKENS, **WISH).status_code == 200
    _age(house)
    assert here.submit(TOKENS, TOKENS, **WISH).status_code == 422


def test_who_kept_a_copy_of_the_cookie_gets_nothing_by_what_its_owner_shows(
    house: House, browser: Any, alice: str
) -> None:
    """Neither at once nor by the next page, which brings the copy no new cookie."""
    here, thief = browser(alice), browser()
    _age(house)
    thief.cookies.set("fourweek", here.cookies["fourweek"], domain=HOST)
    wanted = forms(thief.get(TOKENS).text)[TOKENS] | WISH
    shows = _go_on(here, here.submit(TOKENS, TOKENS, **WISH), password_or_code=PASSWORD)
    assert (shows.status_code, "set-cookie" in shows.headers) == (200, True)
    refused, read = thief.post(TOKENS, data=wanted), thief.get(TOKENS)
    assert (refused.status_code, ASKS in refused.text, "set-cookie" in read.headers) == (422, True, False)
    assert here.submit(TOKENS, TOKENS, **WISH).status_code == 200
    assert len(_made(house)) == 2


def test_a_password_may_look_like_a_recovery_code(house: House, browser: Any) -> None:
    """As many do that a program made: sixteen letters and digits."""
    password = "hK4mXw9pTz2bQn7R"
    bob = _person(house, "Bob Stone", house.passwords.hash(password))
    house.db.write_now(set_up, house.settings, bob)
    here = browser(bob)
    _age(house)
    assert _go_on(here, here.submit(TOKENS, TOKENS, **WISH), password_or_code=password).status_code == 200


def test_a_code_opens_it_once(house: House, browser: Any, alice: str) -> None:
    phone, _ = house.db.write_now(set_up, house.settings, alice)
    here, code = browser(alice), phone.code()
    for door, status in (("begin", 409), ("off", 422)):  # the second time the code was used
        _age(house)
        token = forms(here.get("/account/second-factor").text)["/sign-out"]["form_token"]
        asked = here.post(f"/account/second-factor/{door}", data={"form_token": token})
        assert "a code of your app" in asked.text
        assert _go_on(here, asked, password_or_code=code).status_code == status


def test_wrong_ones_count_as_at_a_sign_in_and_nothing_typed_is_lost(house: House, browser: Any, alice: str) -> None:
    here = browser(alice)
    _age(house)
    asked = here.submit(TOKENS, TOKENS, **WISH)
    for _ in range(TRIES.both.most):
        asked = _go_on(here, asked, password_or_code="not the password")
    held = _go_on(here, asked, password_or_code=PASSWORD)
    assert (held.status_code, "retry-after" in held.headers) == (429, True)
    typed = forms(held.text)[TOKENS] | {"password_or_code": PASSWORD}
    assert here.post(TOKENS, data=typed, headers={"accept": "application/json"}).status_code == 429
    assert forms(held.text)[TOKENS]["name"] == WISH["name"]
    guest = browser()
    assert guest.submit("/sign-in", "/sign-in", address="alice@example.org", password=PASSWORD).status_code == 429


def test_who_has_no_password_signs_in_beside_it_and_goes_on(house: House, browser: Any) -> None:
    bob = _person(house, "Bob Stone", None)
    here = browser(bob)
    _age(house)
    asked = here.submit(TOKENS, TOKENS, **WISH)
    assert ("Your account has no password" in asked.text, 'type="password"' in asked.text) == (True, False)
    assert 'href="/sign-in?next=/signed-in"' in asked.text
    assert _go_on(here, asked).status_code == 422
    here.sign_in_as(bob)
    given_back = _go_on(here, asked)
    assert "You signed in again since then" in given_back.text
    assert _go_on(here, given_back).status_code == 200
    assert _made(house) == [WISH["name"]]


def test_nobody_signs_in_anew_for_what_is_refused_anyway(house: House, browser: Any) -> None:
    here = browser(_person(house, "Bob Stone", None))
    _age(house)
    token = forms(here.get(TOKENS).text)["/sign-out"]["form_token"]
    refused = here.post("/account/provider/any/unlink", data={"form_token": token})
    assert (refused.status_code, "You have no password yet" in refused.text) == (409, True)


@pytest.mark.parametrize(
    ("opened", "code", "holds"), [(0, None, True), (599, None, True), (600, None, False), (9999, 599, True)]
)
def test_how_long_it_holds(conn: Connection, opened: int, code: int | None, *, holds: bool) -> None:
    now, alice = make.START, make.person(conn)
    token = digest(make.sign_in(conn, alice, now - timedelta(seconds=opened)))
    mine = update(SIGN_IN).where(SIGN_IN.c.person_id == alice).values(id="sign-in")
    conn.execute(mine.values(code_at=None if code is None else now - timedelta(seconds=code)))
    assert shown(conn, make.visitor(alice, now), token) is holds


def test_an_identifier_that_took_the_place_of_a_lost_one_shows_nothing(conn: Connection) -> None:
    """Whoever comes with the one before may be its owner, or whoever kept a copy of it."""
    alice = make.person(conn)
    before = digest(make.sign_in(conn, alice, make.START - HOLDS))
    conn.execute(update(SIGN_IN).where(SIGN_IN.c.person_id == alice).values(id="sign-in"))
    after, later = renew_shown(conn, make.visitor(alice), before), make.START + OVERLAP
    me = make.visitor(alice, later)
    assert [shown(conn, me, one) for one in (before, digest(after))] == [False, True]
    given = renew(conn, "sign-in", before, later)
    assert given is not None
    assert [shown(conn, me, digest(one)) for one in (after, given)] == [False, False]
