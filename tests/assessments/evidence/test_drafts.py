"""Drafts: nothing typed is lost, and two windows never overwrite each other."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from assessments.evidence.drafts import save_draft
from assessments.evidence.errors import HandedIn, NotTaken
from assessments.evidence.forms import Typed, links_answer, mark, piece, text_answer
from assessments.grading.models import Outcome
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.edge import House
from fourweek.errors import NotFound
from tests import factories as make
from tests.assessments.evidence.school import (
    DUE,
    GOOD,
    LATE_END,
    NOON,
    School,
    at_once,
    attempts,
    build,
    decide,
    evidence,
    fields,
    set_clock,
    typed,
)
from tests.visits import forms


def _seen(text: str) -> str:
    return mark([piece(text).sha256])


def test_slot_saves_itself_and_says_when(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school)
    data = {"form_token": form["form_token"], "attempt": "1", "seen-report": "", "text-report": "Two words"}
    answer = alice.post(school.at + "/draft/report", data=data, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert re.search(r'id="state-report">Saved 1\d:\d\d \(UTC\)<', answer.text)
    assert "Hand in: 1 thing is missing" in answer.text
    assert f'name="seen-report" value="{_seen("Two words")}"' in answer.text
    assert "Report: 2 words, at least 3 are asked for." in answer.text
    assert "<html" not in answer.text
    (row,) = evidence(db)
    assert (row.text, row.sha256, row.size) == ("Two words", piece("Two words").sha256, 9)
    assert "Two words</textarea>" in alice.get(school.at).text


def test_slot_of_a_lapsed_session_keeps_the_page(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school)
    alice.cookies.clear()
    answer = alice.post(school.at + "/draft/report", data=form, headers={"hx-request": "true"})
    assert answer.status_code in (401, 403)
    assert "location" not in answer.headers
    assert "hx-redirect" not in answer.headers
    assert attempts(db) == []


def test_slot_unknown_is_404_and_begins_nothing(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    data = fields(alice, school, **{"text-other": "x"})
    assert alice.post(school.at + "/draft/other", data=data).status_code == 404
    assert attempts(db) == []


def test_stranger_cannot_save(school: School, db: Database, browser: Any) -> None:
    bob = browser(school.bob)
    token = forms(bob.get("/courses").text)["/sign-out"]["form_token"]
    for address in ("/draft", "/draft/report", "/submit", "/attempts"):
        data = {"form_token": token, "attempt": "1", "text-report": GOOD}
        assert bob.post(school.at + address, data=data).status_code == 404
    with pytest.raises(NotFound):
        db.write_now(save_draft, make.visitor(school.bob, NOON), school.where, typed("x"))
    assert attempts(db) == []


def test_opening_and_empty_saves_begin_nothing(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    alice.get(school.at)
    assert alice.post(school.at + "/draft", data=fields(alice, school)).status_code == 303
    assert attempts(db) == []


def test_save_writes_no_audit_row(school: School, db: Database) -> None:
    def count() -> int:
        return db.read_now(lambda conn: conn.execute(select(func.count()).select_from(table(AuditRow))).scalar_one())

    before = count()
    school.save(db, typed())
    assert count() == before


def test_two_windows_meet_in_a_conflict_with_both_texts(school: School, db: Database, browser: Any) -> None:
    one, other = browser(school.alice), browser(school.alice)
    first, second = fields(one, school), fields(other, school)
    one.post(school.at + "/draft", data=first | {"text-report": "From the first window."})
    answer = other.post(school.at + "/draft", data=second | {"text-report": "From the <second> window."})
    assert answer.status_code == 409
    assert "From the first window." in answer.text
    assert "From the &lt;second&gt; window.</textarea>" in answer.text
    assert [row.text for row in evidence(db)] == ["From the first window."]
    # The page that came back knows both: sending it again keeps what stands in the field.
    again = other.post(
        school.at + "/draft", data=second | {"text-report": "Kept.", "seen-report": _seen("From the first window.")}
    )
    assert again.status_code == 303
    assert [row.text for row in evidence(db)] == ["Kept."]


def test_conflict_while_typing_offers_both_ways(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school)
    school.save(db, typed("From elsewhere."))
    answer = alice.post(
        school.at + "/draft/report", data=form | {"text-report": "Mine."}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 409
    assert answer.text.lstrip().startswith('<div id="conflict-report">')
    assert "Keep mine" in answer.text
    assert "Take the other" in answer.text
    assert "From elsewhere." in answer.text
    assert _seen("From elsewhere.") in answer.text
    assert [row.text for row in evidence(db)] == ["From elsewhere."]


def test_same_text_from_two_windows_is_no_conflict(school: School, db: Database) -> None:
    assert school.save(db, typed()).clean
    assert school.save(db, typed(seen="something older")).clean


def test_emptying_a_field_is_kept_too(school: School, db: Database) -> None:
    school.save(db, typed())
    assert school.save(db, typed("  \n", GOOD)).clean
    assert evidence(db) == []


def test_fields_of_no_slot_or_of_another_kind_change_nothing(school: School, db: Database) -> None:
    answers = (text_answer("none", "x"), text_answer("proof", "x"), links_answer("report", "https://a.example"))
    assert school.save(db, Typed(answers=answers)).clean
    assert evidence(db) == []


def test_text_beyond_any_measure_is_refused_with_words(school: School, db: Database, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": "word " * 40_000})
    answer = alice.post(school.at + "/draft", data=form)
    assert answer.status_code == 422
    assert "This is longer than 150000 characters and was not saved." in answer.text
    assert "word word" in answer.text
    slot = alice.post(school.at + "/draft/report", data=form, headers={"hx-request": "true"})
    assert slot.status_code == 413
    assert evidence(db) == []


def test_draft_stays_writable_after_the_end_but_none_begins(school: School, db: Database) -> None:
    late = LATE_END + timedelta(minutes=2)
    with pytest.raises(NotTaken):
        school.save(db, typed("Too late to begin."), late)
    school.save(db, typed())
    assert school.save(db, typed("A last word.", GOOD), late).clean


def test_too_late_to_begin_shows_what_was_typed(school: School, house: House, browser: Any) -> None:
    alice = browser(school.alice)
    form = fields(alice, school, **{"text-report": "Typed on the train."})
    set_clock(house.db, LATE_END + timedelta(minutes=2))
    answer = alice.post(school.at + "/draft", data=form)
    assert answer.status_code == 409
    assert "Typed on the train.</textarea>" in answer.text


def test_many_first_saves_at_once_make_one_draft(db: Database) -> None:
    school = db.write_now(build)
    assert all(change.clean for change in at_once(lambda: school.save(db, typed())))
    assert [row.attempt for row in attempts(db)] == [1]
    assert [row.text for row in evidence(db)] == [GOOD]


def _came_back(db: Database, school: School, outcome: Outcome, posted: Any = make.START) -> str:
    def fill(conn: Any) -> str:
        sent = make.submission(conn, school.made, school.enrolment)
        decide(conn, school, sent, outcome, posted)
        return sent

    return db.write_now(fill)


@pytest.mark.parametrize("outcome", [Outcome.NOT_YET, Outcome.RETURNED_INCOMPLETE])
def test_next_attempt_begins_from_the_earlier_one_and_keeps_it(
    school: School, db: Database, browser: Any, outcome: Outcome
) -> None:
    _came_back(db, school, outcome)
    before = evidence(db)
    alice = browser(school.alice)
    answer = alice.submit(school.at, school.at + "/attempts")
    assert (answer.status_code, answer.headers["location"]) == (303, school.at)
    first, second = attempts(db)
    assert (second.attempt, second.state.value, second.rubric_id) == (2, "draft", first.rubric_id)
    assert [row for row in evidence(db) if row.submission_id == first.id] == before
    assert [row.text for row in evidence(db) if row.submission_id == second.id] == [before[0].text]
    page = alice.get(school.at).text
    assert "Your evidence, attempt 2" in page
    assert "Read with care." in page


def test_next_attempt_twice_is_one(school: School, db: Database) -> None:
    _came_back(db, school, Outcome.NOT_YET)
    for _ in range(2):
        school.next_attempt(db)
    assert [row.attempt for row in attempts(db)] == [1, 2]


@pytest.mark.parametrize(
    ("outcome", "posted"),
    [(Outcome.NOT_YET, None), (Outcome.NOT_YET, DUE), (Outcome.DEMONSTRATED, make.START)],
)
def test_no_next_attempt_before_posting_or_after_success(
    school: School, db: Database, outcome: Outcome, posted: Any
) -> None:
    _came_back(db, school, outcome, posted)
    with pytest.raises(NotTaken):
        school.next_attempt(db)
    assert len(attempts(db)) == 1


def test_no_next_attempt_after_closing(db: Database) -> None:
    school = db.write_now(lambda conn: build(conn, close_days=10))
    _came_back(db, school, Outcome.NOT_YET)
    with pytest.raises(NotTaken):
        school.next_attempt(db, DUE + timedelta(days=10, minutes=2))
    school.next_attempt(db, LATE_END + timedelta(days=1))
    assert [row.attempt for row in attempts(db)] == [1, 2]


def test_form_of_an_earlier_attempt_is_told_that_it_is_in(school: School, db: Database) -> None:
    _came_back(db, school, Outcome.NOT_YET)
    school.next_attempt(db)
    with pytest.raises(HandedIn):
        school.save(db, typed("Typed in an old window."))
