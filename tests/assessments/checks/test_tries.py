"""Tries at a check: begun, saved, checked once, limited, and part of what is handed in."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from assessments.assignments.models import RequirementKind
from assessments.checks.answers import Answered, Sent
from assessments.checks.errors import NoTry, TryOver
from assessments.checks.marking import draw
from assessments.checks.queries import TRY
from assessments.checks.service import begin_try, save_answers
from assessments.evidence.access import Where
from assessments.evidence.attempts import withdraw
from assessments.grading.models import Outcome
from fourweek.audit.models import AuditRow
from fourweek.database import Database, new_id, table
from fourweek.errors import NotFound
from tests import factories as make
from tests.assessments.checks.school import KEY, Quiz, build_quiz, tries
from tests.assessments.evidence.school import LATE_END, NOON, at_once, attempts, decide, evidence, typed

NO_ANSWER = "There is no answer yet."


@pytest.fixture
def quiz(db: Database) -> Quiz:
    return db.write_now(build_quiz)


def test_strangers_and_what_is_no_check_find_nothing(quiz: Quiz, db: Database) -> None:
    where = quiz.school.where
    for person in (quiz.school.bob, quiz.school.greta):
        with pytest.raises(NotFound):
            db.write_now(begin_try, make.visitor(person, NOON), where, KEY, b"")
    for key in ("report", "nothing", ""):
        with pytest.raises(NotFound):
            db.write_now(begin_try, quiz.school.visitor(), where, key, b"")
    with pytest.raises(NotFound):
        quiz.begin(db, make.START - timedelta(minutes=1))
    assert tries(db) == []


def test_beginning_draws_and_begins_the_draft(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    (row,), (draft,) = tries(db), attempts(db)
    assert (row.submission_id, row.number, row.asked, row.needed) == (draft.id, 1, 3, 2)
    assert (row.answers, row.finished_at, row.right, row.passed) == ({}, None, None, None)
    assert (draft.state.value, draft.attempt, draft.saved_at) == ("draft", 1, NOON)
    assert len({question for question, _ in row.drawn}) == 3


def test_a_reload_and_a_second_press_show_the_same_questions(quiz: Quiz, db: Database) -> None:
    quiz.begin(db, seed=b"one")
    first = tries(db)
    quiz.begin(db, seed=b"two")
    assert tries(db) == first


def test_a_further_try_draws_again(quiz: Quiz, db: Database) -> None:
    quiz.begin(db, seed=b"one")
    quiz.finish(db, quiz.answers(db, right=0))
    quiz.begin(db, seed=b"three")
    first, second = tries(db)
    assert (first.number, second.number) == (1, 2)
    assert first.drawn != second.drawn


def test_answers_are_saved_and_a_newer_one_is_replaced_only_knowingly(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    mine, theirs = Answered(1, ("1",)), Answered(1, ("2",))
    assert quiz.save(db, Sent(1, 1, (mine,))).clean
    assert quiz.save(db, Sent(1, 1, (mine,))).clean
    before = tries(db)
    refused = quiz.save(db, Sent(1, 1, (theirs,)))
    assert (refused.others, refused.wrong) == ({1: ("1",)}, {})
    assert tries(db) == before
    assert quiz.save(db, Sent(1, 1, (Answered(1, ("2",), "1"),))).clean
    assert tries(db) != before


def test_what_no_question_has_is_not_kept(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    places = {kind: place for place, kind in enumerate(_kinds(quiz, db), 1)}
    odd = (Answered(99, ("1",)), Answered(places["several"], ("0", "77", "a", "")))
    assert quiz.save(db, Sent(1, 1, odd)).clean
    assert tries(db)[0].answers == {}


def test_a_number_too_long_is_refused_and_one_with_control_characters_is_cleaned(quiz: Quiz, db: Database) -> None:
    quiz.begin(db, seed=_seed_with_number(quiz, db))
    place = _kinds(quiz, db).index("number") + 1
    refused = quiz.save(db, Sent(1, 1, (Answered(place, ("9" * 41,)),)))
    assert list(refused.wrong) == [place]
    assert tries(db)[0].answers == {}
    assert quiz.save(db, Sent(1, 1, (Answered(place, ("1\x002\u202e,5\n",)),))).clean
    assert list(tries(db)[0].answers.values()) == [["12,5"]]


def test_a_try_is_checked_once_with_what_was_sent(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    sent = quiz.answers(db, right=1)
    done = quiz.finish(db, sent).done
    assert done is not None
    assert (done.right, done.passed, done.verdict) == (1, False, "1 of 3 right; 2 are needed.")
    again = quiz.finish(db, Sent(1, 1, (Answered(1, ("1",)),))).done
    assert again is not None
    assert again.id == done.id
    assert quiz.desk(db).stands.words == "1 of 3 right; 2 are needed. 1 try left."
    with pytest.raises(TryOver):
        quiz.save(db, sent)
    rows = db.read_now(lambda conn: conn.execute(select(table(AuditRow))).all())
    assert [row.detail for row in rows if row.act == "check.finish"] == [
        {"requirement": KEY, "try": 1, "right": 1, "asked": 3}
    ]


def test_without_all_answers_nothing_is_checked_and_nothing_lost(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    some = quiz.answers(db, right=3).answers[:1]
    saved = quiz.finish(db, Sent(1, 1, some))
    assert (saved.done, saved.wrong) == (None, {2: NO_ANSWER, 3: NO_ANSWER})
    (row,) = tries(db)
    assert (len(row.answers), row.finished_at) == (1, None)


def test_passing_puts_the_result_into_the_evidence_and_ends_the_tries(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    assert evidence(db) == []
    quiz.try_it(db, right=2)
    (row,) = evidence(db)
    assert (row.kind, row.text, row.size) == (RequirementKind.CHECK, "2 of 3 right, try 2; passed", 27)
    with pytest.raises(NoTry):
        quiz.begin(db)


def test_using_all_tries_puts_the_result_into_the_evidence_too(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=0)
    assert [row.text for row in evidence(db)] == ["0 of 3 right, try 2; not passed, 2 were needed"]
    with pytest.raises(NoTry):
        quiz.begin(db)


def test_a_required_check_stands_in_the_way_of_handing_in(quiz: Quiz, db: Database) -> None:
    handed = quiz.school.hand_in(db, typed())
    assert [one.words for one in handed.missing] == ["Quiz: not passed yet."]
    quiz.try_it(db, right=3)
    assert quiz.school.hand_in(db, typed(seen=typed().answers[0].typed)).receipt


def test_an_optional_check_stands_in_nobodys_way(db: Database) -> None:
    quiz = db.write_now(lambda conn: build_quiz(conn, required=False))
    quiz.begin(db)
    assert quiz.school.hand_in(db, typed()).receipt
    assert [row.kind for row in evidence(db)] == [RequirementKind.TEXT]


def test_all_tries_used_may_be_handed_in(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    assert quiz.school.hand_in(db, typed()).receipt


def test_without_a_limit_tries_go_on(db: Database) -> None:
    quiz = db.write_now(lambda conn: build_quiz(conn, max_tries=None))
    for _ in range(5):
        quiz.try_it(db, right=0)
    assert evidence(db) == []
    quiz.try_it(db, right=3)
    assert [row.number for row in tries(db)] == [1, 2, 3, 4, 5, 6]


def test_tries_are_limited_however_many_ask_at_once(quiz: Quiz, db: Database) -> None:
    at_once(lambda: quiz.begin(db))
    assert [row.number for row in tries(db)] == [1]
    sent = quiz.answers(db, right=1)
    done = at_once(lambda: quiz.finish(db, sent).done)
    assert len({one.id for one in done if one}) == 1
    assert len(done) == 20
    at_once(lambda: quiz.begin(db))
    quiz.finish(db, quiz.answers(db, right=1))

    def refused() -> bool:
        with pytest.raises(NoTry):
            quiz.begin(db)
        return True

    assert all(at_once(refused))
    assert [row.number for row in tries(db)] == [1, 2]
    assert len(evidence(db)) == 1


def test_finishing_and_handing_in_at_once_leaves_one_whole(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=2)
    quiz.school.hand_in(db, typed())
    with pytest.raises(NoTry):
        quiz.begin(db)
    assert len(tries(db)) == 1


def test_after_the_last_minute_answers_are_kept_and_nothing_is_checked(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    sent, late = quiz.answers(db, right=3), LATE_END + timedelta(minutes=1)
    assert quiz.save(db, sent, late).clean
    with pytest.raises(NoTry):
        quiz.finish(db, quiz.answers(db, right=3, at=late), late)
    assert tries(db)[0].finished_at is None
    other = db.write_now(build_quiz)
    with pytest.raises(NoTry):
        other.begin(db, late)


def test_the_database_refuses_tries_once_handed_in(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=3)
    quiz.school.hand_in(db, typed())
    (row,) = tries(db)
    another = {**row._asdict(), "id": new_id(), "number": 2}
    for act in (insert(TRY).values(another), update(TRY).values(right=3), delete(TRY)):
        with pytest.raises(DBAPIError, match="check_try was handed in"):
            db.write_now(Connection.execute, act)
    assert tries(db) == [row]


def test_a_further_attempt_tries_again_unless_it_was_passed(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    quiz.school.hand_in(db, typed())
    _judge(quiz, db, Outcome.NOT_YET)
    quiz.school.next_attempt(db)
    assert RequirementKind.CHECK not in [row.kind for row in evidence(db) if row.submission_id == attempts(db)[-1].id]
    assert quiz.desk(db).stands.words == "Not begun."
    quiz.try_it(db, right=3)
    assert quiz.desk(db).stands.words == "Passed: 3 of 3 right, try 1."
    assert quiz.school.hand_in(db, typed(seen=typed().answers[0].typed, attempt=2)).receipt
    _judge(quiz, db, Outcome.NOT_YET)
    quiz.school.next_attempt(db)
    last = [row for row in evidence(db) if row.submission_id == attempts(db)[-1].id]
    assert [row.text for row in last if row.kind is RequirementKind.CHECK] == ["3 of 3 right, try 1; passed"]
    with pytest.raises(NoTry):
        quiz.begin(db)


def test_taking_back_brings_no_tries_back(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=1)
    quiz.try_it(db, right=1)
    quiz.school.hand_in(db, typed())
    db.write_now(withdraw, quiz.school.visitor(), quiz.school.where, 1)
    with pytest.raises(NoTry):
        quiz.begin(db)
    last = [row for row in evidence(db) if row.submission_id == attempts(db)[-1].id]
    assert [row.kind.value for row in last] == ["check", "text"]
    assert quiz.school.hand_in(db, typed(seen=typed().answers[0].typed, attempt=2)).receipt


def test_taking_back_leaves_the_tries_that_were_not_used(quiz: Quiz, db: Database) -> None:
    quiz.try_it(db, right=3)
    quiz.school.hand_in(db, typed())
    db.write_now(withdraw, quiz.school.visitor(), quiz.school.where, 1)
    assert quiz.desk(db).stands.words == "Passed: 3 of 3 right, try 1."


def test_another_learners_try_is_not_found_by_its_number(quiz: Quiz, db: Database) -> None:
    quiz.begin(db)
    with pytest.raises(TryOver):
        quiz.save(db, Sent(2, 1))
    with pytest.raises(TryOver):
        quiz.finish(db, Sent(1, 2))
    with pytest.raises(NotFound):
        db.write_now(
            save_answers, make.visitor(quiz.school.bob, NOON), Where(quiz.school.cohort, 1, "note-1"), KEY, Sent(1, 1)
        )


def _kinds(quiz: Quiz, db: Database) -> list[str]:
    pool, sheet = quiz.desk(db).pool, tries(db)[-1].drawn
    return [pool.question(one).kind.value for one, _ in sheet]


def _seed_with_number(quiz: Quiz, db: Database) -> bytes:
    """A seed whose draw has the number in it."""
    pool = quiz.desk(db).pool
    number = pool.questions[3].id
    return next(seed for seed in (bytes([one]) for one in range(99)) if number in dict(draw(pool, seed)))


def _judge(quiz: Quiz, db: Database, outcome: Outcome) -> None:
    newest = attempts(db)[-1].id
    db.write_now(lambda conn: decide(conn, quiz.school, newest, outcome, NOON))
