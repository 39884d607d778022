"""The ways into a cohort, through the pages of those who want a place."""

from datetime import timedelta
from typing import Any

import pytest

from courses.cohorts.models import EnrolmentWay
from courses.enrolment.giving import Cause, ask, give_free_places
from courses.enrolment.models import Enrolment, EnrolmentState, PlaceRequest, RequestKind
from courses.enrolment.roster.service import give_places
from courses.enrolment.rules import Step
from courses.enrolment.service import Outcome, enrol, take_back, withdraw
from courses.schedule.terms import Pacing
from fourweek.accounts.models import Role, RoleGrant
from fourweek.clock import Now, real_time
from fourweek.database import table
from fourweek.edge import House
from fourweek.errors import NotFound
from fourweek.mail import sender
from fourweek.outbox import OutboxMessage, deliver
from fourweek.pages import Pages
from tests import factories
from tests.courses.enrolment.cohorts import Desk, send
from tests.statements import statements
from tests.visits import forms

DAY = timedelta(days=1)
MOST = 7


def invite(desk: Desk, person_id: str) -> None:
    cause = Cause("staff", desk.lead, Now(real_time(), real_time()))
    desk.write(ask, desk.cohort, person_id, RequestKind.INVITATION, cause)


def test_join_page_is_for_people_who_are_signed_in(house: House, browser: Any) -> None:
    desk = Desk(house)
    assert browser().get(desk.join).headers["location"] == f"/sign-in?next={desk.join}"
    alice = browser(desk.person())
    assert alice.get("/cohorts/nothing/enrol").status_code == 404
    assert send(alice, "/cohorts/nothing/enrol/take-back").status_code == 404
    assert send(alice, f"{desk.join}/take-back").status_code == 404


def test_join_page_says_the_dates_before_anybody_enrols(house: House, browser: Any) -> None:
    desk = Desk(house, start=(real_time() - 8 * DAY).date(), release_weekday=None, zone="Europe/Berlin")
    alice = browser(desk.person())
    page = alice.get(desk.join).text
    assert "you join in week 2 of 4" in page
    assert page.count("Counted from the day of joining") == 2
    assert ("Week 4 in public" in page, "Secret lesson" in page) == (True, False)
    assert desk.active == []
    alice.submit(desk.join, desk.join)
    assert "You have a place" in alice.get(desk.join).text


def test_at_ones_own_pace_the_weeks_begin_today(house: House, browser: Any) -> None:
    desk = Desk(house, start=(real_time() - 400 * DAY).date(), release_weekday=None, pacing=Pacing.ENROLMENT)
    alice = browser(desk.person())
    assert "counted from the day you get your place" in alice.get(desk.join).text
    assert alice.submit(desk.join, desk.join).headers["location"] == f"/cohorts/{desk.cohort}"


def test_outside_of_its_days_enrolment_says_since_or_until_when(house: House, browser: Any) -> None:
    today = real_time().date()
    desk = Desk(house, enrol_from=today + 3 * DAY, enrol_until=today + 4 * DAY)
    alice = browser(desk.person())
    assert "Enrolment opens on" in alice.get(f"/courses/{desk.made.code}").text
    assert "Enrolment opens on" in alice.get(desk.join).text
    assert send(alice, desk.join).status_code == 409
    desk.change(enrol_from=today - 4 * DAY, enrol_until=today - 3 * DAY)
    assert "Enrolment ended on" in alice.get(f"/courses/{desk.made.code}").text
    assert send(alice, desk.join).status_code == 409
    desk.change(enrol_until=today)
    assert alice.submit(desk.join, desk.join).status_code == 303
    assert len(desk.active) == 1


def test_by_approval_one_asks_and_may_take_it_back(house: House, browser: Any) -> None:
    desk = Desk(house, way=EnrolmentWay.APPROVAL)
    person = desk.person()
    alice = browser(person)
    assert "Ask for a place" in alice.get(f"/courses/{desk.made.code}").text
    assert alice.submit(desk.join, desk.join, message="x" * 1001).status_code == 422
    assert desk.requests_made == []
    for _ in range(2):
        answer = send(alice, desk.join, step="ask", message="I run <b>pumps</b>.")
        assert (answer.status_code, answer.headers["location"]) == (303, desk.join)
    assert desk.active == []
    assert desk.requests_made == [(person, "approval", "open")]
    assert desk.letters == [("place_asked", desk.lead)]
    assert "You have asked for a place" in alice.get(f"/courses/{desk.made.code}").text
    assert alice.submit(desk.join, f"{desk.join}/take-back").status_code == 303
    assert desk.requests_made == [(person, "approval", "taken_back")]
    assert desk.acts == ["place_request.make", "place_request.take_back"]
    assert send(alice, desk.join, step="ask").status_code == 303
    assert len(desk.requests_made) == 2


