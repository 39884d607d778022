"""Answering those who ask, wait or are invited."""

from datetime import timedelta
from typing import Any

import pytest

from courses.cohorts.models import EnrolmentWay
from courses.enrolment.models import Enrolment, EnrolmentState, PlaceRequest, RequestKind
from courses.enrolment.rules import Step
from courses.enrolment.service import enrol
from fourweek.clock import real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.outbox import OutboxMessage
from tests import factories
from tests.courses.enrolment.cohorts import Desk, send
from tests.courses.enrolment.test_ways import invite
from tests.statements import statements
from tests.visits import Browser

MOST = 7


def asking(house: House, count: int, **changes: Any) -> tuple[Desk, list[str], list[str]]:
    """A cohort by approval, those who ask, and their requests' ids."""
    desk = Desk(house, way=EnrolmentWay.APPROVAL, **changes)
    people = desk.people(count)
    for person in people:
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.ASK, f"I am {person[-4:]} <b>.")
    return desk, people, [one.id for one in desk.rows(PlaceRequest) if one.cohort_id == desk.cohort]


def answer(lead: Browser, desk: Desk, ids: list[str], act: str, **more: str) -> Any:
    return lead.submit(desk.requests, desk.requests, id=ids, act=act, **more)


def test_requests_are_answered_several_at_once(house: House, browser: Any) -> None:
    desk, people, ids = asking(house, 3)
    lead = browser(desk.lead)
    page = lead.get(desk.requests).text
    assert ("P00 Brook" in page, "&lt;b&gt;" in page, "To answer (3)" in page) == (True, True, True)
    assert "Answer 3 requests" in lead.get(desk.roster).text
    assert answer(lead, desk, ids[:2], "give").status_code == 303
    assert desk.active == people[:2]
    assert [one.data["how"] for one in desk.rows(OutboxMessage) if one.kind == "enrolled"] == ["approved"] * 2
    decided = [(one.decided_by, one.decided_at is not None) for one in desk.rows(PlaceRequest)[:2]]
    assert decided == [(desk.lead, True)] * 2
    assert answer(lead, desk, ids[2:], "decline", reason="We look for people who run pumps.").status_code == 303
    assert desk.requests_made[2] == (people[2], "approval", "declined")
    assert desk.letters[-1] == ("place_declined", people[2])
    assert desk.rows(PlaceRequest)[2].reason == "We look for people who run pumps."
    assert "Nothing to answer" in lead.get(desk.requests).text
    assert desk.acts == ["place_request.make"] * 3 + ["enrolment.enrol"] * 2 + ["place_request.decline"]


@pytest.mark.parametrize(
    ("act", "says"), [("give", "Tick at least one person first."), ("decline", "Tick at least one person first.")]
)
def test_nobody_ticked_is_said(house: House, browser: Any, act: str, says: str) -> None:
    desk, _, _ = asking(house, 1)
    wrong = answer(browser(desk.lead), desk, [], act, reason="No.")
    assert (wrong.status_code, says in wrong.text) == (422, True)


def test_declining_needs_a_reason_and_keeps_the_ticks(house: House, browser: Any) -> None:
    desk, _, ids = asking(house, 2)
    wrong = answer(browser(desk.lead), desk, ids[:1], "decline", reason=" ")
    assert (wrong.status_code, "Give a reason; the person reads it." in wrong.text) == (422, True)
    assert f'value="{ids[0]}" checked' in wrong.text
    long = answer(browser(desk.lead), desk, ids[:1], "decline", reason="x" * 501)
    assert (long.status_code, "has 501 characters" in long.text) == (422, True)
    assert [state for _, _, state in desk.requests_made] == ["open", "open"]


def test_what_was_answered_before_is_said(house: House, browser: Any) -> None:
    desk, people, ids = asking(house, 2)
    lead = browser(desk.lead)
    answer(lead, desk, ids[:1], "give")
    again = send(lead, desk.requests, id=ids, act="give", kind="approval")
    assert again.status_code == 303
    assert "1 person is enrolled. 1 had been answered before." in lead.get(desk.requests).text
    assert desk.active == people


def test_beyond_the_places_only_knowingly(house: House, browser: Any) -> None:
    desk, people, ids = asking(house, 3, capacity=3)
    desk.change(capacity=1)
    lead = browser(desk.lead)
    wrong = answer(lead, desk, ids, "give")
    assert (wrong.status_code, "There is 1 free place, and 3 people are ticked." in wrong.text) == (422, True)
    assert desk.active == []
    assert answer(lead, desk, ids, "give", beyond="1").status_code == 303
    assert desk.active == people
    assert "3 enrolled in 1 place" in lead.get(desk.roster).text


