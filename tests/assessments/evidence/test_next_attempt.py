"""A further attempt: opens what is not met, starts from what was there, and says what was said."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, update

from assessments.evidence.drafts import LOCKED
from assessments.evidence.forms import CHANGES, NewFile, Typed, note_mark, text_answer
from assessments.evidence.pages import assignment_page
from assessments.evidence.rules import slots_to_close
from assessments.grading.decisions import decide as grade
from assessments.grading.forms import Typed as Rated
from assessments.grading.models import Outcome
from assessments.grading.rules import Scoring
from assessments.grading.screen import screen
from assessments.rubrics.models import Criterion
from courses.coursework import WorkState
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.database import Database, table
from fourweek.edge import House
from tests import factories as make
from tests.assessments.evidence.school import (
    FILE,
    GOOD,
    NOON,
    School,
    attempts,
    build,
    evidence,
    fields,
    typed,
)
from tests.assessments.grading.factories import LEASE
from tests.statements import statements

KEYS = st.sampled_from(["a", "b", "c", "d"])
JUDGED = st.lists(st.tuples(st.frozensets(KEYS, min_size=1), st.booleans()), max_size=6)


@given(judged=JUDGED)
def test_closed_is_what_is_judged_and_met_alone(judged: list[tuple[frozenset[str], bool]]) -> None:
    closed = set(slots_to_close(["a", "b", "c", "d"], judged))
    for key in "abcd":
        verdicts = [met for keys, met in judged if key in keys]
        assert (key in closed) == (bool(verdicts) and all(verdicts))


def _two_slots(conn: Connection) -> School:
    """The first criterion is judged on the report, the second on the proof."""
    school = build(conn, close_days=30)
    second = table(Criterion).c.id == school.made.criteria[0][1]
    conn.execute(update(table(Criterion)).where(second).values(judged_on=["proof"]))
    return school


@pytest.fixture
def school(db: Database) -> School:
    """Alice handed in; the report is met, the proof is not."""
    made = db.write_now(_two_slots)
    made.hand_in(db, typed(files=(FILE,)))
    _decide(db, made, met=(True, False))
    return made


def _decide(db: Database, school: School, met: tuple[bool, bool], outcome: Outcome = Outcome.NOT_YET) -> None:
    """A posted decision on the newest attempt with these verdicts, of criterion 0 and 1."""
    newest, greta = attempts(db)[-1].id, school.greta
    db.write_now(make.decided, school.made, newest, greta, outcome=outcome, posted_at=NOON, met=met)


def _page(db: Database, school: School) -> Any:
    return db.read_now(assignment_page, school.visitor(), school.where)


def test_only_unmet_slots_open_and_all_is_there_again(db: Database, school: School) -> None:
    school.next_attempt(db)
    row = attempts(db)[-1]
    assert (row.attempt, row.closed_slots, row.changes) == (2, ["report"], "")
    report, proof = _page(db, school).form.slots
    assert (report.locked.words, report.locked.item.text, report.feedback) == ("Demonstrated in attempt 1", GOOD, None)
    assert (proof.locked, [file.name for file in proof.files]) == (None, [FILE.name])
    assert proof.feedback.number == 1
    assert [(line.criterion, line.comment) for line in proof.feedback.lines] == [("Criterion 1", "Seen.")]


def test_a_form_cannot_change_what_is_closed(db: Database, school: School) -> None:
    school.next_attempt(db)
    before = [(row.text, row.file_name) for row in evidence(db)]
    change = school.save(db, typed("Other words, quite many.", GOOD, attempt=2))
    assert change.wrong == {"report": LOCKED}
    handed = school.hand_in(db, typed("Other words, quite many.", GOOD, attempt=2))
    assert (handed.receipt, handed.wrong) == ("", {"report": LOCKED})
    assert [(row.text, row.file_name) for row in evidence(db)] == before
    assert school.hand_in(db, Typed(attempt=2, integrity=True)).receipt


def test_closed_files_stay(db: Database) -> None:
    school = db.write_now(_two_slots)
    school.hand_in(db, typed(files=(FILE,)))
    _decide(db, school, met=(False, True))
    school.next_attempt(db)
    mine = next(row for row in evidence(db) if row.file_name and row.submission_id == attempts(db)[-1].id)
    other = NewFile("proof", "other.png", "image/png", 5, "cd" * 32)
    for form in (Typed(attempt=2, files=(other,)), Typed(attempt=2, remove=mine.id)):
        assert school.save(db, form).wrong == {"proof": LOCKED}
    assert [row.file_name for row in evidence(db) if row.file_name] == [FILE.name] * 2


def test_next_after_a_return_opens_what_was_open(db: Database, school: School) -> None:
    school.next_attempt(db)
    school.hand_in(db, Typed(attempt=2, integrity=True))
    _decide(db, school, met=(False, False), outcome=Outcome.RETURNED_INCOMPLETE)
    school.next_attempt(db)
    assert [row.closed_slots for row in attempts(db)] == [[], ["report"], ["report"]]
    report, proof = _page(db, school).form.slots
    assert (report.locked.words, proof.feedback.number) == ("Demonstrated in attempt 1", 1)


def test_return_of_a_first_attempt_opens_everything(db: Database) -> None:
    school = db.write_now(_two_slots)
    school.hand_in(db, typed())
    _decide(db, school, met=(True, True), outcome=Outcome.RETURNED_INCOMPLETE)
    school.next_attempt(db)
    assert attempts(db)[-1].closed_slots == []


def _note(text: str, seen: str = "") -> Typed:
    return Typed(attempt=2, answers=(text_answer(CHANGES, text, note_mark(seen)),), integrity=True)


def test_what_was_changed_saves_itself_and_goes_with_the_attempt(db: Database, school: School) -> None:
    school.next_attempt(db)
    school.save(db, _note("A whole picture."))
    assert attempts(db)[-1].changes == "A whole picture."
    change = school.save(db, _note("From an older window."))
    assert (change.others, attempts(db)[-1].changes) == ({CHANGES: "A whole picture."}, "A whole picture.")
    assert school.hand_in(db, _note("A whole picture, and sharp.", "A whole picture.")).receipt
    row = attempts(db)[-1]
    assert (row.changes, row.state.value) == ("A whole picture, and sharp.", "submitted")
    page = _page(db, school)
    assert page.earlier[0].changes == "A whole picture, and sharp."
    shown = db.read_now(screen, _grader(school), row.id)
    assert (shown.found.changes, shown.found.closed_slots) == ("A whole picture, and sharp.", ("report",))


def test_a_first_attempt_has_no_note(db: Database) -> None:
    school = db.write_now(build)
    school.save(db, typed())
    school.save(db, Typed(attempt=1, answers=(text_answer(CHANGES, "Nothing before."),)))
    assert attempts(db)[0].changes == ""
    assert _page(db, school).form.changes is None


def _grader(school: School) -> Any:
    return make.visitor(school.greta, NOON, (Role.GRADER, school.cohort))


def _rate(db: Database, school: School, levels: dict[str, str]) -> Outcome | None:
    row = attempts(db)[-1]
    comments = {"criterion-1": "Whole now."}
    form = Rated(row.id, row.attempt, row.rubric_id, 0, Scoring(levels, comments, "Read."))

    def act(conn: Connection) -> Outcome | None:
        from assessments.grading.claims import take  # noqa: PLC0415

        assert take(conn, _grader(school), row.id, LEASE)
        return grade(conn, _grader(school), row.id, form, lasts=LEASE, post_after=LEASE * 0).outcome

    return db.write_now(act)


def test_what_was_met_is_carried_into_the_decision(db: Database, school: School) -> None:
    school.next_attempt(db)
    school.hand_in(db, Typed(attempt=2, integrity=True))
    shown = db.read_now(screen, _grader(school), attempts(db)[-1].id)
    assert [one.key for one in shown.criteria] == ["criterion-1"]
    assert [(one.title, one.words) for one in shown.carried] == [("Criterion 0", "Met in attempt 1: Meets")]
    assert _rate(db, school, {"criterion-0": "not-yet", "criterion-1": "exceeds"}) is Outcome.DEMONSTRATED
    page = _page(db, school)
    assert page.state == WorkState.DEMONSTRATED.value.capitalize()
    assert [(line.level, line.met, line.comment) for line in page.earlier[0].lines] == [
        ("Meets", True, "Met in attempt 1."),
        ("Exceeds", True, "Whole now."),
    ]


def test_not_yet_again_keeps_what_was_met(db: Database, school: School) -> None:
    school.next_attempt(db)
    school.hand_in(db, Typed(attempt=2, integrity=True))
    assert _rate(db, school, {"criterion-1": "not-yet"}) is Outcome.NOT_YET
    school.next_attempt(db)
    assert attempts(db)[-1].closed_slots == ["report"]
    report, proof = _page(db, school).form.slots
    assert (report.locked.words, proof.feedback.number) == ("Demonstrated in attempt 1", 2)


def test_pages_show_all_of_it_and_compare_the_texts(app: Any, house: House, db: Database, browser: Any) -> None:
    school = db.write_now(_two_slots)
    school.hand_in(db, typed(files=(FILE,)))
    _decide(db, school, met=(False, True))
    db.write_now(lambda conn: grant(conn, school.greta, Role.GRADER, scope_id=school.cohort, now=NOON))
    alice, greta = browser(school.alice), browser(school.greta)
    school.next_attempt(db)
    page = alice.get(school.at).text
    for words in (
        "Demonstrated in attempt 1",
        "Said about it in attempt 1",
        "Seen.",
        "What I changed",
    ):
        assert words in page, words
    assert 'name="files-proof"' not in page
    better = "The service kept its word."
    school.hand_in(db, typed(better, GOOD, attempt=2))
    newest = attempts(db)[-1].id
    ways = (alice, f"{school.at}/attempts/2/compared"), (greta, f"/grading/{newest}/compared")
    for who, way in ways:
        found = who.get(way).text
        for words in ("Removed: </span>promise.<", "Added: </span>word.<", "1 word removed, 1 word added."):
            assert words in found, words
    assert f"{school.at}/attempts/2/compared" in alice.get(school.at).text
    assert f"/grading/{newest}/compared" in greta.get(f"/grading/{newest}").text
    assert alice.get(f"{school.at}/attempts/1/compared").status_code == 404
    assert greta.get(f"/grading/{attempts(db)[0].id}/compared").status_code == 404
    for person in (school.bob, school.alice):
        assert browser(person).get(ways[1][1]).status_code == 404
    assert browser(school.bob).get(ways[0][1]).status_code == 404


def test_beginning_takes_few_statements(db: Database, school: School) -> None:
    with statements(db) as count:
        school.next_attempt(db)
    assert count.number <= 12


@pytest.mark.parametrize("name", ["text-what_changed"])
def test_note_saves_itself_through_its_address(school: School, app: Any, db: Database, browser: Any, name: str) -> None:
    school.next_attempt(db)
    alice = browser(school.alice)
    form = fields(alice, school, **{name: "A whole picture."})
    answer = alice.post(school.at + "/draft/what_changed", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert attempts(db)[-1].changes == "A whole picture."
