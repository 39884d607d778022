"""The pages of corrections: for registrars alone, from the entry to the decision."""

from typing import Any

import pytest
from sqlalchemy import select

from assessments.credit.ledger import ENTRY
from assessments.credit.service import record_due_credit
from fourweek.accounts.access import PERSON
from fourweek.accounts.models import Role
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import NOW, Learning, demonstrate, learning
from tests.statements import statements


@pytest.fixture
def alice(house: House) -> Learning:
    who = house.db.write_now(learning)
    for week in (1, 2):
        house.db.write_now(demonstrate, who, week)
    record_due_credit(house.db, NOW)
    return who


def keeper(house: House, name: str) -> str:
    return house.db.write_now(make.with_role, Role.REGISTRAR, name)


def number_of(house: House, person_id: str) -> str:
    wanted = select(PERSON.c.learner_number).where(PERSON.c.id == person_id)
    return str(house.db.read_now(lambda conn: conn.execute(wanted).scalar_one()))


def entries(house: House) -> list[Any]:
    return house.db.read_now(lambda conn: list(conn.execute(select(ENTRY).order_by(ENTRY.c.seq)).all()))


def filled(**changes: Any) -> dict[str, Any]:
    right = {"act": "take_back", "code": "recorded_in_error", "words": "It was another person's work."}
    return right | {"completed_on": "2026-11-03"} | changes


def test_nobody_else_may_look_or_propose(alice: Learning, house: House, browser: Any) -> None:
    path = f"/record/{number_of(house, alice.person_id)}/entries/{entries(house)[0].id}"
    lead = house.db.write_now(make.with_role, Role.LEAD)
    for address in (path, "/corrections", "/corrections/nowhere"):
        assert browser().get(address).headers["location"].startswith("/sign-in?next=/")
        for person in (alice.person_id, alice.grader_id, lead):
            assert browser(person).get(address).status_code == 404
    rita = browser(keeper(house, "Rita Record"))
    other = number_of(house, house.db.write_now(make.person, "Bob Other"))
    assert rita.get(f"/record/{other}/entries/{entries(house)[0].id}").status_code == 404
    assert rita.get("/corrections/nowhere").status_code == 404


def test_one_proposes_another_approves(alice: Learning, house: House, browser: Any) -> None:
    number, entry = number_of(house, alice.person_id), entries(house)[0].id
    path = f"/record/{number}/entries/{entry}"
    rita, rolf = browser(keeper(house, "Rita Record")), browser(keeper(house, "Rolf Rolls"))
    wrong = rita.submit(path, path, **filled(act="correct", code="", minutes=["x"]))
    assert (wrong.status_code, "Choose a reason." in wrong.text, 'value="x"' in wrong.text) == (422, True, True)
    done = rita.submit(path, path, **filled())
    at = done.headers["location"]
    assert (done.status_code, at.startswith("/corrections/"), len(entries(house))) == (303, True, 2)
    assert "A change is proposed already" in rita.get(path).text
    assert "A change is proposed" in rita.get(f"/record/{number}").text
    mine = rita.get(at).text
    assert ("Take the proposal back" in mine, ">Approve<" in mine) == (True, False)
    assert "Alice Brook" in rolf.get("/corrections").text
    with statements(house.db) as count:
        page = rolf.get(at).text
    assert ("Recorded anew" in page, "150 minutes, 0.2 CEU" in page, count.number <= 8) == (True, True, True)
    refused = rolf.submit(at, at, verdict="reject", why="")
    assert (refused.status_code, "Say in a sentence why" in refused.text) == (422, True)
    assert rolf.submit(at, at, verdict="approve", why="").status_code == 303
    assert [row.tenths for row in entries(house)] == [3, 2, -3, -2, 3]
    page = rolf.get(f"/record/{number}").text
    for words in ("Taken back by entry 3", "Recorded in error", "Proposed by Rita Record, approved by Rolf Rolls"):
        assert words in page
    assert "Nothing to decide" in rolf.get("/corrections").text
    assert "Alice Brook" in rolf.get("/corrections?show=decided").text
    assert "cannot be changed" in rita.get(path).text
    assert "Credit was taken back" in browser(alice.person_id).get("/notices").text


def test_a_forged_approval_of_ones_own_proposal_is_refused(alice: Learning, house: House, browser: Any) -> None:
    path = f"/record/{number_of(house, alice.person_id)}/entries/{entries(house)[0].id}"
    rita = browser(keeper(house, "Rita Record"))
    at = rita.submit(path, path, **filled()).headers["location"]
    answer = rita.submit(at, at, verdict="approve", why="")
    assert (answer.status_code, "does not approve it" in answer.text, len(entries(house))) == (403, True, 2)
