"""The people of a cohort, for those who run it: list, filters, one person's place, the table to take away."""

from typing import Any

import pytest

from courses.cohorts.models import EnrolmentWay, Section
from courses.enrolment.models import Enrolment, EnrolmentState
from courses.enrolment.rules import Step
from courses.enrolment.service import enrol, withdraw
from fourweek.accounts.models import PasswordHash, Role
from fourweek.accounts.service import add_person
from fourweek.audit.models import AuditRow
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.outbox import OutboxMessage
from fourweek.spreadsheets import decoded, rows_of
from tests import factories
from tests.courses.enrolment.cohorts import Desk, send
from tests.statements import statements

MOST = 9


def enrolment_of(desk: Desk, person_id: str) -> Any:
    (found,) = (one for one in desk.rows(Enrolment) if one.person_id == person_id)
    return found


def test_the_roster_is_for_those_who_run_the_cohort(house: House, browser: Any) -> None:
    desk = Desk(house)
    learner, stranger = desk.person("Lea Learner"), desk.person("Sam Stranger")
    desk.fill(learner)
    place = f"/staff/cohorts/{desk.cohort}/enrolments/{enrolment_of(desk, learner).id}"
    grader = house.db.write_now(factories.with_role, Role.GRADER, "Greta Grader", desk.cohort)
    other = house.db.write_now(factories.with_role, Role.LEAD, "Otto Other", Desk(house).cohort)
    for page in (desk.roster, f"{desk.roster}.csv", desk.requests, place):
        assert browser().get(page).headers["location"].startswith("/sign-in"), page
        answers = [browser(one).get(page).status_code for one in (learner, stranger, other, grader, desk.lead)]
        assert answers == [404, 404, 404, 403, 200], page
    for page in (f"{place}/withdraw", f"{place}/link", desk.requests):
        answers = [send(browser(one), page, reason="x", id="x").status_code for one in (learner, stranger, other)]
        assert answers == [404, 404, 404], page
    assert desk.active == [learner]


def test_the_roster_is_paged_searched_and_filtered(house: House, browser: Any) -> None:
    desk = Desk(house)
    evenings = Section(id=new_id(), cohort_id=desk.cohort, name="Evenings")
    desk.write(add, evenings)
    lead = browser(desk.lead)
    assert "Nobody enrolled yet" in lead.get(desk.roster).text
    people = desk.people(30)
    desk.fill(people[0])
    lead.get(desk.roster)
    with statements(house.db) as one:
        lead.get(desk.roster)
    desk.fill(*people[1:])
    desk.write(withdraw, desk.visitor(people[7]), desk.cohort)
    with statements(house.db) as many:
        page = lead.get(desk.roster).text
    assert one.number == many.number <= MOST
    assert ("P24 Brook" in page, "P25 Brook" in page, "0 of 4" in page) == (True, False, True)
    assert "P29 Brook" in lead.get(f"{desk.roster}?page=2").text
    gone = lead.get(f"{desk.roster}?state=withdrawn").text
    assert ("P07 Brook" in gone, "P08 Brook" in gone, "1 person found." in gone) == (True, False, True)
    found = lead.get(f"{desk.roster}?q=p2+BROOK&state=active").text
    assert "10 people found." in found
    assert "Nobody fits" in lead.get(f"{desk.roster}?section={evenings.id}").text
    assert "30 people found." in lead.get(f"{desk.roster}?section=none").text
    assert lead.get(f"{desk.roster}?state=nonsense&section=nonsense&page=x").status_code == 200


