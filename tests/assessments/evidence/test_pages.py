"""The assignment page: who sees it, when, and what it says."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from assessments.grading.models import Outcome
from assessments.terms.models import GradingTerms
from courses.enrolment.models import Enrolment, EnrolmentState
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.database import Database, add, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.evidence.school import DUE, GOOD, School, decide, fields, set_clock
from tests.statements import statements
from tests.visits import forms


def test_page_needs_sign_in(school: School, browser: Any) -> None:
    answer = browser().get(school.at)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")


def test_page_is_not_there_for_strangers_other_cohorts_and_graders(school: School, browser: Any) -> None:
    for person in (school.bob, school.greta):
        answer = browser(person).get(school.at)
        assert answer.status_code == 404
        assert "Secret" not in answer.text


@pytest.mark.parametrize(
    "path", ["/modules/1/assignments/none", "/modules/0/assignments/note-1", "/modules/9/assignments/note-1"]
)
def test_page_unknown_address_is_404(school: School, browser: Any, path: str) -> None:
    assert browser(school.alice).get(f"/cohorts/{school.cohort}{path}").status_code == 404


def test_page_for_staff_of_the_cohort_shows_what_is_asked_without_a_form(
    school: School, house: House, browser: Any
) -> None:
    house.db.write_now(lambda conn: grant(conn, school.greta, Role.GRADER, scope_id=school.cohort, now=make.BEFORE))
    _sent(house, school, Outcome.NOT_YET, posted=True)
    for week in (1, 4):
        page = browser(school.greta).get(f"/cohorts/{school.cohort}/modules/{week}/assignments/note-{week}").text
        assert f"Secret instructions {week}." in page
        for leak in ("/draft", "Hand in", "Read with care."):
            assert leak not in page, leak
    token = {"form_token": forms(browser(school.greta).get("/courses").text)["/sign-out"]["form_token"]}
    assert browser(school.greta).post(school.at + "/draft", data=token).status_code == 404


@pytest.mark.parametrize("path", ["/cohorts/%00/modules/1/assignments/x", "/receipts/%00", "/evidence/%00"])
def test_addresses_no_row_can_have_are_refused(school: School, browser: Any, path: str) -> None:
    assert browser(school.alice).get(path).status_code == 400


def test_page_is_locked_until_the_instant_of_release(school: School, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    week2 = f"/cohorts/{school.cohort}/modules/2/assignments/note-2"
    set_clock(house.db, make.START + timedelta(days=7, seconds=-60))
    for answer in (
        alice.get(week2),
        alice.get(week2, headers={"accept": "application/json"}),
        alice.get(week2, headers={"hx-request": "true"}),
        alice.post(week2 + "/draft", data={"form_token": fields(alice, school)["form_token"], "text-report": "x"}),
        alice.post(week2 + "/submit", data={"form_token": fields(alice, school)["form_token"], "text-report": "x"}),
    ):
        assert answer.status_code == 404
        assert "Secret" not in answer.text
    set_clock(house.db, make.START + timedelta(days=7))
    assert "Secret instructions 2." in alice.get(week2).text


def test_page_shows_task_rubric_dates_and_form_together(school: School, browser: Any) -> None:
    page = browser(school.alice).get(school.at).text
    for words in (
        "Secret instructions 1.",
        "Write it.",
        "Criterion 0",
        "It exceeds.",
        "Demonstrated from this level up",
        "Sunday 8 November 2026, 23:59 (UTC)",
        "Wednesday 11 November 2026, 23:59 (UTC)",
        "Not started",
        "Report: no text yet.",
        "asked for: 3 to 50",
    ):
        assert words in page, words


def test_page_says_when_it_is_closed(school: School, house: House, browser: Any) -> None:
    set_clock(house.db, DUE + timedelta(days=3, minutes=2))
    page = browser(school.alice).get(school.at).text
    assert "The time for handing this in is over." in page
    assert "Hand in" not in page


def test_page_escapes_what_was_typed(school: School, browser: Any) -> None:
    alice = browser(school.alice)
    typed = '</textarea><img src=x onerror="alert(1)"> and more words'
    alice.post(school.at + "/draft", data=fields(alice, school, **{"text-report": typed}))
    page = alice.get(school.at).text
    assert "<img" not in page
    assert "&lt;/textarea&gt;&lt;img" in page


def _sent(house: House, school: School, outcome: Outcome, *, posted: bool) -> None:
    def fill(conn: Any) -> None:
        sent = make.submission(conn, school.made, school.enrolment)
        decide(conn, school, sent, outcome, make.START if posted else None)

    house.db.write_now(fill)


def test_page_keeps_a_decision_to_itself_until_it_is_posted(school: School, house: House, browser: Any) -> None:
    _sent(house, school, Outcome.NOT_YET, posted=False)
    page = browser(school.alice).get(school.at).text
    assert "Waiting for a grader" in page
    for leak in ("Read with care.", "Seen.", "Not yet demonstrated", "This evidence", "Begin the next attempt"):
        assert leak not in page, leak


def test_page_shows_posted_feedback_per_criterion(school: School, house: House, browser: Any) -> None:
    _sent(house, school, Outcome.NOT_YET, posted=True)
    page = browser(school.alice).get(school.at).text
    assert page.count("Seen.") == 2
    for words in (
        "Not yet demonstrated",
        "Read with care.",
        "This evidence",
        "Begin the next attempt",
        "1 used, no limit",
    ):
        assert words in page, words


def test_page_demonstrated_takes_nothing_more(school: School, house: House, browser: Any) -> None:
    _sent(house, school, Outcome.DEMONSTRATED, posted=True)
    page = browser(school.alice).get(school.at).text
    assert "Begin the next attempt" not in page
    assert school.at + "/draft" not in page


def test_page_statements_do_not_grow_with_attempts(school: School, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    alice.get(school.at)

    def count() -> int:
        with statements(house.db) as counted:
            assert alice.get(school.at).status_code == 200
        return counted.number

    _sent(house, school, Outcome.NOT_YET, posted=True)
    few = count()

    def fill(conn: Any) -> None:
        for attempt in range(2, 30):
            sent = make.submission(conn, school.made, school.enrolment, attempt=attempt)
            decide(conn, school, sent, Outcome.NOT_YET, make.START)

    house.db.write_now(fill)
    assert count() == few == 8
    house.db.write_now(lambda conn: add(conn, GradingTerms(cohort_id=school.cohort, anonymous=True)))
    assert count() == few + 1, "the learner's own names, which nothing may say"


def test_page_of_withdrawn_learner_is_404(school: School, house: House, browser: Any) -> None:
    row = table(Enrolment)
    house.db.write_now(
        lambda conn: (
            conn.execute(
                update(row).where(row.c.id == school.enrolment).values(state=EnrolmentState.WITHDRAWN)
            ).rowcount
        )
    )
    assert browser(school.alice).get(school.at).status_code == 404


def test_draft_by_hand_saves_and_comes_back(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    answer = alice.post(school.at + "/draft", data=fields(alice, school, **{"text-report": GOOD}))
    assert (answer.status_code, answer.headers["location"]) == (303, school.at)
    page = alice.get(school.at).text
    assert "The draft is saved." in page
    assert GOOD in page
    assert "Everything that is asked for is there." in page
