"""The registrar's pages of legal holds."""

from typing import Any

import pytest
from sqlalchemy import Connection

from courses.paging import PER_PAGE
from fourweek.edge import House
from tests import factories as make
from tests.assessments.retention import school
from tests.assessments.retention.school import Past
from tests.assessments.retention.test_holds import address_of, holds
from tests.statements import statements


@pytest.fixture
def past(house: House) -> Past:
    return house.db.write_now(school.build)


def test_nobody_else_finds_them(past: Past, house: House, browser: Any) -> None:
    hold = house.db.write_now(school.held, past, person_id=past.alice)
    for path in ("/retention", "/retention/new", f"/retention/new?cohort={past.cohort}", f"/retention/{hold}"):
        assert browser().get(path).headers["location"].startswith("/sign-in?next=/retention")
        for person in (past.alice, past.greta):
            answer = browser(person).get(path)
            assert (answer.status_code, "A complaint." in answer.text) == (404, False)
    assert "Legal holds" not in browser(past.greta).get("/home").text
    assert 'href="/retention"' in browser(past.rita).get("/home").text


def test_a_hold_on_a_person_from_the_form_to_its_end(past: Past, house: House, browser: Any) -> None:
    desk, address = browser(past.rita), house.db.read_now(address_of, past.alice)
    answer = desk.submit("/retention/new", "/retention", address=address, reason="A complaint of 3 May.")
    assert (answer.status_code, answer.headers["location"]) == (303, "/retention")
    [row] = house.db.read_now(holds)
    page = desk.get("/retention").text
    assert ("Alice Brook" in page, "A complaint of 3 May." in page, "In force" in page) == (True, True, True)
    at = f"/retention/{row.id}"
    assert desk.submit(at, at, reason="Settled out of court.").status_code == 303
    page = desk.get(at).text
    assert ("Settled out of court." in page, "Lift the hold" in page) == (True, False)
    assert "Alice Brook" not in desk.get("/retention").text
    assert "Alice Brook" in desk.get("/retention?show=lifted").text


def test_a_cohort_is_found_by_its_name_or_its_course(past: Past, house: House, browser: Any) -> None:
    desk = browser(past.rita)
    link = f"/retention/new?cohort={past.cohort}"
    for words in ("autumn", "reliable SERVICE"):
        assert link in desk.get("/retention/new", params={"q": words}).text
    assert "No cohort found" in desk.get("/retention/new?q=zebra").text
    answer = desk.submit(link, "/retention", reason="A review.")
    assert answer.status_code == 303
    assert [(row.cohort_id, row.person_id) for row in house.db.read_now(holds)] == [(past.cohort, None)]
    page = desk.get("/retention?about=cohort").text
    assert "Running a Reliable Service, Autumn" in page
    assert "No such hold" in desk.get("/retention?about=person").text
    assert desk.get("/retention/new?cohort=nowhere").status_code == 404


def test_what_was_typed_stays_when_it_cannot_be(past: Past, house: House, browser: Any) -> None:
    desk = browser(past.rita)
    answer = desk.submit("/retention/new", "/retention", address="no@example.org", reason="A complaint.")
    assert (answer.status_code, "Nobody here has this address." in answer.text) == (422, True)
    assert ('value="no@example.org"' in answer.text, "A complaint.</textarea>" in answer.text) == (True, True)
    answer = desk.submit(f"/retention/new?cohort={past.cohort}", "/retention", reason=" ")
    assert (answer.status_code, "Say why." in answer.text, past.cohort in answer.text) == (422, True, True)
    hold = house.db.write_now(school.held, past, person_id=past.alice)
    answer = desk.submit(f"/retention/{hold}", f"/retention/{hold}", reason="")
    assert (answer.status_code, "Say why." in answer.text) == (422, True)


def test_the_list_is_paged_and_searched_with_as_many_statements(past: Past, house: House, browser: Any) -> None:
    def many(conn: Connection) -> None:
        for _ in range(PER_PAGE + 3):
            school.held(conn, past, person_id=make.person(conn, "Zoe Held"))

    desk = browser(past.rita)
    counts = []
    for _ in range(2):
        desk.get("/retention")
        with statements(house.db) as count:
            desk.get("/retention")
        counts.append(count.number)
        house.db.write_now(many)
    assert counts[0] == counts[1] <= 4
    assert desk.get("/retention").text.count("Zoe Held") == PER_PAGE
    assert desk.get("/retention?page=3").text.count("Zoe Held") == 2 * (PER_PAGE + 3) - 2 * PER_PAGE
    assert "No such hold" in desk.get("/retention?q=alice").text
    assert "Zoe Held" in desk.get("/retention?q=zoe").text
