"""Posting, undoing and changing decisions through the pages."""

import re
from typing import Any

from fastapi import FastAPI
from sqlalchemy import Connection

from assessments.grading.models import Decision, Posting
from assessments.terms.models import GradingTerms, Review
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.database import add
from fourweek.edge import House
from tests import factories as make
from tests.assessments.grading.factories import School, rows, waiting
from tests.assessments.grading.pages import filled, page_of
from tests.statements import statements
from tests.visits import forms


def test_lead_posts_a_page_of_decisions(browser: Any, made: School, house: House) -> None:
    def decide_all(conn: Connection) -> list[str]:
        ids = [made.submission, *waiting(conn, made, 29)]
        return [make.decided(conn, made.course, one, made.greta) for one in ids]

    ids, lena = house.db.write_now(decide_all), browser(made.lena)
    with statements(house.db) as count:
        page = lena.get("/grading/posting").text
    assert count.number <= 7
    shown = re.findall(r'name="decision" value="(\w+)"', page)
    assert len(shown) == 25
    assert "Page 1 of 2, 30 decisions" in page
    token = forms(page)["/grading/posting"]["form_token"]
    answer = lena.post("/grading/posting", data={"form_token": token, "decision": shown[:2]})
    assert answer.headers["location"] == "/grading/posting"
    assert "2 decisions posted." in lena.get("/grading/posting").text
    assert {row.decision_id for row in house.db.read_now(rows, Posting)} == set(shown[:2]) < set(ids)
    lena.post("/grading/posting", data={"form_token": token})
    assert "Nothing was posted: choose at least one decision." in lena.get("/grading/posting").text


def test_unposted_decision_shows_to_staff_only(browser: Any, desk: School, house: House) -> None:
    greta, alice, here = browser(desk.greta), browser(desk.alice), page_of(desk)
    greta.submit(here, here, **filled("meets", "not-yet", act="decide", comment="Secret verdict words."))
    assert "Not posted: the learner does not see it yet" in greta.get(here).text
    cohort = f"/cohorts/{desk.cohort}"
    assignment = f"{cohort}/modules/1/assignments/note-1"
    for path in ("/home", cohort, f"{cohort}/modules/1", assignment):
        page = alice.get(path)
        assert page.status_code == 200, path
        assert "Secret verdict words." not in page.text, path
        assert "ot yet demonstrated" not in page.text, path
    greta.submit(here, f"{here}/post")
    assert "Secret verdict words." in alice.get(assignment).text
    assert "ot yet demonstrated" in alice.get(f"{cohort}/modules/1").text


def test_undo_window_shows_on_the_page(app: FastAPI, browser: Any, desk: School, house: House) -> None:
    app.state.house.settings = house.settings.model_copy(update={"undo_seconds": 300})
    greta, here = browser(desk.greta), page_of(desk)
    greta.submit(here, here, **filled("meets", "meets", act="decide-post"))
    page = greta.get(here).text
    assert re.search(r"Posted, counts from \d\d:\d\d", page)
    lena = browser(desk.lena)
    assert f"{here}/undo" in forms(lena.get("/grading/posting").text)
    assert greta.submit(here, f"{here}/undo").headers["location"] == here
    assert house.db.read_now(rows, Posting) == []
    assert greta.submit(here, f"{here}/post").status_code == 303
    assert len(house.db.read_now(rows, Posting)) == 1


def test_lead_changes_a_posted_decision(browser: Any, made: School, house: House) -> None:
    first = house.db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=make.START)
    lena, change = browser(made.lena), f"{page_of(made)}/change"
    form = forms(lena.get(change).text)[change]
    assert (form["decision"], form["level-criterion-0"], form["comment"].lstrip("\n")) == (
        first,
        "meets",
        "Read with care.",
    )
    answer = lena.submit(page_of(made) + "/change", change, **filled("not-yet", comment="Kept."))
    assert answer.status_code == 422
    assert "Give the reason; it is kept with the record." in answer.text
    assert forms(answer.text)[change]["comment"].lstrip("\n") == "Kept."
    answer = lena.submit(change, change, **filled("not-yet", act="change-post", reason="Misread the log."))
    assert answer.headers["location"] == page_of(made)
    page = lena.get(page_of(made)).text
    assert "Misread the log." in page
    assert "What it replaced" in page


def test_registrar_changes_but_does_not_grade(browser: Any, made: School, house: House) -> None:
    rex, here = browser(made.rex), page_of(made)
    assert f"{here}/claim" not in forms(rex.get(here).text)
    first = house.db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=make.START)
    answer = rex.submit(f"{here}/change", f"{here}/change", **filled("not-yet", reason="Appeal upheld.", act="change"))
    assert answer.status_code == 303
    assert [row.reason for row in house.db.read_now(rows, Decision, supersedes_id=first)] == ["Appeal upheld."]


