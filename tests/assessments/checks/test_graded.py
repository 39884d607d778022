"""Checks on the grader's screen, and what they do to a decision."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.assignments.queries import REQUIREMENT
from assessments.evidence import tasks
from assessments.grading.claims import take
from assessments.grading.decisions import decide, replace
from assessments.grading.forms import Change, Typed
from assessments.grading.models import Outcome
from assessments.grading.queries import current_decision
from assessments.grading.rules import Scoring, barred, decision_problems, judge
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.errors import Invalid
from tests import factories as make
from tests.assessments.checks.school import SECRET, Quiz
from tests.assessments.evidence.school import GOOD, NOON, attempts, typed
from tests.assessments.grading.test_rules import RUBRIC
from tests.statements import statements
from tests.visits import forms

LEASE = timedelta(hours=1)


def graders(db: Database, quiz: Quiz) -> Visitor:
    greta = db.write_now(lambda conn: make.with_role(conn, Role.GRADER, scope_id=quiz.school.cohort))
    return make.visitor(greta, real_time(), (Role.GRADER, quiz.school.cohort))


def form(quiz: Quiz, submission: str, comment: str = "Clear work.") -> Typed:
    rubric = quiz.school.made.rubrics[0]
    return Typed(submission, 1, rubric, 0, Scoring({"criterion-0": "meets", "criterion-1": "meets"}, {}, comment))


def decided(db: Database, quiz: Quiz, comment: str = "Clear work.") -> Outcome | None:
    """The outcome where every level is reached."""
    quiz.school.hand_in(db, typed())
    submission, greta = attempts(db)[0].id, graders(db, quiz)
    assert db.write_now(take, greta, submission, LEASE)
    return db.write_now(decide, greta, submission, form(quiz, submission, comment), lasts=LEASE).outcome


def _optional(conn: Connection, quiz: Quiz) -> None:
    conn.execute(update(REQUIREMENT).where(REQUIREMENT.c.id == quiz.requirement).values(required=False))
    tasks._tasks._kept.clear()


def test_the_rule_is_that_an_unpassed_check_bars_demonstrated_alone() -> None:
    met = Scoring({criterion.key: criterion.levels[-1].key for criterion in RUBRIC}, {}, "Good.")
    assert judge(RUBRIC, met).outcome is Outcome.DEMONSTRATED
    assert judge(RUBRIC, met, ["Quiz"]).outcome is Outcome.NOT_YET
    assert judge(RUBRIC, met, ["Quiz"]).lines == judge(RUBRIC, met).lines
    assert decision_problems(RUBRIC, met, ["Quiz"]) == {}
    silent = Scoring(met.levels)
    assert decision_problems(RUBRIC, silent) == {}
    words = "“Quiz” is not passed, so this is decided “not yet”, whatever the levels."
    assert barred(["Quiz"]) == words
    assert barred(["Quiz", "Test"]) == words.replace("“Quiz” is", "“Quiz” and “Test” are")
    assert decision_problems(RUBRIC, silent, ["Quiz"]) == {
        "comment": f"{words} Say in at least one comment what comes next."
    }


def test_with_the_check_passed_the_levels_decide(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=2)
    assert decided(db, quiz) is Outcome.DEMONSTRATED


def test_without_it_the_decision_is_not_yet_whatever_the_levels(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    assert decided(db, quiz) is Outcome.NOT_YET


def test_without_it_and_without_a_word_nothing_is_decided(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    with pytest.raises(Invalid) as error:
        decided(db, quiz, comment="")
    assert list(error.value.fields) == ["comment"]


def test_a_changed_decision_is_barred_too(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=0)
    quiz.try_it(db, right=0)
    assert decided(db, quiz) is Outcome.NOT_YET
    lena = db.write_now(lambda conn: make.with_role(conn, Role.LEAD, "Lena Moor", quiz.school.cohort))
    lead = make.visitor(lena, real_time(), (Role.LEAD, quiz.school.cohort))
    submission = attempts(db)[0].id
    made = db.read_now(current_decision, submission)
    assert made is not None
    change = Change(made.id, "Read again.", form(quiz, submission).scoring)
    assert db.write_now(replace, lead, submission, change) is Outcome.NOT_YET


def test_the_screen_shows_every_try_with_what_was_right(quiz: Quiz, db: Database, browser: Any) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    quiz.school.hand_in(db, typed())
    submission, greta = attempts(db)[0].id, graders(db, quiz)
    db.write_now(take, greta, submission, LEASE)
    visitor = browser(greta.me.id)
    page = visitor.get(f"/grading/{submission}").text
    assert page.count("1 of 3 right; 2 are needed.") == 2
    assert page.index("Attempt 1, try 2") < page.index("Attempt 1, try 1")
    assert page.count(SECRET) == 6
    assert "(right)" in page
    assert page.count("“Quiz” is not passed, so this is decided “not yet”, whatever the levels.") == 2
    with statements(visitor.house.db) as count:
        assert visitor.get(f"/grading/{submission}").status_code == 200
    assert count.number <= 12


def test_a_lead_opens_a_further_attempt_with_a_check_in_twelve_statements(
    quiz: Quiz, db: Database, browser: Any
) -> None:
    lena = db.write_now(lambda conn: make.with_role(conn, Role.LEAD, "Lena Moor", quiz.school.cohort))
    lead = make.visitor(lena, real_time(), (Role.LEAD, quiz.school.cohort))
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    quiz.school.hand_in(db, typed())
    first, greta, made = attempts(db)[0].id, graders(db, quiz).me.id, quiz.school.made
    db.write_now(lambda conn: make.decided(conn, made, first, greta, outcome=Outcome.NOT_YET, at=NOON, posted_at=NOON))
    later = NOON + timedelta(hours=1)
    quiz.school.next_attempt(db, later)
    quiz.try_it(db, right=2, at=later)
    quiz.school.hand_in(db, typed("It was run again.", GOOD, attempt=2), later)
    further = attempts(db)[1].id
    assert db.write_now(take, lead, further, LEASE)
    visitor = browser(lena)
    here = f"/grading/{further}"
    assert here in forms(visitor.get(here).text)
    with statements(visitor.house.db) as count:
        page = visitor.get(here).text
    assert count.number == 12, count.texts
    assert "Attempt 2, try 1" in page


def test_an_optional_check_that_was_not_tried_bars_nothing(quiz: Quiz, db: Database, browser: Any) -> None:
    db.write_now(_optional, quiz)
    quiz.school.hand_in(db, typed())
    submission, greta = attempts(db)[0].id, graders(db, quiz)
    page = browser(greta.me.id).get(f"/grading/{submission}").text
    assert "It was not tried." in page
    assert "not passed, so" not in page
    db.write_now(take, greta, submission, LEASE)
    given = form(quiz, submission)
    assert db.write_now(decide, greta, submission, given, lasts=LEASE).outcome is Outcome.DEMONSTRATED


def test_the_learner_reads_the_result_with_the_attempt(quiz: Quiz, db: Database, browser: Any) -> None:
    quiz.try_it(db, right=0)
    quiz.try_it(db, right=1)
    quiz.school.hand_in(db, typed(), NOON - timedelta(hours=2, minutes=30))
    page = browser(quiz.school.alice).get(quiz.school.at).text
    assert "1 of 3 right, try 2; not passed, 2 were needed" in page
    assert f'href="{quiz.at}#tries"' in page
    checked = browser(quiz.school.alice).get(quiz.at).text
    assert "The attempt was handed in. If there is a next one, the check can be tried again in it." in checked
    assert quiz.at + '/tries"' not in checked
