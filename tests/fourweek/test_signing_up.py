"""Accounts of one's own: nobody is there before the letter is answered, and nobody learns who has one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from fourweek.accounts import signing_up
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.limiting import SIGN_UP_LETTERS
from fourweek.accounts.service import EMAIL, add_person, clear_ended
from fourweek.accounts.signing_up import LASTS, WISH, SignUpGone, Wish, new_link, wish_of, with_sign_up_links
from fourweek.audit.service import ROW
from fourweek.clock import now_at, real_time
from fourweek.consents.queries import ConsentKind, newest
from fourweek.database import Database
from fourweek.edge import House
from fourweek.errors import Invalid, NotFound
from fourweek.limits.bounds import Tries
from fourweek.outbox import OUTBOX, Letter, deliver
from tests import factories
from tests.visits import forms

ADA = Wish("Ada  Lovelace", " Ada@Example.org", "Europe/London")
PASSWORD = "ninth wave over tin roofs"
DEVICE = Device("", "a browser")
GUEST = factories.visitor(at=factories.START)


def _ask(conn: Connection, wish: Wish = ADA, network: str = "1", visitor: Visitor = GUEST) -> None:
    tries = Tries(wish.address.strip()[:1] * 64, network * 64, "d" * 64, visitor.now.real)
    signing_up.ask(conn, visitor, wish, DEVICE, tries)


def _asked(conn: Connection) -> str:
    """The token of a wish whose letter has left."""
    _ask(conn)
    wish = conn.execute(select(WISH.c.id, WISH.c.address)).one()
    token = new_link(conn, wish.id, wish.address)
    assert token is not None
    return token


def _finish(conn: Connection, token: str) -> None:
    agreed = {ConsentKind.TERMS: "1"}
    signing_up.finish(conn, GUEST, token, "hash", agreed, lasts=timedelta(days=1), device=DEVICE)


def test_a_wish_is_kept_and_nobody_is_there(conn: Connection) -> None:
    before = conn.execute(select(func.count()).select_from(PERSON)).scalar_one()
    _ask(conn)
    row = conn.execute(select(WISH)).one()
    assert (row.legal_name, row.address, row.zone, row.token_hash) == (
        "Ada Lovelace",
        "ada@example.org",
        "Europe/London",
        None,
    )
    assert conn.execute(select(func.count()).select_from(PERSON)).scalar_one() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"address": "ada"}, "address"),
        ({"zone": "Mars"}, "zone"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(conn: Connection, wrong: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        _ask(conn, replace(ADA, **wrong))
    assert list(refused.value.fields) == [field]


def test_the_letter_says_what_is_true_of_its_address_and_the_page_does_not(db: Database) -> None:
    db.write_now(
        add_person,
        address="ida@example.org",
        legal_name="Ida",
        password_hash=None,
        zone="UTC",
        now=factories.BEFORE,
    )
    for wish in (ADA, replace(ADA, address="ida@example.org")):
        db.write_now(_ask, wish)
    sent: list[Letter] = []
    deliver(db, with_sign_up_links(db, sent.append), factories.START)
    assert [(letter.to, bool(letter.data["sign_up_path"])) for letter in sent] == [
        ("ada@example.org", True),
        ("ida@example.org", False),
    ]
    assert db.read_now(lambda conn: conn.execute(select(WISH.c.address)).scalars().all()) == ["ada@example.org"]


def test_the_link_makes_the_account_once(conn: Connection) -> None:
    token = _asked(conn)
    _finish(conn, token)
    person = conn.execute(select(EMAIL).where(EMAIL.c.address == "ada@example.org")).one()
    assert person.verified_at == factories.START
    assert {kind: said.version for kind, said in newest(conn, person.person_id).items()} == {"terms": "1"}
    acts = conn.execute(select(ROW.c.act).where(ROW.c.subject_id == person.person_id).order_by(ROW.c.id)).scalars()
    assert list(acts) == ["person.add", "person.sign_up", "consent.give", "sign_in.open"]
    with pytest.raises(SignUpGone):
        _finish(conn, token)


def test_an_address_that_somebody_took_meanwhile_makes_no_second_account(conn: Connection) -> None:
    token = _asked(conn)
    now = factories.START
    add_person(conn, address="ada@example.org", legal_name="Ada", password_hash=None, zone="UTC", now=now)
    with conn.begin_nested() as inner, pytest.raises(SignUpGone, match="by now"):
        _finish(conn, token)
    assert not inner.is_valid or conn.execute(select(func.count()).where(EMAIL.c.address == "ada@example.org")).scalar()


def test_a_link_ends_after_a_day_and_is_swept(conn: Connection) -> None:
    token, late = _asked(conn), factories.START + LASTS
    with pytest.raises(NotFound):
        wish_of(conn, GUEST, "nothing")
    with pytest.raises(SignUpGone):
        wish_of(conn, Visitor(now_at(late, 0)), token)
    clear_ended(conn, late)
    assert conn.execute(select(WISH)).all() == []


def test_many_letters_for_one_address_do_not_leave(conn: Connection) -> None:
    for network in range(SIGN_UP_LETTERS.most + 2):
        _ask(conn, network=str(network))
    assert len(conn.execute(select(OUTBOX.c.id).where(OUTBOX.c.kind == signing_up.KIND)).all()) == SIGN_UP_LETTERS.most


def test_a_school_that_takes_nobody_in_has_no_such_page(browser: Callable[..., Any]) -> None:
    guest = browser()
    assert guest.get("/sign-up").status_code == 404
    assert "/sign-up" not in guest.get("/sign-in").text


def test_the_way_through_the_pages(house: House, browser: Callable[..., Any]) -> None:
    house.settings = house.settings.model_copy(update={"sign_up": True, "terms_version": "2026-11"})
    guest = browser()
    assert 'href="/sign-up"' in guest.get("/sign-in").text
    wrong = guest.submit("/sign-up", "/sign-up", name="Ada Lovelace", address="ada", zone="UTC")
    assert (wrong.status_code, 'value="Ada Lovelace"' in wrong.text) == (422, True)
    answer = guest.submit("/sign-up", "/sign-up", name="Ada Lovelace", address="ada@example.org", zone="UTC")
    assert (answer.status_code, "on its way to ada@example.org" in answer.text) == (200, True)
    sent: list[Letter] = []
    deliver(house.db, with_sign_up_links(house.db, sent.append), real_time())
    path = sent[0].data["sign_up_path"]
    assert guest.get(path).headers["referrer-policy"] == "no-referrer"
    typed = {"password": PASSWORD, "password_again": PASSWORD}
    unread = guest.submit(path, path, **typed)
    assert (unread.status_code, "Tick this to go on." in unread.text) == (422, True)
    earlier = guest.submit(path, path, **typed, **{"agree-terms": "2026-10"})
    assert (earlier.status_code, "It changed while you read it" in earlier.text) == (422, True)
    agreed = {"agree-terms": "2026-11"}
    form = forms(guest.get(path).text)[path]
    house.settings = house.settings.model_copy(update={"sign_up": False})
    for closed in (guest.get(path), guest.post(path, data={**form, **typed, **agreed}), guest.get("/sign-up/unknown")):
        assert (closed.status_code, "Accounts are not made here any more" in closed.text) == (410, True)
    house.settings = house.settings.model_copy(update={"sign_up": True})
    done = guest.submit(path, path, **typed, **agreed)
    assert (done.status_code, done.headers["location"]) == (303, "/account/agree?next=/home")
    assert guest.get("/account/agree?next=/home").headers["location"] == "/home"  # agreed to already
    assert "Ada Lovelace" in guest.get("/account").text
    again = browser().get(path)
    assert (again.status_code, 'href="/sign-in"><span>Sign in</span>' in again.text.partition("<main")[2]) == (
        410,
        True,
    )
