"""The registrar's page about who a learner is and what of their credit waits."""

from typing import Any

from assessments.credit.service import record_due_credit
from assessments.holds.queries import open_holds
from fourweek.accounts.models import Role
from fourweek.edge import House
from tests import factories as make
from tests.assessments.credit.factories import NOW
from tests.assessments.holds.test_service import asked
from tests.statements import statements


def test_a_check_is_recorded_and_credit_goes_on(house: House, browser: Any) -> None:
    who, number, rita = house.db.write_now(asked)
    record_due_credit(house.db, NOW)
    path = f"/record/{number}/identity"
    assert browser().get(path).headers["location"].startswith("/sign-in?next=/")
    for stranger in (who.person_id, house.db.write_now(make.with_role, Role.LEAD)):
        assert browser(stranger).get(path).status_code == 404
    desk = browser(rita.me.id)
    assert "Credit waits" in desk.get(f"/record/{number}").text
    assert "Show whoever keeps the records once who you are" in browser(who.person_id).get("/transcript").text
    with statements(house.db) as count:
        page = desk.get(path).text
    assert ("For an identity check" in page, "None yet." in page, count.number <= 8) == (True, True, True)
    wrong = desk.submit(path, path, method="employer", checked_on="2026-13-40", note="Letter of 3 May")
    assert (wrong.status_code, "Letter of 3 May" in wrong.text, "Give the day" in wrong.text) == (422, True, True)
    right = {"method": "document_by_video", "checked_on": "2026-11-20", "result": "passed"}
    assert desk.submit(path, path, **right).status_code == 303
    assert house.db.read_now(open_holds, who.person_id) == []
    page = desk.get(path).text
    assert ("Document seen by video" in page, "No credit of this learner is held." in page) == (True, True)
    assert "Credit waits no more" in browser(who.person_id).get("/notices").text


def test_credit_is_held_and_released_by_hand(house: House, browser: Any) -> None:
    who, number, rita = house.db.write_now(asked)
    path, desk = f"/record/{number}/identity", browser(rita.me.id)
    wrong = desk.submit(path, f"/record/{number}/holds", enrolment=who.enrolment_id, hold_why="")
    assert (wrong.status_code, "Say in a sentence why" in wrong.text) == (422, True)
    done = desk.submit(path, f"/record/{number}/holds", enrolment=who.enrolment_id, hold_why="A complaint.")
    assert done.status_code == 303
    (row,) = house.db.read_now(open_holds, who.person_id)
    release, name = f"/record/{number}/holds/{row.id}", f"lift_why_{row.id}"
    wrong = desk.submit(path, release, **{name: " "})
    assert (wrong.status_code, "<details open>" in wrong.text) == (422, True)
    assert desk.submit(path, release, **{name: "Settled."}).status_code == 303
    assert house.db.read_now(open_holds, who.person_id) == []
