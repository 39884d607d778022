"""The pages of names, from asking to what is not said any more."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from assessments.names.listing import Chosen
from assessments.names.models import NameChangeKind
from assessments.names.pages import (
    HIDDEN,
    decide_page,
    evidence_file,
    learner_name_page,
    my_name_page,
    queue_page,
)
from assessments.names.queries import CHANGE
from assessments.names.service import Asked, Evidence, ask, decide
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.names.test_service import ASKED, PASSPORT, alice, number_of, registrar
from tests.factories import START
from tests.statements import statements

PDF = ("passport.pdf", b"%PDF-1.7\nA passport.", "application/pdf")


def test_anonymous_strangers_and_other_roles_see_nothing(app: Any, browser: Any, db: Database) -> None:
    lead = db.write_now(make.with_role, Role.LEAD)
    assert browser().get("/account/name").status_code == 303
    assert browser().get("/names").status_code == 303
    for path in ("/names", "/names/nothing", "/names/nothing/evidence"):
        assert browser(lead).get(path).status_code == 404
    assert browser(lead).post("/record/X/name", files={"evidence": PDF}).status_code == 404
    assert app is not None


def test_a_name_is_asked_for_opened_and_approved(browser: Any, db: Database) -> None:
    alice_id = db.write_now(make.person, "Alice Brook")
    mine, office = browser(alice_id), browser(db.write_now(make.with_role, Role.REGISTRAR, "Regina Stone"))
    values = {"kind": "change", "name": "Alice Stream", "suppress": "1"}
    refused = mine.submit("/account/name", "/account/name", **values)
    assert refused.status_code == 422
    assert "Choose a document that shows the name." in refused.text
    wrong = mine.submit("/account/name", "/account/name", {"evidence": ("passport.exe", b"MZ", "x")}, **values)
    assert wrong.status_code == 422
    assert mine.submit("/account/name", "/account/name", {"evidence": PDF}, **values).status_code == 303
    assert "waits for the registrar" in mine.get("/account/name").text
    change_id = db.read_now(lambda conn: conn.execute(select(CHANGE.c.id)).scalar_one())
    page = f"/names/{change_id}"
    assert page in office.get("/names").text
    paper = office.get(f"{page}/evidence")
    assert (paper.content, paper.headers["cache-control"]) == (PDF[1], "private, no-store")
    assert mine.get(f"{page}/evidence").status_code == 200
    assert mine.get(page).status_code == 404
    assert office.submit(page, page, decision="refuse").status_code == 422
    assert office.submit(page, page, decision="approve").headers["location"] == "/names"
    found = db.read_now(lambda conn: conn.execute(select(PERSON.c.legal_name).where(PERSON.c.id == alice_id)).scalar())
    assert found == "Alice Stream"
    for shown in (office.get(page), office.get("/names?show=all"), mine.get("/account/name")):
        assert "Alice Stream" in shown.text
        assert "Brook" not in shown.text
    assert "Alice Stream" not in office.get("/names?show=all&q=Brook").text


def test_the_registrar_enters_it_for_a_learner(browser: Any, db: Database) -> None:
    number = db.write_now(lambda conn: number_of(conn, alice(conn)))
    office = browser(db.write_now(make.with_role, Role.REGISTRAR))
    page = f"/record/{number}/name"
    assert office.submit(page, page, name="Alice Stream", why="").status_code == 422
    done = office.submit(page, page, name="Alice Stream", why="Her passport, at the desk.")
    assert (done.status_code, done.headers["location"]) == (303, page)
    change_id = db.read_now(lambda conn: conn.execute(select(CHANGE.c.id)).scalar_one())
    assert "Somebody else decides this one" in office.get(f"/names/{change_id}").text
    assert office.get(f"/names/{change_id}/evidence").status_code == 404


def test_no_row_says_a_suppressed_name_nor_one_before_it(conn: Connection) -> None:
    me, office = alice(conn), registrar(conn)
    for day, name, suppress in ((1, "Alice Reed", False), (2, "Alice Stream", True), (3, "Alice Moss", False)):
        at = START + timedelta(days=day)
        mine, desk = (make.visitor(me.me.id, at), make.visitor(office.me.id, at, (Role.REGISTRAR, "")))
        paper = Evidence(PASSPORT.sha256, f"{name}.pdf")
        asked = Asked(NameChangeKind.CHANGE, name, f"Was {name}.", suppress=suppress, evidence=paper)
        change_id = ask(conn, mine, asked)
        decide(conn, desk, change_id, approve=True, why="")
    found = queue_page(conn, office, Chosen(show="all"), 1, Settings())
    said = [(row.change.former, row.change.name) for row in found.rows]
    assert said == [("Alice Stream", "Alice Moss"), (HIDDEN, "Alice Stream"), (HIDDEN, HIDDEN)]
    assert "Reed" not in str(found)
    assert "Brook" not in str(my_name_page(conn, me, 1, Settings()))
    assert [evidence_file(conn, office, row.change.id).name for row in found.rows] == [
        "Alice Moss.pdf",
        "evidence.pdf",
        "evidence.pdf",
    ]


def test_staff_see_odd_letters_and_namesakes(conn: Connection) -> None:
    office, me = registrar(conn), alice(conn)
    make.person(conn, "alice stream")
    change_id = ask(conn, me, Asked(NameChangeKind.CHANGE, "Аlice Stream", evidence=PASSPORT))
    page = decide_page(conn, office, change_id, Settings())
    assert len(page.flags) == 2
    assert [name for name, _ in page.alike] == ["alice stream"]


def test_lists_are_paged_with_as_few_statements_whatever_their_length(db: Database) -> None:
    office = db.write_now(registrar)
    numbers = [db.write_now(_one_waits) for _ in range(26)]
    with statements(db) as count:
        page = db.read_now(queue_page, office, Chosen(), 1, Settings())
    assert (len(page.rows), page.total, count.number) == (25, 26, 2)
    with statements(db) as count:
        db.read_now(learner_name_page, office, numbers[0], 1, Settings())
    assert count.number == 5
    with pytest.raises(NotFound):
        db.read_now(learner_name_page, office, "nobody", 1, Settings())


def _one_waits(conn: Connection) -> str:
    me = alice(conn)
    ask(conn, me, ASKED)
    return number_of(conn, me)
