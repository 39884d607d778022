"""The pages of appeals, over the wire: what they show to whom, and that nothing typed is lost."""

from typing import Any

import pytest
from fastapi import FastAPI

from assessments.appeals import giving, rating
from assessments.appeals.models import Appeal, AppealState
from assessments.grading.models import Decision, Outcome
from assessments.terms.models import GradingTerms
from fourweek.clock import real_time
from fourweek.database import add
from fourweek.edge import House
from tests import factories as make
from tests.assessments.appeals.factories import Appealing, appealing, weighing
from tests.assessments.grading.factories import rows
from tests.statements import statements
from tests.visits import Browser

LONG = 3650


@pytest.fixture
def case(house: House) -> Appealing:
    """By the machine's clock the window of days would be over, so it is long."""
    made = house.db.write_now(appealing)
    house.db.write_now(add, GradingTerms(cohort_id=made.made.cohort, appeal_days=LONG))
    return made


@pytest.fixture
def alice(browser: Any, case: Appealing) -> Browser:
    found: Browser = browser(case.made.alice)
    return found


def appeal_of(house: House, case: Appealing) -> Appeal:
    return house.db.read_now(case.appeal)


def opened(house: House, case: Appealing) -> str:
    return str(house.db.write_now(lambda conn: case.open(conn, at=real_time())).id)


def test_guests_strangers_and_those_who_decided_see_nothing(browser: Any, house: House, case: Appealing) -> None:
    appeal = opened(house, case)
    staff = f"/grading/appeals/{appeal}"
    guest, bob = browser(), browser(house.db.write_now(make.person, "Bob Stone"))
    assert guest.get(case.path).status_code == 303
    assert [bob.get(at).status_code for at in (case.path, staff, "/grading/appeals")] == [404, 404, 404]
    greta = browser(case.made.greta)
    assert [greta.get(at).status_code for at in (case.path, staff)] == [404, 404]
    assert "Note 1" not in greta.get("/grading/appeals?part=free").text
    for address in (case.path.replace("modules/1", "modules/2"), case.path.replace("attempts/1", "attempts/9")):
        assert browser(case.made.alice).get(address).status_code == 404


def test_a_learner_appeals_from_the_assignments_page(alice: Browser, house: House, case: Appealing) -> None:
    before = alice.get(case.where.path).text
    assert f'href="{case.path}"' in before
    assert "Appeal this decision" in before
    form = alice.get(case.path).text
    assert "Not-yet" in form
    assert "Seen." in form
    values = {"appeal-criterion-1": "1", "argument-criterion-1": "<b>It</b> is on page 2."}
    answer = alice.submit(case.path, case.path, **values)
    assert (answer.status_code, answer.headers["location"]) == (303, case.path)
    page = alice.get(case.path).text
    assert "&lt;b&gt;It&lt;/b&gt; is on page 2." in page
    assert "With a grader who had no part in the decision" in page
    assert "Take the appeal back" in page
    assert "You appealed" in alice.get(case.where.path).text
    assert appeal_of(house, case).state is AppealState.OPEN


def test_what_cannot_be_taken_comes_back_as_it_was_typed(alice: Browser, house: House, case: Appealing) -> None:
    text = "I wrote this at night."
    answer = alice.submit(case.path, case.path, **{"argument-criterion-1": text, "appeal-criterion-1": None})
    assert (answer.status_code, text in answer.text) == (422, True)
    values = {"argument-criterion-1": text, "appeal-criterion-1": "1", "decision": "another"}
    answer = alice.submit(case.path, case.path, **values)
    assert (answer.status_code, text in answer.text, "changed meanwhile" in answer.text) == (409, True, True)
    lapsed = alice.post(case.path, data={"argument-criterion-1": text, "form_token": "old"})
    assert (lapsed.status_code, text in lapsed.text) == (422, True)
    opened(house, case)
    values = {"argument-criterion-1": text, "appeal-criterion-1": "1", "decision": case.decision}
    token = alice.get(case.path).text.split('name="form_token" value="')[1].split('"')[0]
    answer = alice.post(case.path, data=values | {"form_token": token})
    assert (answer.status_code, text in answer.text, "open already" in answer.text) == (409, True, True)


