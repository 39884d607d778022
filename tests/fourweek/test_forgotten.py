"""A forgotten password: the letter, its link, and what setting a new one ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from fourweek.accounts import forgotten
from fourweek.accounts.access import PERSON, SIGN_IN, Visitor
from fourweek.accounts.changing import CHANGED
from fourweek.accounts.forgotten import LASTS, new_link, with_reset_links
from fourweek.accounts.known_devices import Device
from fourweek.accounts.limiting import LETTER, LETTERS
from fourweek.accounts.models import EmailAddress
from fourweek.accounts.password_links import LINK, LinkGone, set_password, usable_link
from fourweek.accounts.service import EMAIL, PASSWORD, add_person, digest
from fourweek.accounts.signing_in import account_of
from fourweek.clock import real_time
from fourweek.database import Database, add
from fourweek.edge import House
from fourweek.errors import Invalid, NotFound, TooMany
from fourweek.limits.bounds import Tries
from fourweek.outbox import OUTBOX, Letter, deliver
from tests import factories
from tests.visits import forms

MARY, OLD, NEW = "mary@example.org", "a quiet harbour at noon", "ninth wave over tin roofs"
DEVICE = Device("", "a browser")
WEEK = timedelta(weeks=1)


def _mary(conn: Connection, hashed: str = "kept") -> str:
    now = factories.BEFORE
    return add_person(conn, address=MARY, legal_name="Mary Shelley", password_hash=hashed, zone="UTC", now=now)


def _tries(network: str = "1", account: str = "a") -> Tries:
    return Tries(account * 64, network * 64, "d" * 64, factories.START)


def _guest() -> Visitor:
    return factories.visitor(at=factories.START)


def _letters(conn: Connection) -> list[Any]:
    return list(conn.execute(select(OUTBOX).where(OUTBOX.c.kind == forgotten.KIND)).all())


def _set(conn: Connection, token: str, hashed: str = "fresh") -> None:
    set_password(conn, _guest(), token, hashed, lasts=WEEK, device=DEVICE)


def test_a_letter_is_asked_for_by_address_whoever_has_it(conn: Connection) -> None:
    _mary(conn)
    for address in (" MARY@example.org", "nobody@example.org"):
        forgotten.ask(conn, _guest(), address, DEVICE, _tries())
    assert [(row.person_id, row.data) for row in _letters(conn)] == [
        (None, {"to": MARY, "language": "en"}),
        (None, {"to": "nobody@example.org", "language": "en"}),
    ]
    with pytest.raises(Invalid):
        forgotten.ask(conn, _guest(), "no address", DEVICE, _tries())


def test_it_leaves_for_an_account_alone_and_alone_holds_the_token(db: Database) -> None:
    db.write_now(_mary)
    for address in (MARY, "nobody@example.org"):
        db.write_now(forgotten.ask, _guest(), address, DEVICE, _tries())
    sent: list[Letter] = []
    assert deliver(db, with_reset_links(db, sent.append), factories.START) == 2  # of neither is it tried again
    assert [letter.to for letter in sent] == [MARY]
    path, _, token = sent[0].data["password_path"].rpartition("/")
    assert (path, len(token)) == ("/set-password", 43)
    link = db.read_now(lambda conn: conn.execute(select(LINK)).one())
    assert (link.token_hash, link.ends_at) == (digest(token), factories.START + LASTS)
    assert token not in str(db.read_now(_letters))


def test_a_disabled_person_gets_no_link(conn: Connection) -> None:
    mary = _mary(conn)
    conn.execute(update(PERSON).where(PERSON.c.id == mary).values(disabled_at=factories.START))
    assert new_link(conn, MARY, factories.START) is None


def test_a_link_sets_a_new_password_once_and_ends_every_sign_in(conn: Connection) -> None:
    mary = _mary(conn)
    first, second = (new_link(conn, MARY, factories.START) for _ in range(2))
    assert first
    assert second
    _set(conn, first)
    before = conn.execute(select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == mary)).scalars().all()
    for token in (first, second):
        with pytest.raises(LinkGone):
            usable_link(conn, _guest(), token)
    third = new_link(conn, MARY, factories.START)
    assert third
    _set(conn, third, "fresher")
    after = conn.execute(select(SIGN_IN.c.id).where(SIGN_IN.c.person_id == mary)).scalars().all()
    assert (len(before), len(after), set(before) & set(after)) == (1, 1, set())
    assert conn.execute(select(PASSWORD.c.hash).where(PASSWORD.c.person_id == mary)).scalar_one() == "fresher"
    told = conn.execute(select(OUTBOX.c.person_id).where(OUTBOX.c.kind == CHANGED)).scalars().all()
    assert told == [mary, mary]


def test_a_link_to_an_address_that_was_taken_away_opens_nothing(conn: Connection) -> None:
    """Also once the address is somebody else's, who is not said to have confirmed it either."""
    mary = _mary(conn)
    token = new_link(conn, MARY, factories.START) or ""
    conn.execute(EMAIL.delete().where(EMAIL.c.address == MARY))
    with pytest.raises(NotFound):
        _set(conn, token)
    add(conn, EmailAddress(address=MARY, person_id=factories.person(conn)))
    with pytest.raises(NotFound):
        _set(conn, token)
    assert conn.execute(select(PASSWORD.c.hash).where(PASSWORD.c.person_id == mary)).scalar() == "kept"


