"""Further mail addresses: confirmed by a letter to them, told to nobody else, and never lost to somebody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from fourweek.accounts import mail_addresses as mail
from fourweek.accounts.access import Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import AddressLink, EmailAddress, PasswordHash
from fourweek.accounts.service import EMAIL, clear_ended, digest
from fourweek.accounts.signing_in import account_of
from fourweek.audit.service import ROW
from fourweek.clock import now_at, real_time
from fourweek.database import add, table
from fourweek.edge import House
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.outbox import Letter, OutboxMessage, deliver
from tests import factories

NEW, LINK = "alice@work.example", table(AddressLink)


def _person(conn: Connection, name: str, main: str, *others: str) -> Visitor:
    person_id, now = factories.person(conn, name), real_time()
    conn.execute(EMAIL.delete().where(EMAIL.c.person_id == person_id))
    for address in (main, *others):
        add(conn, EmailAddress(address=address, person_id=person_id, is_primary=address == main, verified_at=now))
    return factories.visitor(person_id, now)


def _alice(conn: Connection, *others: str) -> Visitor:
    return _person(conn, "Alice Brook", "alice@home.example", *others)


def _addresses(conn: Connection, visitor: Visitor) -> dict[str, bool]:
    return {one.address: one.is_main for one in mail.my_addresses(conn, visitor)}


def _acts(conn: Connection, visitor: Visitor) -> list[str]:
    return list(conn.execute(select(ROW.c.act).where(ROW.c.subject_id == visitor.me.id).order_by(ROW.c.id)).scalars())


def test_a_link_adds_its_address_once_and_one_may_sign_in_with_it(conn: Connection) -> None:
    alice = _alice(conn)
    token = mail.new_link(conn, alice.me.id, NEW, alice.now.real)
    assert token is not None
    assert conn.execute(select(LINK.c.token_hash)).scalar() == digest(token)
    assert mail.confirm(conn, alice, token) == NEW
    assert _addresses(conn, alice) == {"alice@home.example": True, NEW: False}
    assert _acts(conn, alice)[-1:] == ["address.add"]
    with pytest.raises(mail.AddressLinkGone):
        mail.confirm(conn, alice, token)
    add(conn, PasswordHash(person_id=alice.me.id, hash="x", changed_at=alice.now.real))
    assert account_of(conn, NEW.upper(), Device("", "a browser")).person_id == alice.me.id


def test_nobody_else_can_use_a_link(conn: Connection) -> None:
    alice, bob = _alice(conn), _person(conn, "Bob Stone", "bob@home.example")
    token = mail.new_link(conn, alice.me.id, "bob@work.example", alice.now.real) or ""
    for act in (mail.link_address, mail.confirm):
        with pytest.raises(NotFound):
            act(conn, bob, token)
    assert _addresses(conn, bob) == {"bob@home.example": True}


def test_a_link_ends_after_a_day_and_is_swept(conn: Connection) -> None:
    alice = _alice(conn)
    old = mail.new_link(conn, alice.me.id, NEW, alice.now.real - mail.LASTS) or ""
    young = mail.new_link(conn, alice.me.id, NEW, alice.now.real - mail.LASTS + timedelta(minutes=1)) or ""
    with pytest.raises(mail.AddressLinkGone):
        mail.link_address(conn, alice, old)
    assert mail.link_address(conn, alice, young) == NEW
    clear_ended(conn, alice.now.real)
    assert list(conn.execute(select(LINK.c.token_hash)).scalars()) == [digest(young)]


def test_an_address_that_somebody_took_meanwhile_stays_theirs(conn: Connection) -> None:
    alice = _alice(conn)
    token = mail.new_link(conn, alice.me.id, NEW, alice.now.real) or ""
    bob = _person(conn, "Bob Stone", NEW)
    with pytest.raises(mail.AddressLinkGone):
        mail.confirm(conn, alice, token)
    assert (_addresses(conn, alice), _addresses(conn, bob)) == ({"alice@home.example": True}, {NEW: True})


@pytest.mark.parametrize(
    "typed", ["", "nobody", "a@b", "two@at@signs.example", "a b@c.example", "<a@b.example>", "a" * 250 + "@b.example"]
)
def test_what_is_no_address_gets_no_letter(conn: Connection, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        mail.ask(conn, _alice(conn), typed)
    assert refused.value.fields == {"address": "This is not a mail address, such as name@example.org."}


def test_letters_and_addresses_are_bounded(conn: Connection) -> None:
    alice = _alice(conn)
    with pytest.raises(Invalid, match="yours already"):
        mail.ask(conn, alice, " Alice@HOME.example ")
    for number in range(mail.MOST_LETTERS):
        mail.ask(conn, alice, f"a{number}@work.example")
    with pytest.raises(Invalid, match="letters were asked for"):
        mail.ask(conn, alice, NEW)
    bob = _person(
        conn, "Bob Stone", "bob@home.example", *(f"b{number}@work.example" for number in range(mail.MOST - 1))
    )
    with pytest.raises(Invalid, match="10 mail addresses"):
        mail.ask(conn, bob, NEW)


def test_the_main_address_cannot_be_taken_away_and_another_can_take_its_place(conn: Connection) -> None:
    alice = _alice(conn, NEW)
    for act in (mail.remove, mail.make_main):
        with pytest.raises(Conflict):
            act(conn, alice, "alice@home.example")
        with pytest.raises(NotFound):
            act(conn, alice, "bob@home.example")
    mail.make_main(conn, alice, NEW)
    assert _addresses(conn, alice) == {NEW: True, "alice@home.example": False}
    told = [row.data for row in conn.execute(table(OutboxMessage).select()) if row.kind == mail.MAIN]
    assert [(one["to"], one["is_main"]) for one in told] == [("alice@home.example", False), (NEW, True)]
    with pytest.raises(Conflict, match="within the last days") as refused:
        mail.remove(conn, alice, "alice@home.example")
    assert (refused.value.title, refused.value.leads_to) == ("Not yet", ("Your mail addresses", "mail-addresses"))
    mail.remove(conn, replace(alice, now=now_at(alice.now.real + mail.UNDO, 0)), "alice@home.example")
    assert _addresses(conn, alice) == {NEW: True}
    assert _acts(conn, alice)[-2:] == ["address.main", "address.remove"]
    told = [row.data for row in conn.execute(table(OutboxMessage).select()) if row.kind == mail.CHANGED]
    assert [one.get("to", "the main one") for one in told] == ["the main one", "alice@home.example"]


def test_a_letter_goes_to_the_address_itself_and_alone_holds_the_token(house: House, browser: Any) -> None:
    alice = house.db.write_now(_alice)
    bob = house.db.write_now(_person, "Bob Stone", "bob@home.example")
    page = browser(alice.me.id)
    sent: list[Letter] = []
    answers = [
        page.submit("/account/addresses", "/account/addresses", address=one) for one in (NEW, "bob@home.example")
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert deliver(house.db, mail.with_address_links(house.db, sent.append), real_time()) == 2
    to = {letter.to: letter.data["confirm_path"] for letter in sent}
    assert (set(to), to["bob@home.example"]) == ({NEW, "bob@home.example"}, "")
    token = to[NEW].rsplit("/", 1)[1]
    rows = house.db.read_now(lambda conn: [row.data for row in conn.execute(table(OutboxMessage).select())])
    assert not any(token in str(row) for row in rows)
    assert browser(bob.me.id).get(to[NEW]).status_code == 404
    assert browser().get(to[NEW]).headers["location"].startswith("/sign-in?next=/account/addresses/confirm/")
    assert NEW in page.get(to[NEW]).text
    assert page.submit(to[NEW], to[NEW]).status_code == 303
    assert NEW in page.get("/account/addresses").text


def test_the_page_is_ones_own_and_gives_back_what_was_typed(house: House, browser: Any) -> None:
    assert browser().get("/account/addresses").headers["location"] == "/sign-in?next=/account/addresses"
    alice = house.db.write_now(_alice, NEW)
    house.db.write_now(_person, "Bob Stone", "bob@home.example")
    page = browser(alice.me.id)
    shown = page.get("/account/addresses").text
    assert (NEW in shown, "bob@home.example" in shown) == (True, False)
    wrong = page.submit("/account/addresses", "/account/addresses", address="no address")
    assert (wrong.status_code, 'value="no address"' in wrong.text) == (422, True)
    assert page.submit("/account/addresses", "/account/addresses/main").status_code == 303
    assert page.submit("/account/addresses", "/account/addresses/remove").status_code == 409
    assert house.db.read_now(_addresses, alice)[NEW] is True