def test_change_that_came_second_is_refused_with_what_was_typed(browser: Any, made: School, house: House) -> None:
    house.db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=make.START)
    lena, change = browser(made.lena), f"{page_of(made)}/change"
    form = forms(lena.get(change).text)[change] | filled("exceeds", comment="Lena's words.", reason="Mine.")
    rex = browser(made.rex)
    assert rex.submit(change, change, **filled("not-yet", reason="First.")).status_code == 303
    answer = lena.post(change, data=form)
    assert answer.status_code == 409
    assert "This decision was changed meanwhile." in answer.text
    assert forms(answer.text)[change]["comment"].lstrip("\n") == "Lena's words."


def test_lead_looks_at_decisions_sends_one_back_and_posts_the_rest(browser: Any, desk: School, house: House) -> None:
    def looked_at(conn: Connection) -> list[str]:
        add(conn, GradingTerms(cohort_id=desk.cohort, review=Review.ALL))
        return [make.decided(conn, desk.course, one, desk.greta) for one in waiting(conn, desk, 27)]

    house.db.write_now(looked_at)
    greta, lena, here = browser(desk.greta), browser(desk.lena), page_of(desk)
    assert "A lead looks at each decision before it is posted." in greta.get(here).text
    greta.submit(here, here, **filled("meets", "not-yet", act="decide-post", comment="See the log."))
    assert "A lead looks at it before it is posted." in greta.get("/grading").text
    assert f"{here}/post" not in forms(greta.get(here).text)
    assert lena.submit(here, f"{here}/send-back", back=" ").status_code == 422
    answer = lena.submit(here, f"{here}/send-back", back="The log says otherwise.")
    assert answer.headers["location"] == "/grading/posting"
    greta.submit(here, f"{here}/claim")
    page = greta.get(here).text
    assert "Sent back by Lena Moor" in page
    assert "The log says otherwise." in page
    assert forms(page)[here]["level-criterion-1"] == "not-yet"
    greta.submit(here, here, **filled("meets", "meets", act="decide-post"))
    assert lena.submit(here, f"{here}/ready", act="post").headers["location"] == here
    assert [row.submission_id for row in _posted(house)] == [desk.submission]
    page = lena.get("/grading/posting").text
    assert "To look at (27)" in page
    shown = re.findall(r'name="decision" value="(\w+)"', page)
    token = forms(page)["/grading/posting"]["form_token"]
    lena.post("/grading/posting", data={"form_token": token, "decision": [*shown[:2], "gone"], "act": "ready"})
    assert "2 decisions found ready. 1 of those chosen is not on your list." in lena.get("/grading/posting").text
    lena.post("/grading/posting", data={"form_token": token, "decision": shown[2:4], "act": "ready-post"})
    assert len(_posted(house)) == 3


def test_lead_posts_all_that_are_ready_as_chosen_and_takes_the_batch_back(
    app: FastAPI, browser: Any, made: School, house: House
) -> None:
    app.state.house.settings = house.settings.model_copy(update={"undo_seconds": 300})

    def decide_all(conn: Connection) -> None:
        for one in waiting(conn, made, 29):
            make.decided(conn, made.course, one, made.greta)
        other = make.cohort(conn, made.course)
        elsewhere = make.submission(conn, made.course, make.enrol(conn, other, make.person(conn, "Olga Ray")))
        make.decided(conn, made.course, elsewhere, made.greta)
        grant(conn, made.lena, Role.LEAD, scope_id=other, now=make.BEFORE)

    house.db.write_now(decide_all)
    lena, here = browser(made.lena), f"/grading/posting?part=ready&cohort={made.cohort}"
    assert "Post all 29 that are ready" in lena.get(here).text
    answer = lena.submit(here, "/grading/posting", act="post-all")
    assert answer.headers["location"] == here
    assert "29 decisions posted." in lena.get(here).text
    with statements(house.db) as count:
        page = lena.get("/grading/posting?part=posted&page=2").text
    assert count.number <= 7
    assert "Take all 29 back" in page
    assert "Page 2 of 2" in page
    batch = forms(page)["/grading/posting/undo"]
    for at in ("soon", "2026-11-22T10:00"):  # an instant without its offset is none
        assert lena.post("/grading/posting/undo", data=batch | {"at": at}).status_code == 400
    assert lena.post("/grading/posting/undo", data=batch).headers["location"] == "/grading/posting"
    assert "29 decisions are not posted" in lena.get("/grading/posting").text
    assert lena.post("/grading/posting/undo", data=batch).status_code == 409
    assert house.db.read_now(rows, Posting) == []


def _posted(house: House) -> list[Any]:
    decisions = {row.decision_id for row in house.db.read_now(rows, Posting)}
    return [row for row in house.db.read_now(rows, Decision) if row.id in decisions]
