"""What follows from an upheld appeal: credit and badge, once; an attempt begun meanwhile; and two acts at once."""

from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

from sqlalchemy import Connection

from assessments.appeals import closing, giving, opening, rating
from assessments.appeals.giving import give_again
from assessments.appeals.models import Appeal, AppealState
from assessments.appeals.queries import APPEAL
from assessments.badges.awarding import award
from assessments.badges.models import Award
from assessments.credit.models import CreditEntry
from assessments.credit.service import record_due_credit
from assessments.evidence.attempts import begin_next
from assessments.evidence.models import Evidence, Submission, SubmissionState
from assessments.evidence.pages import assignment_page
from assessments.grading.models import Decision, Outcome, Rating
from assessments.retention.queries import these_attempts
from assessments.retention.rules import Keeps
from courses.coursework import WorkState
from fourweek.accounts.models import Role, RoleGrant
from fourweek.clock import Now
from fourweek.database import Database, table
from fourweek.errors import Conflict
from tests import factories as make
from tests.assessments.appeals.factories import AT_ONCE, NOW, POSTED, Appealing, appealing, weighing
from tests.assessments.badges.factories import achievement
from tests.assessments.grading.factories import acts, rows

ROUNDS = 3


def uphold(conn: Connection, case: Appealing) -> None:
    case.closed(conn)


def test_an_upheld_appeal_completes_the_course_with_credit_and_badge_once(db: Database) -> None:
    case = db.write_now(appealing)
    made = case.made

    def others(conn: Connection) -> None:
        achievement(conn, made.course)
        for week in (2, 3, 4):
            work = make.submission(conn, made.course, made.enrolment, week)
            make.decided(conn, made.course, work, made.greta, week, posted_at=POSTED)

    db.write_now(others)
    late = NOW + timedelta(days=60)
    clock = Now(real=late, school=late)
    first = record_due_credit(db, clock)
    assert db.read_now(rows, Award) == []
    db.write_now(uphold, case)
    assert (first, record_due_credit(db, clock), record_due_credit(db, clock)) == (3, 1, 0)
    assert sorted(row.module_number for row in db.read_now(rows, CreditEntry)) == [1, 2, 3, 4]
    for _ in range(2):
        db.write_now(award, made.enrolment, "Test Institute", clock)
    assert len(db.read_now(rows, Award)) == 1


def test_an_attempt_begun_meanwhile_stays_and_is_not_needed_any_more(conn: Connection) -> None:
    case = appealing(conn)
    case.open(conn)
    begin_next(conn, case.alice(), case.where)
    page = assignment_page(conn, case.alice(), case.where)
    assert (page.overtaken, page.form is not None) == ("", True)
    rating.done(conn, case.gus(), case.appeal(conn).id, weighing("meets"))
    typed = weighing("meets", version=1, decision=case.decision, answer="Page 2 shows it.")
    closing.close(conn, case.gus(), case.appeal(conn).id, typed, AT_ONCE)
    page = assignment_page(conn, case.alice(), case.where)
    assert page.state == WorkState.DEMONSTRATED.value.capitalize()
    assert "need not be handed in" in page.overtaken
    assert page.form is not None
    [draft] = rows(conn, Submission, state=SubmissionState.DRAFT)
    assert rows(conn, Evidence, submission_id=draft.id)


def test_evidence_stays_while_an_appeal_about_it_is_open(conn: Connection) -> None:
    case = appealing(conn)
    case.open(conn)
    later = NOW + timedelta(days=4_000)
    [held] = these_attempts(conn, later, 1, [case.made.submission])
    assert held.keeps is Keeps.APPEAL
    opening.take_back(conn, case.alice(), case.where, 1)
    [free] = these_attempts(conn, later, 1, [case.made.submission])
    assert free.keeps is not Keeps.APPEAL


def test_an_appeal_finds_another_grader_when_its_own_is_gone(db: Database) -> None:
    case = db.write_now(appealing)
    made, clock = case.made, Now(real=NOW, school=NOW)
    db.write_now(opened, case)
    assert give_again(db, clock) == 0
    given = []
    for gone in (made.gus, made.lena):
        db.write_now(dismiss, gone)
        assert (give_again(db, clock), give_again(db, clock)) == (1, 0)
        given.append(db.read_now(case.appeal).given_to)
    assert given == [made.lena, None]
    ines = db.write_now(make.with_role, Role.GRADER, "Ines Vale", made.cohort)
    assert (give_again(db, clock), give_again(db, clock)) == (1, 0)
    assert db.read_now(case.appeal).given_to == ines
    assert db.read_now(acts, "appeal") == [
        "appeal.open", "appeal.given", "appeal.given", "appeal.unassigned", "appeal.given",
    ]  # fmt: skip


def dismiss(conn: Connection, person: str) -> None:
    grants = table(RoleGrant)
    conn.execute(grants.delete().where(grants.c.person_id == person))


def at_once(db: Database, *acts: Any) -> list[Any]:
    """What came of acts that begin together: a result or a Conflict each."""
    gate, found = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Any) -> None:
        gate.wait()
        try:
            found[place] = db.write_now(act)
        except Conflict as error:
            found[place] = error  # type: ignore[call-overload]

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_two_presses_at_once_open_one_appeal_and_two_graders_take_it_once(db: Database) -> None:
    for _ in range(ROUNDS):
        case = db.write_now(appealing)
        press = partial(opening.open_appeal, visitor=case.alice(), where=case.where, number=1, typed=case.typed())
        assert at_once(db, press, press) == [None, None]
        [appeal] = [row for row in db.read_now(rows, Appeal) if row.submission_id == case.made.submission]
        db.write_now(free, appeal.id)
        takes = [partial(giving.take, visitor=one, appeal_id=appeal.id) for one in (case.gus(), case.made.lead())]
        assert sorted(type(one).__name__ for one in at_once(db, *takes)) == ["AtRest", "NoneType"]


def test_taking_back_against_being_done_leaves_one_of_the_two(db: Database) -> None:
    for _ in range(ROUNDS):
        case = db.write_now(appealing)
        appeal = db.write_now(opened, case)
        back = partial(opening.take_back, visitor=case.alice(), where=case.where, number=1)
        done = partial(rating.done, visitor=case.gus(), appeal_id=appeal.id, typed=weighing("meets"))
        found = at_once(db, back, done)
        assert sum(one is None for one in found) == 1
        finished = [row for row in db.read_now(rows, Rating, submission_id=case.made.submission) if row.done_at]
        assert bool(finished) == (found[1] is None)


def test_closing_twice_at_once_makes_one_decision(db: Database) -> None:
    case = db.write_now(appealing)
    db.write_now(opened, case, done=True)
    typed = weighing("meets", version=1, decision=case.decision, answer="Page 2 shows it.")
    appeal = db.read_now(case.appeal)
    press = partial(closing.close, visitor=case.gus(), appeal_id=appeal.id, typed=typed, post_after=AT_ONCE)
    assert [one.state for one in at_once(db, press, press)] == [AppealState.UPHELD] * 2
    decided = db.read_now(rows, Decision, submission_id=case.made.submission)
    assert [row.outcome for row in decided] == [Outcome.NOT_YET, Outcome.DEMONSTRATED]


def opened(conn: Connection, case: Appealing, *, done: bool = False) -> Appeal:
    return case.rated(conn) if done else case.open(conn)


def free(conn: Connection, appeal_id: str) -> None:
    """Take an appeal from whoever has it."""
    conn.execute(APPEAL.update().where(APPEAL.c.id == appeal_id).values(given_to=None))
