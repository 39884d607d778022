"""The pages about one's data, from the notice to an erasure that another registrar decided; and consents."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.personal.areas import AREAS
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import PasswordHash, Role
from fourweek.accounts.service import EMAIL
from fourweek.app import create_app
from fourweek.consents.queries import CONSENT, ConsentKind, due, newest
from fourweek.consents.service import agree, give, take_back
from fourweek.database import add
from fourweek.edge import House
from fourweek.errors import Invalid
from fourweek.settings import Settings
from tests import factories as make
from tests.house.sources import ROOT
from tests.statements import statements
from tests.visits import Browser

ASKED = Settings(privacy_version="2026-11", terms_version="1")


def test_the_notice_says_what_is_kept(browser: Any, house: House) -> None:
    house.settings.texts.mkdir(parents=True)
    (house.settings.texts / "privacy.md").write_text("## Our words\n\n<script>alert(1)</script>", "utf-8")
    page = browser().get("/privacy").text
    assert "<h2>Our words</h2>" in page
    assert "<script>alert" not in page
    assert all(area.title in page for area in AREAS)
    assert "1,095 days" in page
    assert browser().get("/terms").status_code == 404


def test_a_title_of_an_own_text_stands_below_that_of_the_page(browser: Any, house: House) -> None:
    house.settings.texts.mkdir(parents=True)
    (house.settings.texts / "privacy.md").write_text("# Privacy with us\n\n## Logs\n", "utf-8")
    page = browser().get("/privacy").text
    assert "<h2>Privacy with us</h2>" in page
    assert "<h3>Logs</h3>" in page
    assert page.count("<h1>") == 1


def test_the_documentation_has_the_same_table() -> None:
    """Made from the list: a changed line is changed there too."""
    said = (ROOT / "docs" / "privacy.md").read_text("utf-8")
    rows = [f"| {one.title} | {one.holds} | {one.kept} | {one.why} | {one.erased} |" for one in AREAS]
    assert [line for line in said.splitlines() if line in rows] == rows


def _people(conn: Connection) -> tuple[str, str, str, str]:
    alice = make.person(conn)
    number = conn.execute(select(PERSON.c.learner_number).where(PERSON.c.id == alice)).scalar_one()
    return alice, number, *(make.with_role(conn, Role.REGISTRAR, name) for name in ("Rita", "Rolf"))


def test_one_asks_another_decides(house: House, browser: Any) -> None:
    alice_id, number, rita_id, rolf_id = house.db.write_now(_people)
    alice, rita, rolf = (browser(one) for one in (alice_id, rita_id, rolf_id))
    assert browser().get("/account/privacy").headers["location"].startswith("/sign-in?next=/")
    assert [alice.get(path).status_code for path in ("/erasures", f"/record/{number}/data", "/erasures/x")] == [404] * 3
    with statements(house.db) as count:
        assert "What was done, as numbers without a name" in alice.get("/account/erase").text
    assert count.number <= 7
    assert alice.submit("/account/erase", "/account/erase", confirmed="").status_code == 422
    assert alice.submit("/account/erase", "/account/erase", confirmed="1").status_code == 303
    assert "Ask to be erased" not in alice.get("/account/erase").text
    assert "Take the request back" in alice.get("/account/privacy").text
    assert alice.submit("/account/privacy", "/account/erase/withdraw").status_code == 303
    wrong = rita.submit(f"/record/{number}/data", f"/record/{number}/data/erase", why="")
    assert (wrong.status_code, "Say how the request came" in wrong.text) == (422, True)
    at = rita.submit(f"/record/{number}/data", f"/record/{number}/data/erase", why="A letter.").headers["location"]
    assert "Somebody else decides this one" in rita.get(at).text
    with statements(house.db) as count:
        assert "Erase this person" in rolf.get(at).text
    assert count.number <= 9
    assert "Alice Brook" in rolf.get("/erasures").text
    assert rolf.submit(at, at, decision="approve", why="").status_code == 303
    assert alice.get("/home").headers["location"].startswith("/sign-in")
    assert "Being erased" in rolf.get("/erasures?show=decided").text


def _with_password(conn: Connection, hashed: str) -> str:
    me = make.person(conn)
    add(conn, PasswordHash(person_id=me, hash=hashed, changed_at=make.BEFORE))
    return str(conn.execute(select(EMAIL.c.address).where(EMAIL.c.person_id == me)).scalar_one())


def test_a_new_wording_is_asked_for_at_sign_in_and_nothing_is_lost(house: House) -> None:
    house.settings = house.settings.model_copy(update={"privacy_version": "2026-11"})
    address = house.db.write_now(_with_password, house.passwords.hash("correct horse battery"))
    guest = Browser(create_app(house=house))
    typed = {"address": address, "password": "correct horse battery", "next": "/notices?page=2"}
    at = guest.submit("/sign-in?next=/notices%3Fpage%3D2", "/sign-in", **typed).headers["location"]
    assert at == "/account/agree?next=/notices%3Fpage%3D2"
    assert "The privacy notice" in guest.get(at).text
    assert guest.submit(at, "/account/agree").status_code == 422
    changed = guest.submit(at, "/account/agree", **{"agree-privacy": "2026-10"})
    assert (changed.status_code, "It changed while you read it" in changed.text) == (422, True)
    assert 'name="agree-privacy" value="2026-11"' in changed.text
    assert " checked" not in changed.text
    after = guest.submit(at, "/account/agree", **{"agree-privacy": "2026-11"})
    assert (after.status_code, after.headers["location"]) == (303, "/notices?page=2")
    assert guest.get(at).headers["location"] == "/notices?page=2"
    assert "Version 2026-11" in guest.get("/account/privacy").text
    guest.close()


def test_consents_only_grow_and_are_asked_for_again(conn: Connection) -> None:
    me = make.person(conn)
    visitor = make.visitor(me)
    assert due(conn, me, Settings()) == {}
    assert due(conn, me, ASKED) == {ConsentKind.PRIVACY: "2026-11", ConsentKind.TERMS: "1"}
    with pytest.raises(Invalid):
        agree(conn, visitor, {"terms": "1"}, ASKED)
    with pytest.raises(Invalid):
        agree(conn, visitor, {"terms": "1", "privacy": "2026-10"}, ASKED)
    agree(conn, visitor, {"terms": "1", "privacy": "2026-11"}, ASKED)
    agree(conn, visitor, {"terms": "1", "privacy": "2026-11"}, ASKED)
    assert (due(conn, me, ASKED), take_back(conn, visitor, "terms"), take_back(conn, visitor, "terms")) == (
        {},
        True,
        False,
    )
    assert due(conn, me, ASKED) == {ConsentKind.TERMS: "1"}
    give(conn, me, ConsentKind.TERMS, "2", make.START)
    assert newest(conn, me)["terms"].version == "2"
    mine = select(CONSENT.c.kind, CONSENT.c.version, CONSENT.c.given).where(CONSENT.c.person_id == me)
    assert len(conn.execute(mine).all()) == 4
