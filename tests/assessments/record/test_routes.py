"""The registrar's pages: for the registrar alone."""

from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.credit.ledger import ENTRY
from assessments.credit.service import record_due_credit
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import NOW, Learning, demonstrate, learning
from tests.statements import statements

AUDIT = table(AuditRow)


@pytest.fixture
def alice(house: House) -> Learning:
    who = house.db.write_now(learning)
    for week in (1, 2):
        house.db.write_now(demonstrate, who, week)
    record_due_credit(house.db, NOW)
    return who


@pytest.fixture
def registrar(house: House) -> str:
    return house.db.write_now(make.with_role, Role.REGISTRAR, "Rita Record")


def number_of(house: House, person_id: str) -> str:
    wanted = select(PERSON.c.learner_number).where(PERSON.c.id == person_id)
    return str(house.db.read_now(lambda conn: conn.execute(wanted).scalar_one()))


def entries(house: House) -> list[Any]:
    return house.db.read_now(lambda conn: list(conn.execute(select(ENTRY).order_by(ENTRY.c.seq)).all()))


def test_nobody_else_may_look(alice: Learning, house: House, browser: Any) -> None:
    number, entry = number_of(house, alice.person_id), entries(house)[0].id
    lead = house.db.write_now(make.with_role, Role.LEAD)
    for path in ("/record", f"/record/{number}", f"/record/{number}/entries/{entry}"):
        assert browser().get(path).headers["location"].startswith("/sign-in?next=/record")
        for person in (alice.person_id, alice.grader_id, lead):
            answer = browser(person).get(path)
            assert (answer.status_code, "Alice" in answer.text and person != alice.person_id) == (404, False)


def test_the_registrar_finds_a_learner(alice: Learning, registrar: str, house: House, browser: Any) -> None:
    desk, number = browser(registrar), number_of(house, alice.person_id)
    for words in ("brook", "ALICE", number, number[:5].lower()):
        page = desk.get("/record", params={"q": words})
        assert (page.status_code, f'href="/record/{number}"' in page.text) == (200, True)
    for words in ("%", "_", "zebra"):
        assert "Nobody found" in desk.get("/record", params={"q": words}).text


@pytest.mark.parametrize("typed", ["Żaneta", "żaneta", "WÓJCIK", "ŻANETA WÓJCIK", "wójcik żaneta", "öz", " anet  "])
def test_a_name_is_found_however_its_letters_are_typed(registrar: str, house: House, browser: Any, typed: str) -> None:
    house.db.write_now(make.person, "Żaneta Wójcik-Öz")
    house.db.write_now(make.person, "Jonas Becker")
    page = browser(registrar).get("/record", params={"q": typed}).text
    assert ("Żaneta Wójcik-Öz" in page, "Jonas Becker" in page) == (True, False)


def test_letters_that_only_look_alike_are_shown_with_their_numbers(registrar: str, house: House, browser: Any) -> None:
    lookalike = house.db.write_now(make.person, "Аnn Smith")
    other = house.db.write_now(make.person, "Ann Smith")
    desk = browser(registrar)
    assert "U+0410" in desk.get(f"/record/{number_of(house, lookalike)}").text
    assert "Look at the letters" not in desk.get(f"/record/{number_of(house, other)}").text


def test_a_page_beyond_the_ledger_says_so(alice: Learning, registrar: str, house: House, browser: Any) -> None:
    page = browser(registrar).get(f"/record/{number_of(house, alice.person_id)}?entries=9").text
    assert ("Nothing recorded yet" in page, "There is no such page of the ledger." in page) == (False, True)


def test_the_search_is_paged_with_as_many_statements(registrar: str, house: House, browser: Any) -> None:
    def many(conn: Connection) -> None:
        for place in range(30):
            make.person(conn, f"Paula{place:02d} Pages")

    house.db.write_now(many)
    desk = browser(registrar)
    first = desk.get("/record?q=pages").text
    assert (first.count('class="entry-title"'), "Page 1 of 2" in first, "Paula29" in first) == (25, True, False)
    with statements(house.db) as count:
        second = desk.get("/record?q=pages&page=2").text
    assert (second.count('class="entry-title"'), "Paula29" in second, count.number) == (5, True, 3)


def test_the_record_shows_ledger_and_documents(alice: Learning, registrar: str, house: House, browser: Any) -> None:
    browser(alice.person_id).submit("/transcript", "/transcript")
    number = number_of(house, alice.person_id)
    desk = browser(registrar)
    with statements(house.db) as count:
        page = desk.get(f"/record/{number}")
    assert (page.status_code, page.text.count("Propose a change<")) == (200, 2)
    assert (
        "Running a Reliable Service, 1 Week 1 in public" in page.text,
        ">T-" in page.text or " T-" in page.text,
    ) == (True, True)
    assert count.number <= 12
    assert desk.get("/record/L-nobody").status_code == 404
