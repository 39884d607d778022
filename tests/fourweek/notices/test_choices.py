"""Choosing what one is told: by kind and way, at once, for oneself alone; and by the address in a mail."""

from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.mail import compose
from fourweek.notices.kinds import KINDS, OPTIONAL
from fourweek.notices.service import choose
from fourweek.outbox import CHOICE, OUTBOX, Letter, Mail, deliver, post, post_all
from fourweek.pages import Pages
from tests import factories
from tests.letters import text_of
from tests.statements import statements

AUDIT = table(AuditRow)
NEWS = {"title": "Pumps", "course": "Pump care", "cohort": "Autumn", "again": False, "by": "Ida", "text": "On Monday."}


@pytest.fixture
def alice(db: Database) -> str:
    return db.write_now(factories.person)


def _tell(db: Database, person_id: str, key: str, kind: str = "announcement") -> None:
    db.write_now(post, key, kind, person_id, now=real_time(), data=NEWS | {"path": "/home"})


def _ways(db: Database) -> dict[str, tuple[bool, bool]]:
    rows = db.read_now(lambda conn: conn.execute(select(OUTBOX)).all())
    return {row.key: (row.by_mail, row.in_product) for row in rows}


def _sent(db: Database) -> list[Letter]:
    letters: list[Letter] = []
    deliver(db, letters.append, real_time())
    return letters


def _choose(db: Database, person_id: str, *, mail: frozenset[str] = OPTIONAL, here: frozenset[str] = OPTIONAL) -> None:
    db.write_now(choose, factories.visitor(person_id, real_time()), mail, here)


def _choices(db: Database) -> list[tuple[str, str, bool, bool]]:
    return [tuple(row) for row in db.read_now(lambda conn: conn.execute(select(CHOICE).order_by(CHOICE.c.kind)).all())]


def _composed(house: House, letter: Letter) -> EmailMessage:
    return compose(letter, house.settings, Pages((), str).env)


def test_everything_comes_both_ways_until_it_is_turned_off(db: Database, alice: str) -> None:
    _tell(db, alice, "one")
    assert _ways(db) == {"one": (True, True)}
    assert [letter.kind for letter in _sent(db)] == ["announcement"]


def test_what_is_wanted_no_way_is_written_and_never_sent_later(db: Database, alice: str) -> None:
    _choose(db, alice, mail=OPTIONAL - {"announcement"}, here=OPTIONAL - {"announcement"})
    _tell(db, alice, "one")
    assert _ways(db) == {"one": (False, False)}
    _choose(db, alice)
    _tell(db, alice, "one")
    assert _sent(db) == []
    assert _ways(db) == {"one": (False, False)}


def test_turning_mail_off_holds_for_what_waits(db: Database, alice: str) -> None:
    _tell(db, alice, "one")
    _tell(db, alice, "other", kind="receipt")
    _choose(db, alice, mail=frozenset())
    assert [letter.kind for letter in _sent(db)] == ["receipt"]
    assert _ways(db) == {"one": (False, True), "other": (True, True)}


def test_choices_of_many_are_read_at_once(db: Database, alice: str) -> None:
    bob = db.write_now(factories.person)
    _choose(db, alice, mail=frozenset())
    mails = [Mail(f"key:{person}", person, NEWS) for person in (alice, bob)]
    with statements(db) as count:
        assert db.write_now(lambda conn: post_all(conn, "announcement", mails, now=real_time())) == 2
    assert count.number == 2
    assert _ways(db) == {f"key:{alice}": (False, True), f"key:{bob}": (True, True)}


def test_the_page_keeps_what_was_ticked(browser: Any, db: Database, alice: str) -> None:
    visitor = browser(alice)
    page = visitor.get("/notices/choices").text
    shown = [kind for kind in KINDS if kind.optional and not kind.for_staff]
    assert page.count('name="mail"') == len(shown)
    assert page.count(" checked") == page.count('type="checkbox"')
    assert "Receipts: You handed evidence in." in page
    token = page.split('name="form_token" value="')[1].split('"')[0]
    sent = {"form_token": token, "mail": ["due_soon", "receipt", "nonsense"], "here": [kind.key for kind in shown]}
    assert visitor.post("/notices/choices", data=sent).status_code == 303
    kept = {kind: (mail, here) for _, kind, mail, here in _choices(db)}
    staff = {kind.key for kind in KINDS if kind.for_staff}
    assert kept == {kind: (False, kind not in staff) for kind in OPTIONAL - {"due_soon"}}
    page = visitor.get("/notices/choices").text
    assert page.count(" checked") == len(shown) + 1
    rows = db.read_now(lambda conn: conn.execute(select(AUDIT).where(AUDIT.c.act == "notices.choose")).all())
    assert [(row.actor_id, row.subject_id) for row in rows] == [(alice, alice)]