def test_enrol_does_not_ask_unawares(house: House, browser: Any) -> None:
    """Whoever pressed "Enrol" before the cohort changed is shown what is left, and nothing is kept."""
    desk = Desk(house, way=EnrolmentWay.APPROVAL)
    alice = browser(desk.person())
    answer = send(alice, desk.join, step="enrol")
    assert (answer.status_code, "This cohort is by approval now." in answer.text) == (409, True)
    assert desk.requests_made == []


def test_a_full_cohort_takes_people_into_its_line(house: House, browser: Any) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    first, second, third = desk.people(3)
    desk.fill(first)
    answer = send(browser(second), desk.join)
    assert (answer.status_code, "You can join the waiting list." in answer.text) == (409, True)
    assert desk.requests_made == []
    for person in (second, third):
        page = browser(person).get(f"/courses/{desk.made.code}").text
        assert "Join the waiting list" in page
        assert browser(person).submit(desk.join, desk.join).headers["location"] == desk.join
    assert "You are number 2 of 2 in line." in browser(third).get(desk.join).text
    assert desk.letters[1:] == [("waiting", second), ("waiting", third)]
    assert [m.data["position"] for m in desk.rows(OutboxMessage)[1:]] == [1, 2]
    assert browser(second).submit(desk.join, f"{desk.join}/take-back").status_code == 303
    assert "You are number 1 of 1 in line." in browser(third).get(desk.join).text


def test_a_free_place_goes_to_the_first_in_line_at_once(house: House, browser: Any, tmp_path: Any) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    first, second, third = desk.people(3)
    desk.fill(first)
    for person in (second, third):
        send(browser(person), desk.join, step="wait")
    leaving = f"/cohorts/{desk.cohort}/withdraw"
    assert browser(first).submit(leaving, leaving).status_code == 303
    assert desk.active == [second]
    assert desk.requests_made == [(second, "waitlist", "accepted"), (third, "waitlist", "open")]
    assert desk.letters[-1] == ("enrolled", second)
    assert browser(second).get(f"/cohorts/{desk.cohort}").status_code == 200
    assert send(browser(first), desk.join).status_code == 409
    send_mail = sender(house.settings, Pages((), str))
    assert deliver(house.db, send_mail, real_time()) == len(desk.letters)
    subjects = " ".join(path.read_text("utf-8") for path in house.settings.mail.glob("*.eml"))
    assert "Subject: A place is yours: Running a Reliable Service" in subjects


def test_more_places_go_to_the_line_as_the_rules_are_kept(house: House, browser: Any) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    people = desk.people(6)
    desk.fill(people[0])
    for person in people[1:]:
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    lead, rules = browser(desk.lead), f"/staff/cohorts/{desk.cohort}/rules"

    def keep(**changed: str) -> str:
        seen = forms(lead.submit(rules, rules, act="preview", release_weekday="0", **changed).text)[rules]
        saved = lead.post(rules, data=seen | {"act": "save", "release_weekday": "0"})
        return str(lead.get(saved.headers["location"]).text)

    assert "The rules are kept. 3 people in line got a place." in keep(capacity="4")
    assert desk.active == people[:4]
    assert [person for kind, person in desk.letters if kind == "enrolled"] == people[:4]
    assert "got a place" not in keep(name="Another name")
    assert "got a place" not in keep(capacity="5", enrol_until=f"{(real_time() - 2 * DAY).date()}")
    assert desk.active == people[:4]


def test_more_places_are_given_by_the_worker(house: House) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    people = desk.people(5)
    desk.fill(people[0])
    for person in people[1:]:
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    now = Now(real_time(), real_time())
    assert give_free_places(house.db, now) == 0
    desk.change(capacity=3)
    assert desk.write(enrol, desk.visitor(desk.person()), desk.cohort, Step.WAIT) is Outcome.WAITING
    assert [give_free_places(house.db, now) for _ in range(2)] == [2, 0]
    assert desk.active == people[:3]
    desk.change(capacity=None, enrol_until=(real_time() - 2 * DAY).date())
    assert give_free_places(house.db, now) == 0
    desk.change(enrol_until=None)
    assert give_free_places(house.db, now) == 3


