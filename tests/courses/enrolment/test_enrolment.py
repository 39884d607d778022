"""Enrolling and withdrawing, through the pages."""

import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, update

from courses.enrolment.errors import EnrolmentRefused
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.enrolment.service import Outcome, enrol, withdraw
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.mail import sender
from fourweek.outbox import OutboxMessage, deliver
from fourweek.pages import Pages
from tests import factories
from tests.visits import Browser, forms

SOON = timedelta(days=30)


@pytest.fixture
def alice(house: House) -> str:
    return house.db.write_now(factories.person, "Alice Brook", "America/New_York")


def _cohort(house: House, **changes: Any) -> tuple[str, str]:
    """(course code, cohort id) of a cohort that starts in about a month."""

    def make(conn: Connection) -> tuple[str, str]:
        made = factories.course(conn)
        start = changes.pop("start", (real_time() + SOON).date())
        return made.code, factories.cohort(conn, made, start, **changes)

    return house.db.write_now(make)


def _rows(house: House, model: Any) -> list[Any]:
    return list(house.db.read_now(lambda conn: conn.execute(table(model).select()).all()))


def _send(visitor: Browser, action: str) -> Any:
    """Post to an address that no page shows a form for, with a right token."""
    token = forms(visitor.get("/courses").text).get("/sign-out", {}).get("form_token", "")
    return visitor.post(action, data={"form_token": token})


def test_enrol_asks_a_guest_to_sign_in(house: House, browser: Any) -> None:
    _, cohort = _cohort(house)
    guest = browser()
    token = forms(guest.get("/sign-in").text)["/sign-in"]["form_token"]
    assert guest.post(f"/cohorts/{cohort}/enrol", data={"form_token": token}).status_code == 401
    assert guest.get(f"/cohorts/{cohort}/withdraw").headers["location"].startswith("/sign-in?next=")
    assert _rows(house, Enrolment) == []


def test_enrol_needs_the_form_token(house: House, alice: str, browser: Any) -> None:
    _, cohort = _cohort(house)
    assert browser(alice).post(f"/cohorts/{cohort}/enrol").status_code == 422
    assert _rows(house, Enrolment) == []


def test_enrol_in_nothing_is_not_found(alice: str, browser: Any) -> None:
    assert _send(browser(alice), "/cohorts/nothing/enrol").status_code == 404
    assert browser(alice).get("/cohorts/nothing/withdraw").status_code == 404


def test_enrol_gives_a_place_and_one_mail(house: House, alice: str, browser: Any, tmp_path: Path) -> None:
    code, cohort = _cohort(house, zone="Europe/Berlin")
    assert f"/cohorts/{cohort}/enrol" in browser(alice).get(f"/courses/{code}").text
    answer = browser(alice).submit(f"/cohorts/{cohort}/enrol", f"/cohorts/{cohort}/enrol")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cohorts/{cohort}")
    again = _send(browser(alice), f"/cohorts/{cohort}/enrol")
    assert again.status_code == 303
    enrolment = _rows(house, Enrolment)
    assert [(e.person_id, e.cohort_id, e.state) for e in enrolment] == [(alice, cohort, EnrolmentState.ACTIVE)]
    assert [row.act for row in _rows(house, AuditRow) if row.subject_kind == "enrolment"] == ["enrolment.enrol"]
    assert [(m.kind, m.person_id) for m in _rows(house, OutboxMessage)] == [("enrolled", alice)]
    assert deliver(house.db, sender(house.settings, Pages((), str)), real_time()) == 1
    (mail,) = house.settings.mail.glob("*.eml")
    text = mail.read_text(encoding="utf-8")
    assert "Subject: You are enrolled: Running a Reliable Service" in text
    assert f"http://testserver/cohorts/{cohort}" in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"capacity": 0}, "All places are taken."),
        ({"open_for_enrolment": False}, "Enrolment is closed."),
        ({"start": factories.MONDAY.replace(year=2024)}, "This cohort is over."),
    ],
)
def test_enrol_is_refused_in_words(house: House, alice: str, browser: Any, changes: dict[str, Any], says: str) -> None:
    _, cohort = _cohort(house, **changes)
    answer = _send(browser(alice), f"/cohorts/{cohort}/enrol")
    assert answer.status_code == 409
    assert says in answer.text
    assert (_rows(house, Enrolment), _rows(house, OutboxMessage)) == ([], [])


