"""Taking back what waits: until a grader has it, at no cost, and without a way around a date."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assessments.evidence.attempts import withdraw
from assessments.evidence.errors import BeingRead, HandedIn, NotTaken, OutOfTime, TakenBack
from assessments.evidence.models import Step
from assessments.evidence.queries import work_of_many
from assessments.grading.claims import claim, claim_next, take
from assessments.grading.decisions import decide as grade
from assessments.grading.errors import Clashed
from assessments.grading.forms import Typed as Rated
from assessments.grading.models import Claim, Outcome
from assessments.grading.queue import Part, queue_page
from assessments.grading.ratings import save
from assessments.grading.rules import Scoring
from assessments.grading.settling import Result
from assessments.terms.models import GradingTerms
from courses.coursework import Work, WorkState
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import Role
from fourweek.accounts.service import grant
from fourweek.audit.models import AuditRow
from fourweek.clock import real_time
from fourweek.database import Database, add, table
from fourweek.edge import House
from fourweek.errors import Conflict, NotFound, SignInNeeded
from tests import factories as make
from tests.assessments.evidence.school import (
    DUE,
    FILE,
    GOOD,
    LATE_END,
    NOON,
    School,
    attempts,
    build,
    decide,
    evidence,
    typed,
)
from tests.statements import statements

LEASE = timedelta(minutes=45)
LATER = NOON + timedelta(hours=1)
ROUNDS = 30


@pytest.fixture
def sent(db: Database) -> School:
    """A school in which Alice has handed in."""
    made = db.write_now(build)
    made.hand_in(db, typed(files=(FILE,)))
    return made


def _grader(school: School, at: datetime = LATER) -> Visitor:
    return make.visitor(school.greta, at, (Role.GRADER, school.cohort))


def _withdraw(db: Database, school: School, number: int = 1, at: datetime = LATER) -> None:
    db.write_now(withdraw, school.visitor(at), school.where, number)


def _work(db: Database, school: School, at: datetime = LATER) -> Work:
    works = db.read_now(work_of_many, {school.enrolment: school.made.version_id}, at)
    return works[school.enrolment][0]


def test_strangers_take_nothing_back(db: Database, sent: School) -> None:
    for visitor, error in ((make.visitor(sent.bob, LATER), NotFound), (make.visitor(None, LATER), SignInNeeded)):
        with pytest.raises(error):
            db.write_now(withdraw, visitor, sent.where, 1)
    assert [row.state.value for row in attempts(db)] == ["submitted"]


def test_what_is_taken_back_stays_and_goes_on_as_a_draft(db: Database, sent: School) -> None:
    _withdraw(db, sent)
    old, new = attempts(db)
    assert (old.state.value, old.withdrawn_at, old.receipt is not None) == ("withdrawn", LATER, True)
    assert (new.state.value, new.attempt, new.receipt) == ("draft", 2, None)
    held = [(row.submission_id, row.text or row.file_name) for row in evidence(db)]
    assert sorted(held) == sorted((one, said) for one in (old.id, new.id) for said in (GOOD, FILE.name))
    work = _work(db, sent)
    assert (work.state, work.attempts, work.submitted_at, work.draft_id) == (WorkState.DRAFT, 0, None, new.id)
    assert _work(db, sent, NOON).state is WorkState.SUBMITTED
    acts = db.read_now(
        lambda conn: list(conn.execute(select(table(AuditRow)).where(table(AuditRow).c.act == "submission.withdraw")))
    )
    assert [(row.actor_id, row.subject_id, row.detail["attempt"]) for row in acts] == [(sent.alice, old.id, 1)]


def test_asked_twice_it_is_done_once(db: Database, sent: School) -> None:
    for _ in range(2):
        _withdraw(db, sent)
    assert [row.state.value for row in attempts(db)] == ["withdrawn", "draft"]


def test_it_waits_nowhere(db: Database, sent: School) -> None:
    _withdraw(db, sent)
    assert db.write_now(claim_next, _grader(sent), LEASE) is None
    assert db.read_now(queue_page, _grader(sent), Part.FREE).counts == dict.fromkeys(Part, 0)


@pytest.mark.parametrize("number", [0, 2, 7])
def test_only_what_was_handed_in_can_be_taken_back(db: Database, sent: School, number: int) -> None:
    with pytest.raises(NotTaken):
        _withdraw(db, sent, number)


@pytest.mark.parametrize("posted", [None, NOON])
def test_what_is_decided_stays(db: Database, sent: School, posted: datetime | None) -> None:
    (row,) = attempts(db)
    db.write_now(decide, sent, row.id, Outcome.NOT_YET, posted)
    with pytest.raises(NotTaken if posted else BeingRead):
        _withdraw(db, sent)
    assert [row.state.value for row in attempts(db)] == ["decided"]


def test_what_a_grader_has_stays_until_the_claim_ends(db: Database, sent: School) -> None:
    (row,) = attempts(db)
    db.write_now(claim, _grader(sent), row.id, LEASE)
    with pytest.raises(BeingRead, match="A grader is reading it now"):
        _withdraw(db, sent)
    _withdraw(db, sent, at=LATER + LEASE)
    assert db.read_now(lambda conn: conn.execute(select(table(Claim))).all()) == []


def _rate(db: Database, school: School, row: Any, at: datetime) -> Result:
    scoring = Scoring({"criterion-0": "meets", "criterion-1": "meets"}, {}, "Clear.")
    form = Rated(row.id, row.attempt, row.rubric_id, 0, scoring)
    return db.write_now(grade, _grader(school, at), row.id, form, lasts=LEASE)


def _rated_twice(db: Database, school: School) -> None:
    db.write_now(add, GradingTerms(cohort_id=school.cohort, second_percent=100))


def test_what_one_grader_has_rated_stays_though_nobody_claims_it(db: Database, sent: School) -> None:
    _rated_twice(db, sent)
    (row,) = attempts(db)
    db.write_now(claim, _grader(sent), row.id, LEASE)
    assert _rate(db, sent, row, LATER) == Result(None, Step.SECOND)
    assert db.read_now(lambda conn: conn.execute(select(table(Claim))).all()) == []
    with pytest.raises(BeingRead, match="A grader is reading it now"):
        _withdraw(db, sent, at=LATER + LEASE)
    assert [row.state.value for row in attempts(db)] == ["submitted"]


def test_withdrawing_against_a_first_rating_has_one_winner(db: Database, sent: School) -> None:
    _rated_twice(db, sent)
    after = LATER + LEASE
    for number in range(1, 5):
        row = attempts(db)[-1]
        assert db.write_now(take, _grader(sent), row.id, LEASE)
        withdrawn, rated = _race(
            lambda n=number: _withdraw(db, sent, n, after),  # type: ignore[misc]
            lambda row=row: _rate(db, sent, row, after),  # type: ignore[misc]
        )
        if isinstance(withdrawn, BeingRead):
            assert rated == Result(None, Step.SECOND)
            assert attempts(db)[-1].state.value == "submitted"
            return
        assert isinstance(rated, Clashed)
        assert attempts(db)[-2].state.value == "withdrawn"
        sent.hand_in(db, typed(seen=GOOD, attempt=number + 1))


def test_the_grader_who_comes_too_late_keeps_what_they_typed(db: Database, sent: School) -> None:
    (row,) = attempts(db)
    db.write_now(take, _grader(sent), row.id, LEASE)
    after = LATER + LEASE
    _withdraw(db, sent, at=after)
    form = Rated(row.id, 1, row.rubric_id, 0, Scoring({}, {}, "Half typed."))
    with pytest.raises(Clashed, match="taken back by the learner a moment ago"):
        db.write_now(save, _grader(sent, after), row.id, form, LEASE)
    with pytest.raises(Conflict, match="taken back by the learner a moment ago"):
        db.write_now(claim, _grader(sent, after), row.id, LEASE)


def test_taking_back_is_no_way_around_the_date(db: Database, sent: School) -> None:
    _withdraw(db, sent)
    assert sent.hand_in(db, typed(seen=GOOD, attempt=2), DUE + timedelta(hours=1)).receipt
    old, new = attempts(db)
    assert (old.late, new.late) == (False, True)
    assert new.late_rule == "Due Sunday 8 November 2026, 23:59 (UTC). The cohort's weekly rule."
    assert _work(db, sent, DUE + timedelta(hours=2)).attempts == 1


def test_what_could_not_be_handed_in_again_stays(db: Database, sent: School) -> None:
    with pytest.raises(OutOfTime):
        _withdraw(db, sent, at=LATE_END + timedelta(minutes=2))
    assert [row.state.value for row in attempts(db)] == ["submitted"]


def test_taken_back_before_the_end_it_cannot_come_after_it(db: Database, sent: School) -> None:
    _withdraw(db, sent)
    handed = sent.hand_in(db, typed(seen=GOOD, attempt=2), LATE_END + timedelta(minutes=2))
    assert [one.words for one in handed.missing] == ["The time for handing this in is over. The draft is kept."]


def test_form_of_what_was_taken_back_writes_nothing(db: Database, sent: School) -> None:
    _withdraw(db, sent)
    for act in (sent.save, sent.hand_in):
        with pytest.raises(TakenBack):
            act(db, typed("An old page."))
    assert [row.text for row in evidence(db) if row.text] == [GOOD, GOOD]
    assert not issubclass(TakenBack, HandedIn)


def _race(*acts: Callable[[], object]) -> list[object]:
    """What each of these got or raised, begun at one moment."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except Conflict as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("next_one", [False, True])