def test_by_invitation_nobody_asks_and_the_invited_answer(house: House, browser: Any) -> None:
    desk = Desk(house, way=EnrolmentWay.INVITATION)
    invited, other, third = desk.people(3)
    for person in (invited, third):
        invite(desk, person)
    assert "By invitation only." in browser(other).get(f"/courses/{desk.made.code}").text
    assert send(browser(other), desk.join).status_code == 409
    page = browser(invited).get(desk.join).text
    assert ("You are invited" in page, "Accept and enrol" in page, "Decline" in page) == (True, True, True)
    assert "You are invited" in browser(invited).get(f"/courses/{desk.made.code}").text
    assert browser(invited).submit(desk.join, desk.join).headers["location"] == f"/cohorts/{desk.cohort}"
    assert browser(third).submit(desk.join, f"{desk.join}/take-back").status_code == 303
    assert desk.active == [invited]
    assert desk.requests_made == [(invited, "invitation", "accepted"), (third, "invitation", "declined")]
    assert send(browser(third), desk.join, step="accept").status_code == 409


@pytest.mark.parametrize("waitlist", [False, True])
def test_an_invitation_to_a_full_cohort_holds_no_place(house: House, browser: Any, waitlist: bool) -> None:  # noqa: FBT001
    desk = Desk(house, way=EnrolmentWay.INVITATION, capacity=1, waitlist=waitlist)
    first, second = desk.people(2)
    for person in (first, second):
        invite(desk, person)
    assert send(browser(first), desk.join, step="accept").status_code == 303
    late = send(browser(second), desk.join, step="accept")
    assert late.status_code == 409
    assert desk.active == [first]
    if waitlist:
        assert browser(second).submit(desk.join, desk.join).status_code == 303
        assert desk.requests_made[1:] == [(second, "invitation", "accepted"), (second, "waitlist", "open")]
        desk.write(withdraw, desk.visitor(first), desk.cohort)
        assert desk.active == [second]
    else:
        assert "All places are taken." in late.text
        assert desk.requests_made[1:] == [(second, "invitation", "open")]


def test_who_comes_back_goes_the_same_way(house: House, browser: Any) -> None:
    desk = Desk(house)
    person = desk.person()
    desk.fill(person)
    desk.write(withdraw, desk.visitor(person), desk.cohort)
    desk.change(way=EnrolmentWay.APPROVAL)
    page = browser(person).get(desk.join).text
    assert ("You had a place before." in page, "Ask for a place" in page) == (True, True)
    assert send(browser(person), desk.join, step="ask").status_code == 303
    assert desk.active == []
    (request,) = desk.rows(PlaceRequest)
    desk.write(give_places, desk.staff, desk.cohort, [request.id])
    (enrolment,) = desk.rows(Enrolment)
    assert (enrolment.state, enrolment.withdrawn_at) == (EnrolmentState.ACTIVE, None)


def test_taking_back_is_for_ones_own_request(house: House) -> None:
    desk = Desk(house, way=EnrolmentWay.APPROVAL)
    alice, bob = desk.people(2)
    desk.write(enrol, desk.visitor(alice), desk.cohort, Step.ASK)
    with pytest.raises(NotFound):
        desk.write(take_back, desk.visitor(bob), desk.cohort)
    assert desk.requests_made == [(alice, "approval", "open")]


def test_requests_reach_the_one_who_made_the_cohort_where_nobody_leads_it(house: House) -> None:
    author = house.db.write_now(factories.with_role, Role.AUTHOR, "Aud Author")
    desk, grants = Desk(house, way=EnrolmentWay.APPROVAL, created_by=author), table(RoleGrant)
    house.db.write_now(lambda conn: conn.execute(grants.delete().where(grants.c.person_id == desk.lead)))
    desk.write(enrol, desk.visitor(desk.person()), desk.cohort, Step.ASK)
    assert desk.letters == [("place_asked", author)]
    house.db.write_now(lambda conn: conn.execute(grants.delete()))  # who serves it no more is told nothing more
    desk.write(enrol, desk.visitor(desk.person()), desk.cohort, Step.ASK)
    assert desk.letters == [("place_asked", author)]


def test_join_page_costs_the_same_however_long_the_line(house: House, browser: Any) -> None:
    desk = Desk(house, capacity=0, waitlist=True)
    alice = browser(desk.person())
    send(alice, desk.join, step="wait")
    alice.get(desk.join)
    with statements(house.db) as one:
        assert "You are number 1 of 1 in line." in alice.get(desk.join).text
    for person in desk.people(30):
        desk.write(enrol, desk.visitor(person), desk.cohort, Step.WAIT)
    with statements(house.db) as many:
        assert "You are number 1 of 31 in line." in alice.get(desk.join).text
    assert one.number == many.number <= MOST