def test_a_grader_rates_blind_then_weighs_and_closes(app: FastAPI, browser: Any, house: House, case: Appealing) -> None:
    app.state.house.settings = house.settings.model_copy(update={"undo_seconds": 300})
    at = f"/grading/appeals/{opened(house, case)}"
    gus = browser(case.made.gus)
    assert "1 waits for you" in gus.get("/grading").text
    assert at in gus.get("/grading/appeals").text
    page = gus.get(at).text
    assert "It is on page 2." in page
    assert "The service kept its promise" in page
    assert not any(hidden in page for hidden in ("Read with care.", "Seen.", "Greta", "Criterion 0"))
    assert gus.get(f"/grading/{case.made.submission}").status_code == 409
    levels = {"level-criterion-1": "meets", "comment-criterion-1": "Seen on page 2."}
    draft = gus.submit(at, f"{at}", **levels, act=None)
    assert draft.status_code == 303
    stale = gus.submit(at, at, **levels | {"version": "0", "comment-criterion-1": "From another tab."}, act="done")
    assert (stale.status_code, "From another tab." in stale.text) == (409, True)
    assert gus.submit(at, at, act="done").status_code == 303
    weighing_page = gus.get(at).text
    assert "The first reasoning" in weighing_page
    assert "Read with care." in weighing_page
    missing = gus.submit(at, at, act="close")
    assert (missing.status_code, "Answer the learner" in missing.text) == (422, True)
    assert gus.submit(at, at, act="close", answer="Page 2 shows it.").status_code == 303
    assert len(house.db.read_now(rows, Decision)) == 2
    assert "Upheld" in gus.get(at).text
    learner = browser(case.made.alice)
    assert "Page 2 shows it." not in learner.get(case.path).text


def test_autosave_keeps_a_draft_and_only_that(browser: Any, house: House, case: Appealing) -> None:
    at = f"/grading/appeals/{opened(house, case)}"
    gus = browser(case.made.gus)
    token = gus.get(at).text.split('name="form_token" value="')[1].split('"')[0]
    values = {"form_token": token, "version": "0", "level-criterion-1": "meets", "act": "done"}
    saved = gus.post(f"{at}/draft", data=values, headers={"hx-request": "true"})
    assert (saved.status_code, 'value="1"' in saved.text) == (200, True)
    assert appeal_of(house, case).state is AppealState.OPEN
    clash = gus.post(f"{at}/draft", data=values | {"level-criterion-1": "exceeds"}, headers={"hx-request": "true"})
    assert (clash.status_code, "Where the two differ" in clash.text) == (409, True)
    wrong = gus.post(f"{at}/draft", data=values | {"level-criterion-1": "superb", "over": "1"})
    assert wrong.status_code == 422


def test_both_sides_write_and_a_lead_gives_it_to_somebody_else(browser: Any, house: House, case: Appealing) -> None:
    at = f"/grading/appeals/{opened(house, case)}"
    alice, gus, lena = browser(case.made.alice), browser(case.made.gus), browser(case.made.lena)
    assert alice.submit(case.path, f"{case.path}/messages", message="<i>Hello</i>").status_code == 303
    assert alice.submit(case.path, f"{case.path}/messages", message=" ").status_code == 422
    assert "&lt;i&gt;Hello&lt;/i&gt;" in gus.get(at).text
    long = "x" * 50_000
    answer = gus.submit(at, f"{at}/messages", message=long)
    assert (answer.status_code, long in answer.text) == (422, True)
    assert gus.submit(at, f"{at}/messages", message="Thank you.").status_code == 303
    assert "Thank you." in alice.get(case.path).text
    page = lena.get(at).text
    assert "Give it to somebody else" in page
    assert lena.submit(at, f"{at}/give", grader="nobody").status_code == 422
    assert lena.submit(at, f"{at}/give", grader=case.made.lena).status_code == 303
    assert "You judge it." in lena.get(at).text
    assert gus.get(at).status_code == 404
    assert "1 open" in lena.get("/grading").text
    assert alice.submit(case.path, f"{case.path}/take-back").status_code == 303
    assert "Taken back by you" in alice.get(case.path).text