def test_a_link_ends_after_an_hour(conn: Connection) -> None:
    _mary(conn)
    token = new_link(conn, MARY, factories.START - LASTS)
    assert token
    with pytest.raises(LinkGone, match="within an hour"):
        usable_link(conn, _guest(), token)
    with pytest.raises(NotFound):
        usable_link(conn, _guest(), "nothing")


def test_many_letters_for_one_address_do_not_leave_and_the_answer_stays_the_same(conn: Connection) -> None:
    _mary(conn)
    for network in range(LETTERS.most + 3):
        forgotten.ask(conn, _guest(), MARY, DEVICE, _tries(str(network % 10)))
    assert len(_letters(conn)) == LETTERS.most
    assert timedelta(seconds=LETTERS.seconds) <= LASTS  # so one that did leave still holds


def test_one_network_that_asks_too_much_waits(conn: Connection) -> None:
    for _ in range(LETTER.both.most):
        forgotten.ask(conn, _guest(), MARY, DEVICE, _tries())
    with pytest.raises(TooMany):
        forgotten.ask(conn, _guest(), MARY, DEVICE, _tries())
    forgotten.ask(conn, _guest(), MARY, DEVICE, _tries("2"))


def test_the_way_through_the_pages(house: House, browser: Callable[..., Any]) -> None:
    house.db.write_now(_mary, house.passwords.hash(OLD))
    phone, guest = browser(), browser()
    assert phone.submit("/sign-in", "/sign-in", address=MARY, password=OLD).status_code == 303
    answer = guest.submit("/forgotten", "/forgotten", address=MARY)
    assert (answer.status_code, f"If {MARY} belongs to an account" in answer.text) == (200, True)
    sent: list[Letter] = []
    deliver(house.db, with_reset_links(house.db, sent.append), real_time())
    path = sent[0].data["password_path"]
    page = guest.get(path)
    assert (page.headers["referrer-policy"], page.headers["cache-control"]) == ("no-referrer", "no-store")
    easy = guest.submit(path, path, password="MaryShelley1818", password_again="MaryShelley1818")
    assert (easy.status_code, "says your name" in easy.text, "MaryShelley1818" in easy.text) == (422, True, False)
    assert guest.submit(path, path, password=NEW, password_again=NEW).headers["location"] == "/home"
    assert guest.get("/home").status_code == 200
    assert phone.get("/home").headers["location"] == "/sign-in?next=/home"
    kept = house.db.read_now(account_of, MARY, DEVICE)
    assert [house.passwords.check(typed, kept.hash)[0] for typed in (OLD, NEW)] == [False, True]
    again = browser().get(path)
    assert (again.status_code, 'href="/forgotten"><span>Ask for another letter</span>' in again.text) == (410, True)


def test_the_form_gives_back_what_was_typed(browser: Callable[..., Any]) -> None:
    answer = browser().submit("/forgotten", "/forgotten", address="no <address>")
    assert answer.status_code == 422
    assert forms(answer.text)["/forgotten"]["address"] == "no <address>"
