"""Second ratings as people meet them: the grader's screen, the lead's two ratings."""

from typing import Any

import pytest

from assessments.grading.models import Decision, Posting, Rating
from assessments.second.models import SecondRating
from fourweek.edge import House
from tests.assessments.grading.factories import School, rows
from tests.assessments.grading.pages import EVIL, filled, page_of, token_of
from tests.visits import forms


def _both(made: School) -> str:
    return f"{page_of(made)}/ratings"


def test_who_may_open_and_send_what(browser: Any, made: School) -> None:
    here, second = _both(made), f"{page_of(made)}/second"
    guest, alice, greta = browser(), browser(made.alice), browser(made.greta)
    assert guest.get(here).headers["location"].startswith("/sign-in?next=")
    for visitor, status in ((alice, 404), (greta, 403)):
        token = {"x-form-token": token_of(visitor)}
        assert visitor.get(here).status_code == status
        for address in (here, second):
            assert visitor.post(address, headers=token).status_code == status, address


def test_two_graders_and_a_lead_from_first_rating_to_posted_decision(browser: Any, drawn: School, house: House) -> None:
    here, both = page_of(drawn), _both(drawn)
    greta, gus, lena, alice = (browser(one) for one in (drawn.greta, drawn.gus, drawn.lena, drawn.alice))
    greta.submit(here, f"{here}/claim")
    greta.submit(here, here, **filled("meets", "meets", act="decide-post", comment="First words."))
    assert "A second grader rates this too" in greta.get("/grading").text
    page = greta.get(here).text
    assert "Your rating is done" in page
    assert "First words." in page
    assert f"{here}/claim" not in page
    assert lena.get(both).status_code == 404
    gus.submit(here, f"{here}/claim")
    assert "Gus" not in greta.get(here).text
    page = gus.get(here).text
    assert "Another grader rated this before you" in page
    assert "First words." not in page
    assert "Greta" not in page
    gus.submit(here, here, **filled("meets", "not-yet", act="decide-post", comment="Second words."))
    assert "The two ratings differ" in gus.get("/grading").text
    assert "A lead who gave neither rating" in gus.get(here).text
    assert both in lena.get(here).text
    page = lena.get(both).text
    for words in ("First words.", "Second words.", "Two levels", "The same level", "different levels on 1 of 2"):
        assert words in page, words
    form = forms(page)[both]
    assert (form["level-criterion-0"], "level-criterion-1" in form) == ("meets", False)
    answer = lena.submit(both, both, **filled("meets", "not-yet", act="decide-post", comment="Settled words."))
    assert (answer.status_code, answer.headers["location"]) == (303, "/grading")
    assert "Settled: not yet demonstrated. Posted." in lena.get("/grading").text
    assert [len(house.db.read_now(rows, model)) for model in (Decision, Posting, Rating)] == [1, 1, 3]
    assert "Greta Grant" in lena.get(both).text
    learners = alice.get(f"/cohorts/{drawn.cohort}/modules/1/assignments/note-1").text
    assert "First words." not in learners
    assert "Second words." not in learners


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(
    browser: Any, made: School, house: House
) -> None:
    lena, here = browser(made.lena), _both(made)
    answer = lena.submit(here, here, act="decide", comment=EVIL, **{"comment-criterion-1": "Kept words."})
    assert answer.status_code == 422
    assert "Choose a level for" in answer.text
    assert "Kept words." in answer.text
    assert EVIL not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert house.db.read_now(rows, Decision) == []


def test_a_page_that_was_settled_meanwhile_keeps_what_was_typed(browser: Any, made: School) -> None:
    lena, here = browser(made.lena), _both(made)
    form = forms(lena.get(here).text)[here]
    one = form | filled("meets", "not-yet", act="decide", comment="The first one.")
    for _ in range(2):
        assert lena.post(here, data=one).status_code == 303
    answer = lena.post(here, data=one | filled("meets", "meets", comment="The late one."))
    assert answer.status_code == 409
    assert "settled meanwhile" in answer.text
    assert "The late one." in answer.text


@pytest.mark.parametrize("who", ["lena", "greta"])
def test_a_lead_asks_for_a_second_rating(browser: Any, drawn: School, house: House, who: str) -> None:
    visitor, here = browser(getattr(drawn, who)), page_of(drawn)
    page = visitor.get(here).text
    assert ("Ask for a second rating" in page) is (who == "lena")
    if who == "greta":
        return
    assert visitor.submit(here, f"{here}/second").status_code == 303
    page = visitor.get(here).text
    assert "A second grader will rate this too" in page
    assert "Ask for a second rating" not in page
    assert len(house.db.read_now(rows, SecondRating)) == 1