def test_statements_do_not_grow_with_what_is_listed(browser: Any, house: House, case: Appealing) -> None:
    opened(house, case)
    gus = browser(case.made.gus)
    listed, made = "/grading/appeals", case.made
    desk = f"{listed}/{appeal_of(house, case).id}"
    for address in (listed, desk):
        gus.get(address)
    with statements(house.db) as few:
        gus.get(listed)
    with statements(house.db) as on_desk:
        gus.get(desk)

    def more(conn: Any) -> None:
        for number in range(3):
            person = make.person(conn, f"Learner{number} Doe")
            work = make.submission(conn, made.course, make.enrol(conn, made.cohort, person))
            add(conn, Appeal(id=f"{number:026}", decision_id=_decided(conn, made, work), submission_id=work,
                             opened_by=person, opened_at=make.START, given_to=made.gus))  # fmt: skip

    house.db.write_now(more)
    with statements(house.db) as many:
        page = gus.get(listed)
    assert page.text.count("To be rated") == 4
    assert few.number == many.number <= 4
    assert on_desk.number <= 12


def _decided(conn: Any, made: Any, work: str) -> str:
    outcome = Outcome.NOT_YET
    return make.decided(conn, made.course, work, made.greta, outcome=outcome, posted_at=make.START)


def test_leads_see_what_came_of_it_and_no_rating_before(browser: Any, house: House, case: Appealing) -> None:
    at = f"/grading/appeals/{opened(house, case)}"
    house.db.write_now(rating.done, case.gus(real_time()), at.rpartition("/")[2], weighing("meets"))
    lead = browser(case.made.lena)
    page = lead.get(at).text
    assert "Gus Hill judges it." in page
    assert "Seen on page 2." not in page
    assert lead.get(f"{at}/nothing").status_code in (404, 405)


def test_what_was_typed_comes_back_to_whoever_lost_the_appeal(browser: Any, house: House, case: Appealing) -> None:
    at = f"/grading/appeals/{opened(house, case)}"
    gus, alice = browser(case.made.gus), browser(case.made.alice)
    token = gus.get(at).text.split('name="form_token" value="')[1].split('"')[0]
    hers = alice.get(case.path).text.split('name="form_token" value="')[1].split('"')[0]
    lead = case.made.lead(real_time())
    house.db.write_now(giving.give, lead, at.rpartition("/")[2], case.made.lena)
    typed = {"form_token": token, "version": "0", "comment-criterion-1": "Seen on page 2.", "act": "done"}
    lost = gus.post(at, data=typed)
    assert (lost.status_code, "Seen on page 2." in lost.text) == (404, True)
    assert gus.post(f"{at}/draft", data=typed, headers={"hx-request": "true"}).status_code == 404
    said = gus.post(f"{at}/messages", data={"form_token": token, "message": "A long thought."})
    assert (said.status_code, "A long thought." in said.text) == (404, True)
    assert alice.submit(case.path, f"{case.path}/take-back").status_code == 303
    values = {"form_token": hers, "appeal": at.rpartition("/")[2], "message": "One more thing."}
    over = alice.post(f"{case.path}/messages", data=values)
    assert (over.status_code, "One more thing." in over.text, "is over" in over.text) == (409, True, True)
    huge = case.path.replace("attempts/1", f"attempts/{10**30}")
    assert alice.get(huge).status_code == 404