def test_approved_without_a_place_they_stand_in_line(house: House, browser: Any) -> None:
    desk, people, ids = asking(house, 3, capacity=1, waitlist=True)
    lead = browser(desk.lead)
    assert answer(lead, desk, ids, "give").status_code == 303
    assert desk.active == people[:1]
    assert desk.requests_made[3:] == [(people[1], "waitlist", "open"), (people[2], "waitlist", "open")]
    waiting = [one for one in desk.rows(OutboxMessage) if one.kind == "waiting"]
    assert [(one.person_id, one.data["position"]) for one in waiting] == [(people[1], 1), (people[2], 2)]
    line = lead.get(f"{desk.requests}?kind=waitlist").text
    assert ("Number 1 in line." in line, "In line (2)" in line) == (True, True)


def test_somebody_in_line_gets_a_place_before_others_only_knowingly(house: House, browser: Any) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    holder, first, second = desk.people(3)
    desk.fill(holder)
    for person in (first, second):
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    lead, last = browser(desk.lead), desk.rows(PlaceRequest)[1].id
    page = f"{desk.requests}?kind=waitlist"
    assert lead.submit(page, desk.requests, id=[last], act="give").status_code == 422
    assert lead.submit(page, desk.requests, id=[last], act="give", beyond="1").status_code == 303
    assert desk.active == [holder, second]
    gone = lead.submit(
        page, desk.requests, id=[desk.rows(PlaceRequest)[0].id], act="decline", reason="It starts today."
    )
    assert gone.status_code == 303
    assert "Nobody waits" in lead.get(page).text


def test_an_invitation_is_taken_back(house: House, browser: Any) -> None:
    desk = Desk(house, way=EnrolmentWay.INVITATION)
    person = desk.person()
    invite(desk, person)
    lead, page = browser(desk.lead), f"{desk.requests}?kind=invitation"
    assert "Invited (1)" in lead.get(page).text
    (request,) = desk.rows(PlaceRequest)
    assert lead.submit(page, desk.requests, id=[request.id], act="decline", reason="Wrong address.").status_code == 303
    assert desk.requests_made == [(person, RequestKind.INVITATION, "taken_back")]
    assert "By invitation only." in browser(person).get(desk.join).text


def test_requests_of_another_cohort_stay_untouched(house: House, browser: Any) -> None:
    desk, _, ids = asking(house, 1)
    other, _, other_ids = asking(house, 1)
    lead = browser(desk.lead)
    assert answer(lead, desk, other_ids, "give").status_code == 303
    assert (other.active, [state for _, _, state in other.requests_made]) == ([], ["open", "open"])
    assert answer(lead, desk, ids + other_ids, "decline", reason="No.").status_code == 303
    assert [state for _, _, state in other.requests_made] == ["declined", "open"]


def test_a_cohort_that_is_over_gives_no_places(house: House, browser: Any) -> None:
    desk, _, ids = asking(house, 1)
    desk.change(start_date=(real_time() - timedelta(days=90)).date())
    assert answer(browser(desk.lead), desk, ids, "give").status_code == 409
    assert answer(browser(desk.lead), desk, ids, "decline", reason="It is over.").status_code == 303


def test_who_has_completed_the_course_meanwhile_keeps_that(house: House, browser: Any) -> None:
    desk, (person,), ids = asking(house, 1)
    desk.write(factories.enrol, desk.cohort, person)
    done = table(Enrolment).update().values(state=EnrolmentState.COMPLETED, completed_at=factories.START)
    desk.write(lambda conn: conn.execute(done))
    assert answer(browser(desk.lead), desk, ids, "give").status_code == 303
    assert [one.state for one in desk.rows(Enrolment)] == [EnrolmentState.COMPLETED]
    assert desk.requests_made == [(person, "approval", "accepted")]
    assert "enrolled" not in [kind for kind, _ in desk.letters]


def test_requests_are_paged_with_a_constant_number_of_statements(house: House, browser: Any) -> None:
    desk, _, _ = asking(house, 1)
    lead = browser(desk.lead)
    lead.get(desk.requests)
    with statements(house.db) as one:
        lead.get(desk.requests)
    for person in desk.people(30):
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.ASK)
    with statements(house.db) as many:
        page = lead.get(desk.requests).text
    assert one.number == many.number <= MOST
    assert page.count('name="id"') == 25
    assert lead.get(f"{desk.requests}?page=2").text.count('name="id"') == 6
