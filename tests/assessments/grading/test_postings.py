"""Posting: who may, what goes out, and what nobody sees before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from jinja2 import Environment
from sqlalchemy import Connection

from assessments.coursework import AssessmentsCoursework
from assessments.grading.models import Decision, Outcome, Posting
from assessments.grading.postings import post, post_many, undo
from assessments.grading.queries import posted_decisions
from courses.coursework import WorkState
from fourweek.accounts.models import Role
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.errors import Conflict, Forbidden, NotFound
from fourweek.mail import compose
from fourweek.outbox import Letter, OutboxMessage
from fourweek.pages import Pages
from fourweek.settings import Settings
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, acts, rows, school, waiting

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
    assert posted == 2
    assert {row.decision_id for row in rows(conn, Posting)} == {first, second}
    assert post_many(conn, made.lead(), [first, third], AT_ONCE) == 1
    assert post_many(conn, made.lead(), [], AT_ONCE) == 0
    assert other.cohort != made.cohort


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
    body = message.get_content()
    assert said in body
    assert f"http://testserver/cohorts/{made.cohort}/modules/1/assignments/note-1" in body
