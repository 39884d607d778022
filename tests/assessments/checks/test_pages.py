"""The pages of a check: with and without script, in two windows, and never a word of what is right before posting."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from assessments.checks import queries
from assessments.checks.queries import QUESTION
from assessments.grading.models import Outcome, Posting
from fourweek.accounts.models import Role
from fourweek.app import ROUTERS
from fourweek.database import Database, add
from fourweek.edge import House
from tests import factories as make
from tests.assessments.checks.school import KEY, SECRET, Quiz, tries
from tests.assessments.evidence.school import NOON, attempts, decide, fields, set_clock, typed
from tests.statements import statements
from tests.visits import Browser, forms

CHANGING = re.compile(r"(?:course-\d+|[A-Za-z0-9_-]{24,}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{16,}|\d\d:\d\d)")


def sent(browser: Browser, quiz: Quiz, right: int) -> dict[str, Any]:
    """What the form of the open try sends with so many right answers."""
    shown = forms(browser.get(quiz.at).text)[quiz.at + "/finish"]
    made = quiz.answers(browser.house.db, right)
    return {**shown, **{f"answer-{one.place}": list(one.values) for one in made.answers}}


def test_whoever_may_not_see_the_assignment_does_not_find_its_check(quiz: Quiz, db: Database, browser: Any) -> None:
    alice = browser(quiz.school.alice)
    alice.submit(quiz.at, quiz.at + "/tries")
    alice.post(quiz.at + "/finish", data=sent(alice, quiz, 3))
    (row,) = tries(db)
    assert browser().get(quiz.at).status_code == 303
    for person in (quiz.school.bob, quiz.school.greta):
        stranger = browser(person)
        token = forms(stranger.get("/home").text)
        assert token is not None
        for address in (quiz.at, f"{quiz.at}/tries/{row.id}"):
            assert stranger.get(address).status_code == 404
    assert alice.get(f"{quiz.at}/tries/{row.id}").status_code == 200
    assert alice.get(f"{quiz.at}/tries/nothing").status_code == 404
    assert alice.get(quiz.school.at + "/checks/report").status_code == 404
    set_clock(db, make.START - timedelta(hours=1))
    assert alice.get(quiz.at).status_code == 404


def test_without_script_one_begins_saves_and_checks(quiz: Quiz, db: Database, browser: Any) -> None:
    alice = browser(quiz.school.alice)
    page = alice.get(quiz.school.at).text
    assert "Not begun." in page
    assert "Quiz: not passed yet." in page
    assert f'href="{quiz.at}"' in page
    assert alice.submit(quiz.at, quiz.at + "/tries").headers["location"] == quiz.at
    data = sent(alice, quiz, 1)
    some = {name: value for name, value in data.items() if not name.startswith(("answer-2", "answer-3"))}
    assert alice.post(quiz.at + "/answers", data=some).status_code == 303
    first = tries(db)[0]
    assert len(first.answers) == 1
    assert alice.get(quiz.at).text.count(" checked>") + alice.get(quiz.at).text.count('value="12345.675"') >= 1
    refused = alice.post(quiz.at + "/finish", data=sent(alice, quiz, 1) | {"answer-2": []})
    assert refused.status_code == 422
    assert "Question 2: There is no answer yet." in refused.text
    done = alice.post(quiz.at + "/finish", data=sent(alice, quiz, 1))
    assert (done.status_code, done.headers["location"]) == (303, quiz.at)
    page = alice.get(quiz.at).text
    assert "1 of 3 right; 2 are needed. Not passed." in page
    assert "1 of 3 right; 2 are needed. 1 try left." in page
    again = alice.submit(quiz.at, quiz.at + "/tries")
    assert again.status_code == 303
    alice.post(quiz.at + "/finish", data=sent(alice, quiz, 3))
    assert "Passed: 3 of 3 right, try 2." in alice.get(quiz.school.at).text


def test_finishing_twice_is_one(quiz: Quiz, db: Database, browser: Any) -> None:
    alice = browser(quiz.school.alice)
    alice.submit(quiz.at, quiz.at + "/tries")
    data = sent(alice, quiz, 2)
    for _ in range(2):
        assert alice.post(quiz.at + "/finish", data=data).headers["location"] == quiz.at
    (row,) = tries(db)
    assert (row.right, row.passed) == (2, True)


def test_an_answer_saves_itself_and_two_windows_do_not_overwrite_each_other(
    quiz: Quiz, db: Database, browser: Any
) -> None:
    alice = browser(quiz.school.alice)
    alice.submit(quiz.at, quiz.at + "/tries")
    shown, script = forms(alice.get(quiz.at).text)[quiz.at + "/finish"], {"hx-request": "true"}
    base = {name: shown[name] for name in ("form_token", "attempt", "try")}
    saved = alice.post(quiz.at + "/answers", data=base | {"seen-1": "", "answer-1": "1"}, headers=script)
    assert saved.status_code == 200
    assert json.loads(saved.headers["hx-trigger"])["saved"]["value"].startswith("Saved ")
    assert "<html" not in saved.text
    before = tries(db)
    other = alice.post(quiz.at + "/answers", data=base | {"seen-1": "", "answer-1": "2"}, headers=script)
    assert (other.status_code, other.headers["hx-retarget"]) == (409, "#conflict-1")
    assert "Question 1 was answered in another window" in other.text
    assert tries(db) == before
    whole = alice.post(quiz.at + "/answers", data=base | {"seen-1": "", "answer-1": "2"})
    assert whole.status_code == 409
    assert "Another window saved" in whole.text
    known = forms(whole.text)[quiz.at + "/finish"]
    assert known["seen-1"]
    assert alice.post(quiz.at + "/answers", data=known).status_code == 303
    assert tries(db) != before


def test_an_answer_to_nothing_is_not_found(quiz: Quiz, browser: Any) -> None:
    alice = browser(quiz.school.alice)
    alice.submit(quiz.at, quiz.at + "/tries")
    shown, script = forms(alice.get(quiz.at).text)[quiz.at + "/finish"], {"hx-request": "true"}
    base = {name: shown[name] for name in ("form_token", "attempt", "try")}
    for odd in ({}, {"seen-99": ""}, {"seen-1": "", "seen-2": ""}, {"seen-x": ""}, {"seen-٣": ""}):
        assert alice.post(quiz.at + "/answers", data=base | odd, headers=script).status_code == 404
    late = alice.post(quiz.at + "/answers", data=base | {"try": "7", "seen-1": ""}, headers=script)
    assert late.status_code == 409


def test_after_posting_marks_and_feedback_are_shown_and_the_key_once_it_is_demonstrated(
    quiz: Quiz, db: Database, browser: Any
) -> None:
    alice = browser(quiz.school.alice)
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=2)
    quiz.school.hand_in(db, typed())
    (first, second), submission = tries(db), attempts(db)[0].id
    address = f"{quiz.at}/tries/{first.id}"
    assert SECRET not in alice.get(address).text
    assert ">Right<" not in alice.get(address).text
    waits = db.write_now(lambda conn: decide(conn, quiz.school, submission, Outcome.NOT_YET, None))
    assert waits
    assert SECRET not in alice.get(address).text
    posted = NOON - timedelta(hours=3)
    posting = Posting(decision_id=waits, posted_at=posted, posted_by=quiz.school.greta)
    db.write_now(lambda conn: add(conn, posting))
    told = alice.get(address).text
    assert told.count(SECRET) == 3
    assert (told.count("Right<"), told.count("Not right<")) == (1, 2)
    assert "<strong>(right)</strong>" not in told
    assert "right is" not in told
    assert alice.get(f"{quiz.at}/tries/{second.id}").text.count(SECRET) == 3


EVERYWHERE = (
    "/cohorts/{cohort}",
    "/cohorts/{cohort}/modules/1",
    "/cohorts/{cohort}/modules/1/assignments/note-1",
    "/cohorts/{cohort}/modules/1/assignments/note-1/checks/quiz",
    "/cohorts/{cohort}/search?q=reason",
    "/home",
    "/courses",
    "/courses/{course}",
    "/grading",
)


def texts_of(visitor: Browser, quiz: Quiz) -> list[str]:
    """Every page that shows the assignment, whole and as the script asks for it."""
    places = [address.format(cohort=quiz.school.cohort, course=quiz.school.made.code) for address in EVERYWHERE]
    answers = [visitor.get(place, headers=more) for more in ({}, {"hx-request": "true"}) for place in places]
    found = [answer.text + str(sorted(answer.headers)) for answer in answers if answer.status_code == 200]
    assert SECRET not in "".join(found)
    return [CHANGING.sub("…", text) for text in found]


@pytest.mark.parametrize(("who", "pages"), [("learner", 16), ("guest", 4), ("grader", 16)])
def test_no_page_tells_what_is_right(quiz: Quiz, house: House, browser: Any, who: str, pages: int) -> None:
    """The same pages, byte for byte, whichever answers are right: with a try that is begun and one that was checked."""
    grader = house.db.write_now(lambda conn: make.with_role(conn, Role.GRADER, scope_id=quiz.school.cohort))
    quiz.try_it(house.db, right=0)
    quiz.begin(house.db)
    visitor = browser({"learner": quiz.school.alice, "guest": None, "grader": grader}[who])
    visitor.get("/courses")
    before = texts_of(visitor, quiz)
    house.db.write_now(flip)
    assert len(before) == pages
    assert texts_of(visitor, quiz) == before


def test_a_checked_try_tells_no_more_before_posting(quiz: Quiz, db: Database, browser: Any) -> None:
    """A try whose answers are all wrong reads as one whose answers are all right, but for its count."""
    alice = browser(quiz.school.alice)
    quiz.try_it(db, right=0)
    (row,) = tries(db)
    before = alice.get(f"{quiz.at}/tries/{row.id}").text
    db.write_now(flip)
    assert CHANGING.sub("…", alice.get(f"{quiz.at}/tries/{row.id}").text) == CHANGING.sub("…", before)


def flip(conn: Connection) -> None:
    """Make right what was wrong in every question, and the other way round."""
    for one in conn.execute(select(QUESTION)).all():
        options = [option | {"right": not option["right"]} for option in one.options]
        values = {"options": options, "number": "77.25" if one.number else "", "tolerance": "3" if one.number else ""}
        conn.execute(update(QUESTION).where(QUESTION.c.id == one.id).values(values))
    queries._pools._kept.clear()


def test_the_walk_knows_every_route_that_shows_a_check() -> None:
    """Whoever adds a page about checks adds it to EVERYWHERE, or to the tests of who may see what was right."""
    paths = {getattr(route, "path", "") for router in ROUTERS for route in router.routes}
    at = "/cohorts/{cohort_id}/modules/{number}/assignments/{key}/checks/{slot}"
    assert {path for path in paths if "/checks" in path} == {
        at,
        f"{at}/tries",
        f"{at}/tries/{{try_id}}",
        f"{at}/answers",
        f"{at}/finish",
    }


def test_statements_do_not_grow_with_tries_or_questions(db: Database, browser: Any, quiz: Quiz) -> None:
    alice = browser(quiz.school.alice)
    assert _counted(alice, quiz) == [4, 6]
    quiz.try_it(db, right=0)
    quiz.begin(db)
    assert _counted(alice, quiz) == [5, 7]


def _counted(browser: Browser, quiz: Quiz) -> list[int]:
    """The statements of the check's page, and of the assignment's."""
    found = []
    for address in (quiz.at, quiz.school.at):
        browser.get(address)
        with statements(browser.house.db) as count:
            assert browser.get(address).status_code == 200
        found.append(count.number)
    return found


def test_handing_in_names_the_check_on_the_receipt(quiz: Quiz, db: Database, browser: Any) -> None:
    alice = browser(quiz.school.alice)
    quiz.try_it(db, right=3)
    form = fields(alice, quiz.school, **{"text-report": "The service kept its promise.", "integrity": "1"})
    form["seen-report"] = ""
    answer = alice.post(quiz.school.at + "/submit", data=form)
    assert answer.status_code == 303, answer.text
    receipt = alice.get(answer.headers["location"]).text
    assert "Quiz: 3 of 3 right, try 1; passed" in receipt
    assert KEY not in receipt.split("<main")[1].replace(quiz.school.at, "")


def test_progress_says_that_the_check_is_not_passed_yet(quiz: Quiz, db: Database, browser: Any) -> None:
    quiz.try_it(db, right=1, at=make.START)
    alice = browser(quiz.school.alice)
    page = alice.get(f"/cohorts/{quiz.school.cohort}/modules/1").text
    assert "not passed yet" in page.casefold()
    quiz.try_it(db, right=2, at=make.START)
    assert "not passed yet" not in alice.get(f"/cohorts/{quiz.school.cohort}/modules/1").text.casefold()
