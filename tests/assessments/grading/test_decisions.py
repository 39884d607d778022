"""Deciding, returning as incomplete, and putting a new decision in the place of another."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update
from sqlalchemy.exc import DBAPIError

from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Submission, SubmissionState
from assessments.grading.decisions import decide, give_back, replace
from assessments.grading.errors import Clashed
from assessments.grading.forms import Change
from assessments.grading.models import Claim, Decision, DecisionLine, Outcome, Posting, Rating, RatingState
from assessments.grading.queries import posted_decisions
from courses.coursework import WorkState
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, table
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.language.stored import say
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, claimed, rows, school

AT_ONCE = timedelta()
COURSEWORK = AssessmentsCoursework()


def _decide(conn: Connection, made: School, /, *levels: str, **more: Any) -> Outcome | None:
    after = more.pop("post_after", None)
    typed = made.typed(*levels, **more)
    return decide(conn, made.grader(), made.submission, typed, lasts=LEASE, post_after=after).outcome


def _change(made: School, decision_id: str, *levels: str, reason: str = "Misread the log.") -> Change:
    return Change(decision_id, reason, made.typed(*levels, comment="Read again.").scoring)


def _state(conn: Connection, made: School, at: Any = NOW) -> WorkState:
    return COURSEWORK.work(conn, made.course.version_id, made.enrolment, at)[0].state


def test_stranger_registrar_and_grader_without_claim_cannot_decide(conn: Connection) -> None:
    made = claimed(conn)
    typed = made.typed("meets", "meets")
    with pytest.raises(NotFound):
        decide(conn, make.visitor(made.alice, NOW), made.submission, typed, lasts=LEASE)
    with pytest.raises(Forbidden):
        decide(conn, made.registrar(), made.submission, typed, lasts=LEASE)
    with pytest.raises(Clashed):
        decide(conn, made.grader(made.gus), made.submission, typed, lasts=LEASE)
    assert rows(conn, Decision) == []


def test_demonstrated_when_every_level_is_reached(conn: Connection) -> None:
    made = claimed(conn)
    assert _decide(conn, made, "meets", "exceeds", comments={"criterion-0": "Well cut."}) is Outcome.DEMONSTRATED
    (decision,) = rows(conn, Decision)
    (rating,) = rows(conn, Rating)
    assert (decision.outcome, decision.decided_by, decision.decided_at) == (Outcome.DEMONSTRATED, made.greta, NOW)
    assert (decision.rating_id, decision.rubric_id) == (rating.id, made.course.rubrics[0])
    assert (decision.comment, rating.state) == ("Clear work.", RatingState.DONE)
    first, second = made.course.criteria[0]
    lines = {row.criterion_id: (row.level_id, row.met, row.comment) for row in rows(conn, DecisionLine)}
    assert lines == {
        first: (made.course.levels[first][1], True, "Well cut."),
        second: (made.course.levels[second][2], True, ""),
    }
    assert rows(conn, Submission)[0].state is SubmissionState.DECIDED
    assert rows(conn, Claim) == []
    (act,) = rows(conn, AuditRow, act="decision.made")
    assert (act.subject_id, set(act.detail), act.actor_id) == (decision.id, {"submission"}, made.greta)


def test_not_yet_when_one_level_is_below(conn: Connection) -> None:
    made = claimed(conn)
    assert _decide(conn, made, "exceeds", "not-yet") is Outcome.NOT_YET
    assert sorted(row.met for row in rows(conn, DecisionLine)) == [False, True]


@pytest.mark.parametrize(
    ("levels", "comment", "field"),
    [
        (("meets",), "Fine.", "level-criterion-1"),
        (("meets", "perfect"), "Fine.", "level-criterion-1"),
        (("meets", "not-yet"), "", "comment"),
        (("meets", "meets"), "x" * 50_000, "comment"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    conn: Connection, levels: tuple[str, ...], comment: str, field: str
) -> None:
    made = claimed(conn)
    with pytest.raises(Invalid) as caught:
        _decide(conn, made, *levels, comment=comment)
    assert set(caught.value.fields) == {field}
    assert (rows(conn, Decision), rows(conn, Rating)) == ([], [])
    assert rows(conn, Submission)[0].state is SubmissionState.SUBMITTED


def test_a_decision_counts_only_once_it_is_posted(conn: Connection) -> None:
    made = claimed(conn)
    _decide(conn, made, "meets", "meets")
    assert _state(conn, made) is WorkState.SUBMITTED
    assert posted_decisions(conn, [made.enrolment], NOW) == ()
    assert (rows(conn, Posting), rows(conn, OutboxMessage)) == ([], [])


def test_decide_and_post_counts_at_once(conn: Connection) -> None:
    made = claimed(conn)
    _decide(conn, made, "meets", "meets", post_after=AT_ONCE)
    assert _state(conn, made) is WorkState.DEMONSTRATED
    (posted,) = posted_decisions(conn, [made.enrolment], NOW)
    assert (posted.outcome, posted.posted_at, posted.attempt) == (Outcome.DEMONSTRATED, NOW, 1)
    assert posted.module_id == made.course.modules[0]


def test_return_needs_a_message_gives_no_verdict_and_uses_no_attempt(conn: Connection) -> None:
    made = claimed(conn)
    with pytest.raises(Invalid) as caught:
        give_back(conn, made.grader(), made.submission, made.typed(), lasts=LEASE, post_after=AT_ONCE)
    assert set(caught.value.fields) == {"message"}
    typed = made.typed("meets", comment="For myself.", message="The log is missing.")
    give_back(conn, made.grader(), made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
    (decision,) = rows(conn, Decision)
    assert (decision.outcome, decision.comment) == (Outcome.RETURNED_INCOMPLETE, "The log is missing.")
    assert rows(conn, DecisionLine) == []
    work = COURSEWORK.work(conn, made.course.version_id, made.enrolment, NOW)[0]
    assert (work.state, work.attempts) == (WorkState.RETURNED, 0)
    (letter,) = rows(conn, OutboxMessage)
    assert (letter.kind, letter.person_id) == ("returned", made.alice)


def test_second_press_of_the_same_page_decides_once(conn: Connection) -> None:
    made = claimed(conn)
    for _ in range(2):
        assert _decide(conn, made, "meets", "meets", post_after=AT_ONCE) is Outcome.DEMONSTRATED
    assert [len(rows(conn, model)) for model in (Decision, Posting, OutboxMessage)] == [1, 1, 1]


def test_second_tab_that_says_something_else_is_not_passed_over(conn: Connection) -> None:
    made = claimed(conn)
    _decide(conn, made, "meets", "meets")
    with pytest.raises(Clashed, match="decided meanwhile") as caught:
        _decide(conn, made, "meets", "not-yet")
    assert caught.value.kept is not None
    first = rows(conn, Decision)[0].id
    replace(conn, made.lead(), made.submission, _change(made, first, "meets", "not-yet"))
    with pytest.raises(Clashed, match="changed meanwhile"):
        replace(conn, made.lead(), made.submission, _change(made, first, "exceeds", "not-yet"))


def test_twenty_presses_at_once_decide_once(db: Database) -> None:
    made: School = db.write_now(claimed)
    typed = made.typed("meets", "meets")

    def press(_number: int) -> Outcome | None:
        return db.write_now(decide, made.grader(), made.submission, typed, lasts=LEASE, post_after=AT_ONCE).outcome

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(press, range(20))) == {Outcome.DEMONSTRATED}
    assert [len(db.read_now(rows, model)) for model in (Decision, Posting, OutboxMessage)] == [1, 1, 1]


def test_two_graders_decide_at_once_the_one_with_the_claim_does(db: Database) -> None:
    made: School = db.write_now(claimed)
    people = [made.grader(), made.grader(made.gus)]

    def try_decide(visitor: Visitor) -> bool:
        levels = ("meets", "meets") if visitor.me.id == made.greta else ("not-yet", "meets")
        try:
            db.write_now(decide, visitor, made.submission, made.typed(*levels), lasts=LEASE)
        except Clashed:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(try_decide, people)) == [True, False]
    (decision,) = db.read_now(rows, Decision)
    assert (decision.decided_by, decision.outcome) == (made.greta, Outcome.DEMONSTRATED)


def test_changing_is_for_the_lead_and_the_registrar_with_a_reason(conn: Connection) -> None:
    made = school(conn)
    first = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    with pytest.raises(Forbidden):
        replace(conn, made.grader(), made.submission, _change(made, first, "meets", "not-yet"))
    own = make.visitor(made.alice, NOW, (Role.LEAD, ""))
    with pytest.raises(NotFound):
        replace(conn, own, made.submission, _change(made, first, "meets", "meets"))
    with pytest.raises(Invalid) as caught:
        replace(conn, made.lead(), made.submission, _change(made, first, "meets", reason=" "))
    assert set(caught.value.fields) == {"level-criterion-1", "reason"}
    assert len(rows(conn, Decision)) == 1


@pytest.mark.parametrize("who", ["lead", "registrar"])
def test_a_change_supersedes_and_counts_once_posted(conn: Connection, who: str) -> None:
    made = school(conn)
    first = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    visitor = getattr(made, who)()
    assert replace(conn, visitor, made.submission, _change(made, first, "meets", "not-yet")) is Outcome.NOT_YET
    (second,) = [row for row in rows(conn, Decision) if row.id != first]
    assert (second.supersedes_id, second.reason, second.decided_by) == (first, "Misread the log.", visitor.me.id)
    assert _state(conn, made) is WorkState.DEMONSTRATED
    (act,) = rows(conn, AuditRow, act="decision.changed")
    assert act.reason == "Misread the log."


def test_change_and_post_holds_at_once_and_the_second_press_is_one(conn: Connection) -> None:
    made = school(conn)
    first = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    for _ in range(2):
        replace(conn, made.lead(), made.submission, _change(made, first, "meets", "not-yet"), post_after=AT_ONCE)
    assert _state(conn, made) is WorkState.NOT_YET
    assert len(rows(conn, Decision)) == 2
    (letter,) = rows(conn, OutboxMessage)
    assert (letter.kind, say(letter.data["outcome"])) == ("decision_changed", "Not yet demonstrated")


def test_a_change_of_an_unposted_change_leaves_one_that_holds(conn: Connection) -> None:
    made = school(conn)
    first = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    replace(conn, made.lead(), made.submission, _change(made, first, "meets", "not-yet"))
    (second,) = [row.id for row in rows(conn, Decision) if row.id != first]
    replace(conn, made.lead(), made.submission, _change(made, second, "exceeds", "meets"), post_after=AT_ONCE)
    held = posted_decisions(conn, [made.enrolment], NOW)
    (third,) = [row.id for row in rows(conn, Decision, supersedes_id=second)]
    assert [one.decision_id for one in held] == [third]
    assert len(rows(conn, OutboxMessage)) == 1


def test_change_of_a_decision_that_was_changed_meanwhile_is_refused(conn: Connection) -> None:
    made = school(conn)
    first = make.decided(conn, made.course, made.submission, made.greta, posted_at=NOW)
    replace(conn, made.registrar(), made.submission, _change(made, first, "meets", "not-yet"))
    with pytest.raises(Clashed):
        replace(conn, made.lead(), made.submission, _change(made, first, "exceeds", "meets"))
    assert len(rows(conn, Decision)) == 2


def test_nothing_to_change_before_a_decision(conn: Connection) -> None:
    made = school(conn)
    with pytest.raises(Conflict):
        replace(conn, made.lead(), made.submission, _change(made, "", "meets", "meets"))


def test_two_changes_at_once_one_holds(db: Database) -> None:
    made: School = db.write_now(school)
    first = db.write_now(make.decided, made.course, made.submission, made.greta, posted_at=NOW)

    def try_change(visitor: Visitor) -> bool:
        try:
            db.write_now(replace, visitor, made.submission, _change(made, first, "meets", "not-yet"))
        except Clashed:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_change, [made.lead(), made.registrar()])) == [False, True]
    assert len(db.read_now(rows, Decision, supersedes_id=first)) == 1


@pytest.mark.parametrize("model", [Decision, DecisionLine])
def test_the_database_refuses_to_change_or_delete_a_decision(db: Database, model: Any) -> None:
    made: School = db.write_now(claimed)
    db.write_now(_decide, made, "meets", "meets")
    target = table(model)
    for act in (update(target).values(comment="Other."), delete(target)):
        with pytest.raises(DBAPIError, match="append-only"):
            db.write_now(Connection.execute, act)
