"""The rest of the grading screen: two versions brought together, the comment bank, notes, reading, refusals, rules."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update

from assessments.completeness.models import CompletenessCheck
from assessments.completeness.rules import Finding
from assessments.completeness.service import keep_findings
from assessments.evidence.models import Submission
from assessments.grading.claims import break_claim, take
from assessments.grading.forms import Typed
from assessments.grading.models import Claim, Outcome, Rating
from assessments.grading.queries import kept_rating
from assessments.grading.reading import still_reading
from assessments.grading.remarking import merged, save_chosen, with_comment
from assessments.grading.rules import Scoring
from assessments.remarks.bank import keep_comment
from assessments.remarks.models import BankComment, GraderNote
from assessments.rubrics.models import Competency, Rubric
from fourweek.accounts.models import RoleGrant
from fourweek.clock import real_time
from fourweek.database import add, new_id, table
from fourweek.edge import House
from fourweek.errors import NotFound
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, claimed, rows
from tests.assessments.grading.pages import EVIL, HX, filled, page_of, token_of
from tests.visits import Browser, forms


def test_each_answer_is_taken_from_either_side() -> None:
    typed = Scoring({"a": "meets", "b": "meets"}, {"a": "Typed.", "b": "Typed."}, "Typed.")
    kept = Scoring({"a": "exceeds"}, {"a": "Kept."}, "Kept.")
    found = merged(typed, kept, frozenset({"level-a", "comment-b", "comment"}))
    assert found == Scoring({"a": "exceeds", "b": "meets"}, {"a": "Typed.", "b": ""}, "Kept.")
    assert with_comment(typed, "comment-a", "More.").comment_on("a") == "Typed.\nMore."
    assert with_comment(kept, "comment-b", "More.").comment_on("b") == "More."
    assert with_comment(Scoring(), "comment", "More.").comment == "More."


def test_taking_from_a_version_that_is_no_longer_stored_is_refused(conn: Connection) -> None:
    made = claimed(conn)
    save_chosen(conn, made.grader(), made.submission, made.typed("meets", comment="One."), LEASE)
    chosen: Typed = made.typed("exceeds", comment="Two.", over=1, taken=frozenset({"comment"}))
    save_chosen(conn, made.grader(), made.submission, chosen, LEASE)
    kept = kept_rating(conn, made.submission, made.greta)
    assert kept is not None
    assert (kept.scoring.comment, dict(kept.scoring.levels)) == ("One.", {"criterion-0": "exceeds"})
    with pytest.raises(Exception, match="Another page saved this rating"):
        save_chosen(conn, made.grader(), made.submission, chosen, LEASE)


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
def test_two_tabs_come_together_in_one_save(
    greta: Browser, desk: School, house: House, headers: dict[str, str]
) -> None:
    here = page_of(desk)
    second = forms(greta.get(here).text)[here] | filled("exceeds", "meets", comment=f"Second {EVIL}")
    greta.submit(here, here, **filled("meets", comment="First."))
    answer = greta.post(here, data=second, headers=headers)
    assert answer.status_code == 409
    picks = [
        f'name="pick-{name}" value="{side}"' for name in ("level-criterion-0", "comment") for side in ("typed", "saved")
    ]
    assert all(pick in answer.text for pick in picks)
    assert 'name="pick-level-criterion-1"' in answer.text
    assert 'name="pick-comment-criterion-0"' not in answer.text
    assert EVIL not in answer.text
    again = greta.post(here, data=second | {"pick-comment": "saved"}, headers=headers)
    assert 'id="pick-comment-saved" name="pick-comment" value="saved" checked' in again.text
    chosen = second | {"over": "1", "pick-level-criterion-0": "typed", "pick-comment": "saved"}
    assert greta.post(here, data=chosen, headers=headers).status_code in {200, 303}
    kept = house.db.read_now(kept_rating, desk.submission, desk.greta)
    assert kept is not None
    assert dict(kept.scoring.levels) == {"criterion-0": "exceeds", "criterion-1": "meets"}
    assert kept.scoring.comment == "First."


def test_save_by_htmx_brings_the_form_anew_with_its_version(greta: Browser, desk: School) -> None:
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets", comment="Kept.")
    answer = greta.post(here, data=form, headers=HX)
    assert (answer.status_code, forms(answer.text)[here]["version"]) == (200, "1")
    assert "<!doctype html>" not in answer.text


def test_bank_comment_is_put_in_and_kept_without_script(greta: Browser, desk: School, house: House) -> None:
    here, course = page_of(desk), desk.course.course_id
    kept = house.db.write_now(keep_comment, desk.grader(), course, "criterion-0", f"Name your source {EVIL}")
    page = greta.get(here).text
    act = f"insert comment-criterion-0 {kept}"
    assert f'value="{act}"' in page
    assert f'value="insert comment-criterion-1 {kept}"' not in page
    assert EVIL not in page
    sent = filled("meets", comment="On the whole.") | {"comment-criterion-0": "Typed first."}
    answer = greta.submit(here, here, **sent, act=act)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}#field-comment-criterion-0")
    form = forms(greta.get(here).text)[here]
    assert form["comment-criterion-0"].lstrip("\n") == f"Typed first.\nName your source {EVIL}"
    assert form["comment"].lstrip("\n") == "On the whole."
    greta.submit(here, here, act="keep comment")
    assert [(row.text, row.criterion_key) for row in house.db.read_now(rows, BankComment)][1:] == [
        ("On the whole.", "")
    ]
    bad = greta.submit(here, here, act="keep comment-criterion-1")
    assert bad.status_code == 422
    assert 'href="#field-comment-criterion-1"' in bad.text
    for wrong in ("keep comment-" + "x" * 100, "keep comment-criterion-9", "keep"):
        assert greta.submit(here, here, act=wrong, **{"comment-criterion-9": "Foreign."}).status_code in {303, 422}
    assert len(house.db.read_now(rows, BankComment)) == 2
    gone = greta.submit(here, here, act=f"insert comment {new_id()}", comment="Still here.")
    assert gone.status_code == 422
    assert forms(gone.text)[here]["comment"].lstrip("\n") == "Still here."


def test_a_note_goes_with_any_button_and_stays_where_something_is_wrong(
    greta: Browser, browser: Any, desk: School, house: House
) -> None:
    here = page_of(desk)
    answer = greta.submit(here, here, **filled("meets", note=f"Ask for the log {EVIL}", act="decide"))
    assert answer.status_code == 422
    assert house.db.read_now(rows, GraderNote) == []
    assert forms(answer.text)[here]["note"].lstrip("\n") == f"Ask for the log {EVIL}"
    greta.submit(here, here, **filled("meets", "meets", note=f"Ask for the log {EVIL}", act="decide"))
    assert [row.text for row in house.db.read_now(rows, GraderNote)] == [f"Ask for the log {EVIL}"]
    page = greta.get(here).text
    assert "Ask for the log &lt;script&gt;" in page
    assert greta.submit(here, f"{here}/notes", note="And after it.").headers["location"] == here
    assert "And after it." in browser(desk.lena).get(here).text
    assert "Ask for the log" not in browser(desk.gus).get(here).text
    empty = greta.submit(here, f"{here}/notes", note=" ")
    assert (empty.status_code, "Write the note first." in empty.text) == (422, True)


def test_reading_renews_only_ones_own_claim(conn: Connection) -> None:
    made = claimed(conn)
    later = NOW + timedelta(minutes=20)
    found = still_reading(conn, made.grader(at=later), made.submission, LEASE)
    assert (found.yours, found.words) == (True, "Yours until 10:05 (UTC).")
    assert rows(conn, Claim)[0].until == later + LEASE
    assert not still_reading(conn, made.grader(made.gus, later), made.submission, LEASE).yours
    assert rows(conn, Claim)[0].until == later + LEASE
    with pytest.raises(NotFound):
        still_reading(conn, make.visitor(make.person(conn), NOW), made.submission, LEASE)
    break_claim(conn, made.lead(), made.submission, "Greta is ill.")
    lost = still_reading(conn, made.grader(at=later), made.submission, LEASE)
    assert (lost.yours, lost.words) == (False, "Lena Moor took this off your desk at 09:00 (UTC): Greta is ill.")
    assert rows(conn, Claim) == []


def test_heartbeat_answers_json_and_a_broken_claim_says_why_at_the_next_save(
    greta: Browser, browser: Any, desk: School
) -> None:
    here, lena = page_of(desk), browser(desk.lena)
    assert f'data-reading="{here}/reading"' in greta.get(here).text
    asked = {"accept": "application/json", "x-form-token": token_of(greta)}
    told = greta.post(f"{here}/reading", headers=asked)
    assert (told.status_code, told.json()["yours"]) == (200, True)
    form = forms(greta.get(here).text)[here] | filled("meets", comment="Nearly done.")
    lena.submit(here, f"{here}/break", reason="Greta is ill.")
    answer = greta.post(f"{here}/draft", data=form, headers=HX)
    assert answer.status_code == 409
    assert "Lena Moor took this off your desk at" in answer.text
    assert "Greta is ill." in answer.text
    assert greta.post(f"{here}/reading", headers=asked).json()["yours"] is False


@pytest.mark.parametrize("headers", [{}, HX], ids=["page", "fragment"])
@pytest.mark.parametrize("path", ["", "/draft"])
def test_a_grader_removed_from_the_cohort_gets_back_what_was_typed(
    greta: Browser, desk: School, house: House, path: str, headers: dict[str, str]
) -> None:
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets", comment=f"A long thought {EVIL}", note="For you.")
    grant = table(RoleGrant)
    house.db.write_now(lambda conn: conn.execute(delete(grant).where(grant.c.person_id == desk.greta)))
    answer = greta.post(here + path, data=form, headers=headers)
    assert answer.status_code in {403, 404}
    assert EVIL not in answer.text
    if headers:
        assert answer.text.lstrip().startswith('<div class="notice')
        assert answer.headers["hx-retarget"] == "#rating-trouble"
    else:
        assert "A long thought &lt;script&gt;" in answer.text
        assert "For you." in answer.text
    assert house.db.read_now(rows, Rating) == []


def test_refusals_of_attempt_rubric_and_length_keep_what_was_typed(greta: Browser, desk: School, house: House) -> None:
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets", comment="Typed.")
    edited = Rubric(
        id=new_id(),
        course_id=desk.course.course_id,
        assignment_key="note-1",
        major=1,
        minor=1,
        created_at=NOW,
    )
    house.db.write_now(add, edited)
    for wrong in ({"attempt": "2"}, {"rubric": edited.id}, {"submission": "elsewhere"}, {"attempt": "x"}):
        answer = greta.post(here, data=form | wrong)
        assert answer.status_code == 409
        assert "This form belongs to another submission." in answer.text
        assert forms(answer.text)[here]["comment"].lstrip("\n") == "Typed."
    long = greta.post(here, data=form | {"comment-criterion-1": "é" * 50_000})
    assert long.status_code == 422
    assert 'id="field-comment-criterion-1-error"' in long.text
    assert len(forms(long.text)[here]["comment-criterion-1"].lstrip("\n")) == 50_000
    assert house.db.read_now(rows, Rating) == []


def test_what_was_said_before_stands_with_its_criterion_and_short_changes_beside_the_text(
    greta: Browser, made: School, house: House
) -> None:
    def again(conn: Connection) -> str:
        make.decided(conn, made.course, made.submission, made.gus, outcome=Outcome.NOT_YET, posted_at=make.START)
        further = make.submission(conn, made.course, made.enrolment, attempt=2, at=make.START + timedelta(hours=1))
        assert take(conn, made.grader(at=real_time()), further, LEASE)
        return further

    page = greta.get(f"/grading/{house.db.write_now(again)}").text
    assert page.count("<summary>Attempt 1: Not-yet</summary>") == 2
    assert '<p class="said" dir="auto">Seen.</p>' in page
    assert "Since attempt 1: Nothing changed." in page


def test_findings_are_shown_judged_or_sent_back_with(greta: Browser, browser: Any, desk: School, house: House) -> None:
    here, alice = page_of(desk), browser(desk.alice)
    found = [Finding("report", f"Report: 2 words, at least 3 are asked for. {EVIL}")]
    house.db.write_now(keep_findings, desk.submission, found, real_time())
    assert "The rules found something" in greta.get("/grading?part=mine").text
    page = greta.get(here).text
    assert "What the rules found" in page
    assert EVIL not in page
    assert forms(page)[here]["message"].lstrip("\n").startswith("Report: 2 words, at least 3 are asked for.")
    assert alice.get(here).status_code == 404
    assert greta.submit(here, here, **filled("meets", act="complete")).headers["location"] == here
    (row,) = house.db.read_now(rows, CompletenessCheck)
    assert row.checked_by == desk.greta
    assert "The rules found something" not in greta.get("/grading?part=mine").text
    page = greta.get(here).text
    assert "said that it can be judged:" in page
    assert forms(page)[here]["message"].strip() == ""
    assert forms(page)[here]["level-criterion-0"] == "meets"


def test_deciding_says_that_it_could_be_judged_returning_does_not(greta: Browser, desk: School, house: House) -> None:
    here = page_of(desk)
    greta.submit(here, here, act="return", message="The log is missing.")
    assert house.db.read_now(rows, CompletenessCheck) == []

    def another(conn: Connection) -> str:
        further = make.submission(conn, desk.course, desk.enrolment, attempt=2)
        assert take(conn, desk.grader(at=real_time()), further, LEASE)
        return further

    there = f"/grading/{house.db.write_now(another)}"
    assert greta.submit(there, there, **filled("meets", "meets", act="decide")).status_code == 303
    assert [row.checked_by for row in house.db.read_now(rows, CompletenessCheck)] == [desk.greta]


def test_taking_the_next_lets_the_rules_run(greta: Browser, made: School, house: House) -> None:
    greta.submit("/grading", "/grading/next")
    (row,) = house.db.read_now(rows, CompletenessCheck)
    assert (row.submission_id, row.findings, row.checked_by) == (made.submission, [], None)
    assert "The rules found nothing missing." in greta.get(page_of(made)).text


def test_who_judges_blind_sees_no_decision_that_was_sent_back(
    greta: Browser, browser: Any, desk: School, house: House
) -> None:
    def sent_back(conn: Connection) -> None:
        make.decided(conn, desk.course, desk.submission, desk.gus, outcome=Outcome.NOT_YET)
        target = table(Submission)
        waits = update(target).where(target.c.id == desk.submission)
        conn.execute(waits.values(state="submitted", step="second"))

    house.db.write_now(sent_back)
    here = page_of(desk)
    assert "Not yet demonstrated" not in greta.get(here).text
    greta.submit(here, f"{here}/release")
    assert "Not yet demonstrated" not in greta.get(here).text
    assert "Not yet demonstrated" in browser(desk.lena).get(here).text


def test_a_competency_is_called_as_it_is_today(greta: Browser, desk: School, house: House) -> None:
    assert "Competency: Diagnose." in greta.get(page_of(desk)).text
    house.db.write_now(lambda conn: conn.execute(update(table(Competency)).values(title="Diagnose a service")))
    page = greta.get(page_of(desk)).text
    assert "Competency: Diagnose a service." in page
    assert "Competency: Diagnose." not in page


def test_a_note_is_kept_while_it_is_typed_and_written_down_by_a_button(
    greta: Browser, browser: Any, desk: School, house: House
) -> None:
    here = page_of(desk)
    form = forms(greta.get(here).text)[here] | filled("meets") | {"note": "Is this the sam"}
    assert greta.post(f"{here}/draft", data=form, headers=HX).status_code == 200
    assert house.db.read_now(rows, GraderNote) == []
    assert forms(greta.get(here).text)[here]["note"].strip() == "Is this the sam"
    assert "Is this the sam" not in browser(desk.lena).get(here).text
    long = greta.post(f"{here}/draft", data=form | {"version": "1", "note": "x" * 50_000}, headers=HX)
    assert (long.status_code, "Shorten it." in long.text) == (422, True)
    greta.submit(here, here, note="Is this the same log?")
    assert [row.text for row in house.db.read_now(rows, GraderNote)] == ["Is this the same log?"]
    assert forms(greta.get(here).text)[here]["note"].strip() == ""