def test_withdrawing_against_a_claim_has_one_winner(db: Database, sent: School, *, next_one: bool) -> None:
    won = set()
    for round_number in range(ROUNDS):
        number = len(attempts(db))
        row = attempts(db)[-1]

        def grade(submission: str = row.id) -> object:
            if next_one:
                return db.write_now(claim_next, _grader(sent), LEASE)
            return db.write_now(claim, _grader(sent), submission, LEASE) or submission

        acts = (lambda n=number: _withdraw(db, sent, n), grade)
        answers = _race(*(acts if round_number % 2 else reversed(acts)))
        taken_back, claimed = answers if round_number % 2 else reversed(answers)
        state = next(one.state.value for one in attempts(db) if one.id == row.id)
        if isinstance(taken_back, BeingRead):
            assert (state, claimed) == ("submitted", row.id)
            db.write_now(lambda conn: conn.execute(table(Claim).delete()))
            _withdraw(db, sent, number)
            won.add("grader")
        else:
            assert (state, taken_back) == ("withdrawn", None)
            assert claimed is None if next_one else "taken back by the learner" in str(claimed)
            won.add("learner")
        sent.hand_in(db, typed(seen=GOOD, attempt=number + 1))
    assert len(attempts(db)) == ROUNDS + 1
    assert {row.state.value for row in attempts(db)[:-1]} == {"withdrawn"}
    assert won <= {"grader", "learner"}