def test_last_places_are_given_once(house: House) -> None:
    _, cohort = _cohort(house, capacity=3)
    people = [house.db.write_now(factories.person, f"P{number} Brook") for number in range(6)]
    ready, outcomes = threading.Barrier(12), Counter[str]()

    def go(person: str) -> None:
        ready.wait()
        try:
            outcome = house.db.write_now(enrol, factories.visitor(person, real_time()), cohort)
        except EnrolmentRefused as refused:
            outcomes[str(refused)] += 1
        else:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=go, args=(person,)) for person in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {Outcome.ENROLLED: 3, Outcome.HAD_PLACE: 3, "All places are taken.": 6}
    assert len(_rows(house, Enrolment)) == 3


def test_withdraw_frees_the_place_and_one_may_return(house: House, alice: str, browser: Any) -> None:
    _, cohort = _cohort(house, capacity=1)
    visitor, address = browser(alice), f"/cohorts/{cohort}/withdraw"
    visitor.submit(f"/cohorts/{cohort}/enrol", f"/cohorts/{cohort}/enrol")
    page = visitor.get(address).text
    assert ("Withdraw from this cohort?" in page, "Keep my place" in page) == (True, True)
    answer = visitor.submit(address, address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/home")
    (row,) = _rows(house, Enrolment)
    assert row.state is EnrolmentState.WITHDRAWN
    assert row.withdrawn_at is not None
    assert visitor.get(address).status_code == 404
    assert _send(visitor, address).status_code == 404
    visitor.submit(f"/cohorts/{cohort}/enrol", f"/cohorts/{cohort}/enrol")
    (back,) = _rows(house, Enrolment)
    assert (back.id, back.state, back.withdrawn_at) == (row.id, EnrolmentState.ACTIVE, None)
    acts = sorted(one.act for one in _rows(house, AuditRow) if one.subject_kind == "enrolment")
    assert acts == ["enrolment.enrol", "enrolment.enrol", "enrolment.withdraw"]


def test_leaving_and_coming_back_buys_no_time(house: House, alice: str) -> None:
    """Dates are counted from the first enrolment; more time is an extension, which the lead grants."""
    _, cohort = _cohort(house)
    first, later = (factories.visitor(alice, real_time() + timedelta(days=days)) for days in (0, 9))
    house.db.write_now(enrol, first, cohort)
    house.db.write_now(withdraw, later, cohort)
    assert house.db.write_now(enrol, later, cohort) is Outcome.ENROLLED
    (row,) = _rows(house, Enrolment)
    assert (row.state, row.enrolled_at) == (EnrolmentState.ACTIVE, first.now.school)


def test_withdraw_is_nobody_elses(house: House, alice: str, browser: Any) -> None:
    _, cohort = _cohort(house)
    house.db.write_now(factories.enrol, cohort, alice)
    bob = browser(house.db.write_now(factories.person, "Bob Stone"))
    assert bob.get(f"/cohorts/{cohort}/withdraw").status_code == 404
    assert _send(bob, f"/cohorts/{cohort}/withdraw").status_code == 404
    assert [row.state for row in _rows(house, Enrolment)] == [EnrolmentState.ACTIVE]


def test_completed_course_stays(house: House, alice: str, browser: Any) -> None:
    _, cohort = _cohort(house)
    house.db.write_now(factories.enrol, cohort, alice)
    target = table(Enrolment)
    house.db.write_now(lambda conn: conn.execute(update(target).values(state=EnrolmentState.COMPLETED)))
    assert _send(browser(alice), f"/cohorts/{cohort}/withdraw").status_code == 409
    assert [row.state for row in _rows(house, Enrolment)] == [EnrolmentState.COMPLETED]