def test_the_table_reads_back_and_holds_no_formula(house: House, browser: Any) -> None:
    desk = Desk(house)
    names = ("Ada Byron", "=cmd|' /C calc'!A0", "Zoë; O'Neil")
    people = [desk.write(factories.person, name) for name in names]
    desk.fill(*people)
    desk.write(withdraw, desk.visitor(people[0]), desk.cohort)
    answer = browser(desk.lead).get(f"{desk.roster}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert "\"'=cmd" in answer.text
    heads, *rows = (cells for _, cells in rows_of(decoded(answer.content)))
    assert heads[:4] == ["name", "email", "section", "state"]
    assert [row[0] for row in rows] == sorted(names)
    assert [row[3] for row in rows] == ["active", "withdrawn", "active"]
    assert [bool(row[6]) for row in rows] == [False, True, False]


def test_staff_withdraw_somebody_with_a_reason(house: House, browser: Any) -> None:
    desk = Desk(house, capacity=1, waitlist=True)
    first, second = desk.people(2)
    desk.fill(first)
    desk.write(enrol, desk.visitor(second), desk.cohort, Step.WAIT)
    row = enrolment_of(desk, first)
    page, lead = f"/staff/cohorts/{desk.cohort}/enrolments/{row.id}", browser(desk.lead)
    assert ("P00 Brook" in lead.get(page).text, "Enrolled" in lead.get(page).text) == (True, True)
    wrong = lead.submit(page, f"{page}/withdraw", reason="  ")
    assert (wrong.status_code, "Give a reason" in wrong.text) == (422, True)
    assert desk.active == [first]
    assert lead.submit(page, f"{page}/withdraw", reason="Moved to <b>another</b> firm.").status_code == 303
    assert desk.active == [second]
    (act,) = (one for one in desk.rows(AuditRow) if one.act == "enrolment.withdraw")
    assert (act.actor_id, act.subject_id, act.reason) == (desk.lead, row.id, "Moved to <b>another</b> firm.")
    (letter,) = (one for one in desk.rows(OutboxMessage) if one.kind == "withdrawn")
    assert (letter.person_id, letter.data["reason"]) == (first, "Moved to <b>another</b> firm.")
    after = lead.get(page).text
    assert ("Withdraw this person" in after, "&lt;b&gt;another" in after, "Lena Lead" in after) == (False, True, True)
    assert send(lead, f"{page}/withdraw", reason="again").status_code == 409
    assert lead.get(f"/staff/cohorts/{desk.cohort}/enrolments/nothing").status_code == 404
    assert send(lead, f"/staff/cohorts/{desk.cohort}/enrolments/nothing/withdraw", reason="x").status_code == 404


def test_a_place_of_another_cohort_is_not_there(house: House, browser: Any) -> None:
    mine, other = Desk(house), Desk(house)
    learner = other.person()
    other.fill(learner)
    row = enrolment_of(other, learner)
    page = f"/staff/cohorts/{mine.cohort}/enrolments/{row.id}"
    lead = browser(mine.lead)
    answers = [lead.get(page), send(lead, f"{page}/withdraw", reason="x"), send(lead, f"{page}/link")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert other.active == [learner]


@pytest.mark.parametrize("hashed", [None, "hash"])
def test_a_new_link_is_for_people_without_a_password(house: House, browser: Any, hashed: str | None) -> None:
    desk = Desk(house)
    person = desk.write(
        add_person, address="x@example.org", legal_name="X", password_hash=hashed, zone="UTC", now=factories.BEFORE
    )
    desk.fill(person)
    page, lead = f"/staff/cohorts/{desk.cohort}/enrolments/{enrolment_of(desk, person).id}", browser(desk.lead)
    letters = len(desk.letters)
    if hashed:
        assert "Send the mail again" not in lead.get(page).text
        assert send(lead, f"{page}/link").status_code == 409
        assert len(desk.letters) == letters
    else:
        assert lead.submit(page, f"{page}/link").status_code == 303
        assert desk.rows(OutboxMessage)[-1].data["needs_password"] is True
        assert "A link to set a password was sent" in lead.get(page).text
        desk.write(add, PasswordHash(person_id=person, hash="hash", changed_at=factories.BEFORE))
        assert send(lead, f"{page}/link").status_code == 409


def test_completed_people_are_not_withdrawn(house: House, browser: Any) -> None:
    desk = Desk(house, way=EnrolmentWay.SELF)
    person = desk.person()
    desk.fill(person)
    row = enrolment_of(desk, person)
    done = table(Enrolment).update().values(state=EnrolmentState.COMPLETED, completed_at=factories.START)
    desk.write(lambda conn: conn.execute(done))
    page, lead = f"/staff/cohorts/{desk.cohort}/enrolments/{row.id}", browser(desk.lead)
    assert ("Completed" in lead.get(page).text, "Withdraw this person" in lead.get(page).text) == (True, False)
    assert send(lead, f"{page}/withdraw", reason="x").status_code == 409
    assert enrolment_of(desk, person).state is EnrolmentState.COMPLETED