def test_staff_choose_about_what_comes_to_staff(browser: Any, db: Database) -> None:
    lead = db.write_now(lambda conn: factories.with_role(conn, Role.LEAD))
    assert browser(lead).get("/notices/choices").text.count('name="mail"') == len(OPTIONAL)


def test_a_mail_says_how_to_get_no_more_of_its_kind(house: House, db: Database, alice: str) -> None:
    _tell(db, alice, "one")
    _tell(db, alice, "two")
    first, second = _sent(db)
    assert first.unsubscribe == second.unsubscribe
    assert len(first.unsubscribe) == 43
    mail = _composed(house, first)
    way_out = f"http://testserver/unsubscribe/{first.unsubscribe}/announcement"
    assert mail["List-Unsubscribe"] == f"<{way_out}>"
    assert f"\r\nList-Unsubscribe: <{way_out}>\r\n".encode() in bytes(mail)  # never folded, never encoded
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert f"\n\n-- \nNo more mail of this kind (Announcements):\n{way_out}\n" in text_of(mail).replace("\r\n", "\n")


def test_a_receipt_offers_no_way_out(house: House, db: Database, alice: str) -> None:
    data = {"title": "Note", "course": "Pump care", "receipt": "R-1", "attempt": 1, "handed_in": "now", "late": False}
    data |= {"late_rule": "", "items": [], "path": "/receipts/R-1"}
    db.write_now(post, "receipt:1", "receipt", alice, now=real_time(), data=data)
    (letter,) = _sent(db)
    mail = _composed(house, letter)
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "unsubscribe" not in text_of(mail)


def _way_out(db: Database, person_id: str) -> str:
    _tell(db, person_id, f"first:{person_id}")
    letter = next(one for one in _sent(db))
    return f"/unsubscribe/{letter.unsubscribe}/announcement"


def test_one_click_turns_its_kind_off_and_nothing_else(browser: Any, db: Database, alice: str) -> None:
    """As a mail program does it (RFC 8058): no cookie, no token of a form, no page read before."""
    bob = db.write_now(factories.person)
    way_out, _ = _way_out(db, alice), _way_out(db, bob)
    answer = browser().post(way_out, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert _choices(db) == [(alice, "announcement", False, True)]
    assert browser().post(way_out, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    rows = db.read_now(lambda conn: conn.execute(select(AUDIT).where(AUDIT.c.act == "notices.unsubscribe")).all())
    assert [(row.actor_id, row.subject_id, row.detail) for row in rows] == [(None, alice, {"kind": "announcement"})]
    _tell(db, alice, "later")
    _tell(db, bob, "bobs")
    assert _ways(db)["later"] == (False, True)
    assert [letter.kind for letter in _sent(db)] == ["announcement"]


def test_the_address_shows_one_button_and_nobodys_name(browser: Any, db: Database, alice: str) -> None:
    way_out = _way_out(db, alice)
    guest = browser()
    page = guest.get(way_out).text
    assert _choices(db) == []
    assert "Turn this mail off" in page
    assert "Alice" not in page
    assert "example.org" not in page
    done = guest.submit(way_out, way_out)
    assert done.status_code == 200
    assert "No more mail of this kind is sent." in done.text
    assert "Alice" not in done.text
    assert "No more mail of this kind is sent." in guest.get(way_out).text


def test_one_click_keeps_what_else_was_chosen(browser: Any, db: Database, alice: str) -> None:
    way_out = _way_out(db, alice)
    _choose(db, alice, here=OPTIONAL - {"announcement"})
    browser().post(way_out)
    assert _choices(db) == [(alice, "announcement", False, False)]


@pytest.mark.parametrize("kind", ["receipt", "unknown", "ANNOUNCEMENT"])
def test_what_cannot_be_turned_off_has_no_address(browser: Any, db: Database, alice: str, kind: str) -> None:
    other = _way_out(db, alice).replace("/announcement", f"/{kind}")
    assert browser().get(other).status_code == 404
    assert browser().post(other).status_code == 404
    assert browser().post(f"/unsubscribe/{'x' * 43}/announcement").status_code == 404
    assert _choices(db) == []
