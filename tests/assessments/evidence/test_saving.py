"""What the page's script relies on: whose page it is, who is signed in now, and what it is told of a field."""

from datetime import timedelta
from typing import Any

from assessments.grading.models import Outcome
from fourweek.database import Database
from fourweek.edge import House
from tests import factories as make
from tests.assessments.evidence.school import GOOD, NOON, School, attempts, decide, evidence, fields, set_clock, typed
from tests.visits import forms

JSON = {"accept": "application/json"}


def test_who_is_here_is_told_with_the_token_of_their_forms(school: School, browser: Any) -> None:
    alice = browser(school.alice)
    told = alice.get("/signed-in", headers=JSON)
    assert told.json() == {"person": school.alice, "form_token": fields(alice, school)["form_token"]}
    assert told.headers["cache-control"] == "no-store"
    assert browser().get("/signed-in", headers=JSON).json() == {"person": "", "form_token": ""}


def test_nothing_of_one_person_is_saved_for_another(school: School, house: House, db: Database, browser: Any) -> None:
    """Bob signs in beside Alice's page, in her cohort as well: what she typed never becomes his."""
    house.db.write_now(make.enrol, school.cohort, school.bob)
    alice, bob = browser(school.alice), browser(school.bob)
    hers = fields(alice, school, **{"text-report": GOOD})
    assert hers["whose"] == school.alice
    data = hers | {"form_token": fields(bob, school)["form_token"]}
    for address in ("/draft/report", "/draft", "/submit", "/attempts"):
        answer = bob.post(school.at + address, data=data, headers=JSON)
        assert (answer.status_code, answer.json()["title"]) == (409, "Somebody else is signed in here now"), address
    whose = {"x-whose": school.alice}
    assert bob.get(school.at, headers=whose).status_code == 409
    assert (attempts(db), evidence(db)) == ([], [])


def test_a_form_given_back_still_says_whose_it_is(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    data = fields(alice, school, **{"text-report": GOOD})
    alice.sign_in_as(school.bob)
    given_back = alice.post(school.at + "/attempts", data=data)
    again = forms(given_back.text)[school.at + "/attempts"]
    assert (given_back.status_code, again["whose"]) == (422, school.alice)
    assert alice.post(school.at + "/attempts", data=again).status_code == 409
    assert attempts(db) == []


def test_a_refused_field_is_answered_with_words_for_the_script(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    data = fields(alice, school, **{"text-report": GOOD})
    school.hand_in(db, typed(GOOD))
    answer = alice.post(school.at + "/draft/report", data=data, headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/json")
    assert "handed in" in answer.json()["detail"]


def test_page_puts_the_criteria_beside_their_slot_and_the_form_before_the_rubric(school: School, browser: Any) -> None:
    page = browser(school.alice).get(school.at).text
    slot = page[page.index('id="slot-report"') : page.index('id="slot-proof"')]
    for words in ("Judged on", "Criterion 0", "It exceeds."):
        assert words in slot, words
    assert page.index('id="task" open') < page.index('id="evidence"') < page.index('id="rubric"')


def test_instructions_fold_once_work_has_begun_and_every_field_says_when_it_was_saved(
    school: School, db: Database, browser: Any
) -> None:
    alice = browser(school.alice)
    school.save(db, typed(GOOD))
    page = alice.get(school.at).text
    assert 'id="task">' in page
    assert 'id="state-report">Saved 12:00 (UTC)</p>' in page
    set_clock(db, NOON + timedelta(days=1))
    assert 'id="state-report">Saved on Monday 2 November 2026, 12:00 (UTC)</p>' in alice.get(school.at).text


def test_button_says_what_is_missing_and_which_attempt_it_is(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    assert "<span>Hand in: 1 thing is missing</span>" in alice.get(school.at).text
    school.save(db, typed(GOOD))
    page = alice.get(school.at).text
    assert "<span>Hand in</span>" in page
    assert 'aria-describedby="missing-list"' in page

    def come_back(conn: Any) -> None:
        sent = attempts(db)[0].id
        decide(conn, school, sent, Outcome.NOT_YET, make.START)

    school.hand_in(db, typed(GOOD, GOOD))
    db.write_now(come_back)
    school.next_attempt(db)
    assert "<span>Hand in attempt 2</span>" in alice.get(school.at).text
