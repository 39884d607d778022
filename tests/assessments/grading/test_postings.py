"""Posting: who may, what goes out, and what nobody sees before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from jinja2 import Environment
from sqlalchemy import Connection

from assessments.coursework import AssessmentsCoursework
from assessments.grading.decisions import replace
from assessments.grading.forms import Change
from assessments.grading.models import Decision, Outcome, Posting
from assessments.grading.postings import Batch, post, post_many, post_ready, undo, undo_batch
from assessments.grading.queries import posted_decisions
from assessments.grading.rules import Scoring
from assessments.terms.models import GradingTerms, Review
from courses.coursework import WorkState
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import Database, add
from fourweek.errors import Conflict, Forbidden, NotFound
from fourweek.mail import compose
from fourweek.outbox import Letter, OutboxMessage
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, acts, rows, school, waiting
from tests.letters import text_of
from tests.statements import statements

AT_ONCE, UNDO = timedelta(), timedelta(seconds=90)
COURSEWORK = AssessmentsCoursework()


def _decided(conn: Connection, outcome: Outcome = Outcome.DEMONSTRATED) -> tuple[School, str]:
    made = school(conn)
    return made, make.decided(conn, made.course, made.submission, made.greta, outcome=outcome)


def _state(conn: Connection, made: School, at: object = NOW) -> WorkState:
    return COURSEWORK.work(conn, made.course.version_id, made.enrolment, at)[0].state  # type: ignore[arg-type]


def test_only_who_decided_the_lead_and_the_registrar_may_post(conn: Connection) -> None:
    made, _ = _decided(conn)
    for stranger in (make.visitor(made.alice, NOW), make.visitor(made.alice, NOW, (Role.LEAD, ""))):
        with pytest.raises(NotFound):
            post(conn, stranger, made.submission, AT_ONCE)
    with pytest.raises(Forbidden):
        post(conn, made.grader(made.gus), made.submission, AT_ONCE)
    assert rows(conn, Posting) == []
    post(conn, made.grader(), made.submission, AT_ONCE)
    post(conn, made.lead(), made.submission, AT_ONCE)
    post(conn, made.registrar(), made.submission, AT_ONCE)
    assert [row.posted_by for row in rows(conn, Posting)] == [made.greta]
    assert len(rows(conn, OutboxMessage)) == 1


def test_nothing_to_post_before_a_decision(conn: Connection) -> None:
    made = school(conn)
    with pytest.raises(Conflict):
        post(conn, made.lead(), made.submission, AT_ONCE)


def test_undo_window_is_a_posting_in_the_future(conn: Connection) -> None:
    made, decision = _decided(conn, Outcome.NOT_YET)
    assert post(conn, made.lead(), made.submission, UNDO) == NOW + UNDO
    assert _state(conn, made, NOW + UNDO - timedelta(seconds=1)) is WorkState.SUBMITTED
    assert _state(conn, made, NOW + UNDO) is WorkState.NOT_YET
    (letter,) = rows(conn, OutboxMessage)
    assert (letter.key, letter.try_at) == (f"posted:{decision}", NOW + UNDO)


def test_undo_takes_the_posting_and_its_letter_back(conn: Connection) -> None:
    made, _ = _decided(conn)
    post(conn, made.grader(), made.submission, UNDO)
    with pytest.raises(Forbidden):
        undo(conn, made.grader(made.gus), made.submission)
    undo(conn, made.grader(), made.submission)
    assert (rows(conn, Posting), rows(conn, OutboxMessage)) == ([], [])
    assert acts(conn, "decision", "posting") == ["decision.posted", "posting.undone"]
    post(conn, made.lead(), made.submission, AT_ONCE)
    assert len(rows(conn, OutboxMessage)) == 1
    assert _state(conn, made) is WorkState.DEMONSTRATED


def test_what_counts_cannot_be_taken_back(conn: Connection) -> None:
    made, _ = _decided(conn)
    post(conn, made.lead(), made.submission, UNDO)
    with pytest.raises(Conflict):
        undo(conn, made.lead(NOW + UNDO), made.submission)
    assert len(rows(conn, Posting)) == 1


def test_many_posts_what_the_lead_serves_and_passes_over_the_rest(conn: Connection) -> None:
    made, first = _decided(conn)
    second, third = [make.decided(conn, made.course, one, made.greta) for one in waiting(conn, made, 2)]
    other, elsewhere = _decided(conn)
    own = make.enrol(conn, made.cohort, made.lena)
    mine = make.decided(conn, made.course, make.submission(conn, made.course, own), made.greta)
    posted = post_many(conn, made.lead(), [first, second, elsewhere, mine, "unknown"], AT_ONCE)
    assert (posted.done, posted.refused, posted.foreign) == (2, (), 3)
    assert {row.decision_id for row in rows(conn, Posting)} == {first, second}
    again = post_many(conn, made.lead(), [first, third], AT_ONCE)
    assert (again.done, len(again.refused)) == (1, 1)
    assert again.refused[0].startswith("“Note 1”, receipt R-")
    assert again.refused[0].endswith(": it is posted already")
    assert post_many(conn, made.lead(), [], AT_ONCE) == Batch()
    assert other.cohort != made.cohort


def test_an_item_that_cannot_be_posted_holds_nothing_up_and_is_named(conn: Connection) -> None:
    made, first = _decided(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, review=Review.NOT_YET))
    second, third = waiting(conn, made, 2)
    weak = make.decided(conn, made.course, second, made.greta, outcome=Outcome.NOT_YET)
    old = make.decided(conn, made.course, third, made.greta)
    change = Change(old, "Misread the log.", Scoring({"criterion-0": "meets", "criterion-1": "not-yet"}, {}, "No."))
    replace(conn, made.lead(), third, change)
    posted = post_many(conn, made.lead(), [first, weak, old], UNDO)
    assert (posted.done, posted.at, posted.foreign) == (1, NOW + UNDO, 0)
    assert sorted(one.split(": ")[1] for one in posted.refused) == [
        "a lead looks at it first",
        "it was changed meanwhile",
    ]
    assert [row.decision_id for row in rows(conn, Posting)] == [first]
    with pytest.raises(Conflict, match="A lead looks at"):
        post(conn, made.registrar(), second, AT_ONCE)
    assert post_ready(conn, made.lead(), ("", ""), UNDO).done == 1


def test_a_batch_takes_as_many_statements_however_many_it_posts(db: Database) -> None:
    def decide_all(conn: Connection) -> tuple[School, list[str]]:
        made = school(conn)
        ids = [made.submission, *waiting(conn, made, 29)]
        return made, [make.decided(conn, made.course, one, made.greta) for one in ids]

    made, ids = db.write_now(decide_all)
    with statements(db) as few:
        first = db.write_now(post_many, made.lead(), ids[:2], UNDO)
    with statements(db) as many:
        second = db.write_now(post_many, made.lead(NOW + timedelta(seconds=5)), ids[2:], UNDO, first.at)
    assert (first.done, second.done, first.at, second.at) == (2, 28, NOW + UNDO, NOW + UNDO)
    assert many.number == few.number <= 10
    letters = db.read_now(rows, OutboxMessage)
    assert {(row.kind, row.try_at) for row in letters} == {("posted", NOW + UNDO)}
    with statements(db) as undoing:
        assert db.write_now(undo_batch, made.lead(), made.lena, NOW + UNDO) == 30
    assert undoing.number <= 7
    assert (db.read_now(rows, Posting), db.read_now(rows, OutboxMessage)) == ([], [])


def test_a_batch_is_taken_back_by_those_who_lead_and_while_it_can_be(conn: Connection) -> None:
    made, first = _decided(conn)
    other, elsewhere = _decided(conn)
    post_many(conn, made.lead(), [first], UNDO)
    post(conn, other.grader(), other.submission, UNDO)
    assert [len(rows(conn, Posting, posted_by=who)) for who in (made.lena, other.greta)] == [1, 1]
    for visitor in (made.grader(), make.visitor(made.alice, NOW)):
        with pytest.raises(NotFound):
            undo_batch(conn, visitor, made.lena, NOW + UNDO)
    with pytest.raises(Conflict):
        undo_batch(conn, made.lead(), other.greta, NOW + UNDO)
    with pytest.raises(Conflict, match="posted and count"):
        undo_batch(conn, made.lead(NOW + UNDO), made.lena, NOW + UNDO)
    assert undo_batch(conn, made.lead(), made.lena, NOW + UNDO) == 1
    assert [row.decision_id for row in rows(conn, Posting)] == [elsewhere]


def test_a_changed_decision_tells_from_what_to_what(conn: Connection, settings: Settings) -> None:
    made, first = _decided(conn)
    post(conn, made.lead(), made.submission, AT_ONCE)
    change = Change(first, "Misread the log.", Scoring({"criterion-0": "exceeds", "criterion-1": "not-yet"}, {}, "No."))
    replace(conn, made.lead(NOW + UNDO), made.submission, change, post_after=UNDO)
    (letter,) = [row for row in rows(conn, OutboxMessage) if row.kind == "decision_changed"]
    assert letter.data["changes"] == [
        {"criterion": "Criterion 0", "before": "Meets", "now": "Exceeds", "met_before": True, "met_now": True},
        {"criterion": "Criterion 1", "before": "Meets", "now": "Not-yet", "met_before": True, "met_now": False},
    ]
    env: Environment = Pages((), str).env
    sent = compose(Letter(letter.id, real_time(), "alice@example.org", letter.kind, letter.data), settings, env)
    assert sent["Subject"] == "A decision was changed: Note 1"
    body = " ".join(text_of(sent).split())
    assert "It said: Demonstrated. It now says: Not yet demonstrated. Why: Misread the log." in body
    assert "- Criterion 0: before Meets, now Exceeds - Criterion 1: before Meets, now Not-yet" in body


def test_many_is_for_leads(conn: Connection) -> None:
    made, first = _decided(conn)
    for visitor in (made.grader(), make.visitor(made.alice, NOW), made.registrar()):
        with pytest.raises(NotFound):
            post_many(conn, visitor, [first], AT_ONCE)
    assert rows(conn, Posting) == []


def test_twenty_postings_at_once_are_one(db: Database) -> None:
    made, decision = db.write_now(_decided)

    def press(number: int) -> object:
        if number % 2:
            return db.write_now(post, made.lead(), made.submission, AT_ONCE)
        return db.write_now(post_many, made.lead(), [decision], AT_ONCE)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(press, range(20)))
    assert [len(db.read_now(rows, model)) for model in (Decision, Posting, OutboxMessage)] == [1, 1, 1]


def test_posted_decisions_know_only_what_holds(conn: Connection) -> None:
    made, first = _decided(conn)
    other = make.decided(
        conn, made.course, make.submission(conn, made.course, made.enrolment, week=2), made.gus, week=2
    )
    post(conn, made.lead(), made.submission, UNDO)
    assert posted_decisions(conn, [made.enrolment], NOW) == ()
    assert [one.decision_id for one in posted_decisions(conn, [made.enrolment], NOW + UNDO)] == [first]
    assert posted_decisions(conn, [], NOW + UNDO) == ()
    assert other != first


def test_a_change_of_what_is_about_to_count_is_told_as_a_change(conn: Connection) -> None:
    made, first = _decided(conn)
    post(conn, made.lead(), made.submission, UNDO)
    change = Change(first, "Misread the log.", Scoring({"criterion-0": "meets", "criterion-1": "not-yet"}, {}, "No."))
    replace(conn, made.lead(NOW + timedelta(seconds=5)), made.submission, change, post_after=UNDO)
    letters = sorted(rows(conn, OutboxMessage), key=lambda row: row.try_at)
    assert [row.kind for row in letters] == ["posted", "decision_changed"]
    undo(conn, made.lead(NOW + timedelta(seconds=6)), made.submission)
    assert (rows(conn, Posting), rows(conn, OutboxMessage)) == ([], [])


@pytest.mark.parametrize(
    ("outcome", "subject", "said"),
    [
        (Outcome.NOT_YET, "Your evidence was judged: Note 1", "It says: Not yet demonstrated."),
        (Outcome.RETURNED_INCOMPLETE, "Something is missing: Note 1", "no attempt was used"),
    ],
)
def test_letter_says_what_and_where(
    conn: Connection, settings: Settings, outcome: Outcome, subject: str, said: str
) -> None:
    made, _ = _decided(conn, outcome)
    post(conn, made.lead(), made.submission, AT_ONCE)
    (row,) = rows(conn, OutboxMessage)
    env: Environment = Pages((), str).env
    message = compose(Letter(row.id, real_time(), "alice@example.org", row.kind, row.data), settings, env)
    assert message["Subject"] == subject
    body = text_of(message)
    assert said in body
    assert f"http://testserver/cohorts/{made.cohort}/modules/1/assignments/note-1" in body