def test_page_offers_it_says_when_it_would_be_late_and_does_it(school: School, house: House, browser: Any) -> None:
    db = house.db
    school.hand_in(db, typed())
    alice = browser(school.alice)
    page = alice.get(school.at).text
    assert "Take attempt 1 back" in page
    assert "it would be late" not in page
    answer = alice.submit(school.at, school.at + "/withdraw")
    assert (answer.status_code, answer.headers["location"]) == (303, school.at)
    page = alice.get(school.at).text
    for words in ("Taken back. Your evidence is a draft again", "Taken back; no attempt was used", GOOD):
        assert words in page, words
    assert "No limit" in page
    old, _ = attempts(db)
    receipt = alice.get(f"/receipts/{old.receipt}").text
    assert "Taken back by you" in receipt


def test_page_says_why_it_cannot_be_taken_back(school: School, house: House, browser: Any) -> None:
    school.hand_in(house.db, typed())
    (row,) = attempts(house.db)
    alice = browser(school.alice)
    assert house.db.write_now(take, _grader(school, real_time()), row.id, LEASE)
    page = alice.get(school.at).text
    assert "A grader is reading it now" in page
    assert "/withdraw" not in page
    token = {"x-form-token": _token(page)}
    answer = alice.post(school.at + "/withdraw", data={"attempt": "1"}, headers=token)
    assert answer.status_code == 409
    assert "A grader is reading it now" in answer.text


def test_graders_page_says_that_it_was_taken_back(school: School, house: House, browser: Any) -> None:
    school.hand_in(house.db, typed())
    (row,) = attempts(house.db)
    house.db.write_now(lambda conn: grant(conn, school.greta, Role.GRADER, scope_id=school.cohort, now=NOON))
    _withdraw(house.db, school)
    greta = browser(school.greta)
    page = greta.get(f"/grading/{row.id}").text
    assert "Taken back by the learner" in page
    assert "Claim and grade" not in page


def test_taking_back_takes_few_statements(db: Database, sent: School) -> None:
    with statements(db) as count:
        _withdraw(db, sent)
    assert count.number <= 12


def _token(page: str) -> str:
    return (
        page.split('"X-Form-Token": "')[1].split('"', maxsplit=1)[0]
        if '"X-Form-Token"' in page
        else page.split("&#34;X-Form-Token&#34;: &#34;")[1].split("&#34;", maxsplit=1)[0]
    )
