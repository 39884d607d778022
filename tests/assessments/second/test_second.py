"""A second rating: who is asked, what they see, and what comes of the two."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, update

from assessments.coursework import AssessmentsCoursework
from assessments.evidence.models import Step, Submission, SubmissionState
from assessments.grading.access import graded_submission
from assessments.grading.claims import claim, claim_next
from assessments.grading.decisions import decide, give_back
from assessments.grading.errors import Clashed
from assessments.grading.models import (
    Claim,
    Decision,
    DecisionLine,
    Outcome,
    Posting,
    Purpose,
    Rating,
    RatingState,
    Way,
)
from assessments.grading.parts import Part
from assessments.grading.queue import queue_page
from assessments.grading.ratings import save
from assessments.grading.reviews import send_back
from assessments.grading.screen import screen
from assessments.grading.settling import Result
from assessments.remarks.notes import write_note
from assessments.rubrics.models import Rubric
from assessments.second.asked import ask_by_hand, asked_after
from assessments.second.models import SampledFor, SecondRating
from assessments.terms.models import GradingTerms, Review
from courses.coursework import WorkState
from fourweek.accounts.models import Role
from fourweek.audit.models import AuditRow
from fourweek.database import Database, add, new_id, table
from fourweek.errors import Conflict, Forbidden, NotFound
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, rows, school, waiting
from tests.assessments.second.factories import rate, twice
from tests.statements import statements

AT_ONCE = timedelta()
SECOND, RECONCILING = Result(None, Step.SECOND), Result(None, Step.RECONCILING)


def _one(conn: Connection, made: School) -> Any:
    (row,) = rows(conn, Submission, id=made.submission)
    return row


def _ratings(conn: Connection) -> dict[Purpose, tuple[str, RatingState]]:
    return {row.purpose: (row.grader_id, row.state) for row in rows(conn, Rating)}


def test_a_first_rating_that_is_drawn_waits_and_nothing_is_decided(conn: Connection) -> None:
    made = twice(conn)
    conn.execute(update(table(Submission)).values(given_to=made.greta))
    assert rate(conn, made, made.greta, post_after=AT_ONCE) == SECOND
    row = _one(conn, made)
    assert (row.state, row.step, row.given_to) == (SubmissionState.SUBMITTED, Step.SECOND, None)
    assert _ratings(conn) == {Purpose.FIRST: (made.greta, RatingState.DONE)}
    assert rows(conn, Rating)[0].done_at == NOW
    assert [rows(conn, model) for model in (Decision, Posting, OutboxMessage, Claim)] == [[], [], [], []]
    (second,) = rows(conn, SecondRating)
    assert (second.why, second.asked_at, second.closed_at, second.agreed) == (SampledFor.SAMPLE, NOW, None, None)
    work = AssessmentsCoursework().work(conn, made.course.version_id, made.enrolment, NOW)[0]
    assert (work.state, work.verdict) == (WorkState.SUBMITTED, None)


def test_the_same_press_again_waits_too(conn: Connection) -> None:
    made = twice(conn)
    typed = made.typed("meets", "meets")
    claim(conn, made.grader(), made.submission, LEASE)
    for _ in range(2):
        assert decide(conn, made.grader(), made.submission, typed, lasts=LEASE) == SECOND
    assert (len(rows(conn, Rating)), len(rows(conn, AuditRow, act="second.asked"))) == (1, 1)


def test_who_rated_first_neither_claims_nor_changes_nor_rates_again(conn: Connection) -> None:
    made = twice(conn)
    rate(conn, made, made.greta)
    visitor, typed = made.grader(), made.typed("not-yet", "not-yet", version=1)
    with pytest.raises(Conflict, match="Your rating is done"):
        claim(conn, visitor, made.submission, LEASE)
    assert claim_next(conn, visitor, LEASE) is None
    add(conn, Claim(submission_id=made.submission, grader_id=made.greta, claimed_at=NOW, until=NOW + LEASE))
    with pytest.raises(Clashed, match="Your rating is done") as caught:
        decide(conn, visitor, made.submission, typed, lasts=LEASE)
    assert (caught.value.kept is None, caught.value.claimable) == (False, False)
    with pytest.raises(Clashed, match="Your rating is done"):
        save(conn, visitor, made.submission, typed, LEASE, claim=True)
    with pytest.raises(Clashed, match="Your rating is done"):
        give_back(conn, visitor, made.submission, made.typed(message="Gone."), lasts=LEASE, post_after=AT_ONCE)
    assert (rows(conn, Decision), rows(conn, Rating)[0].version) == ([], 1)


def test_the_second_sees_nothing_of_the_first(conn: Connection) -> None:
    made = twice(conn)
    claim(conn, made.grader(), made.submission, LEASE)
    write_note(conn, made.grader(), made.submission, "A private note.")
    rate(conn, made, made.greta, "exceeds", "not-yet", comment="Unmistakable words.", comments={"criterion-0": "Mine."})
    gus = made.grader(made.gus)
    seen = repr(queue_page(conn, gus, Part.SECOND)) + repr(screen(conn, gus, made.submission))
    assert claim_next(conn, gus, LEASE) == made.submission
    seen += repr(screen(conn, gus, made.submission)) + repr(queue_page(conn, gus, Part.MINE))
    for secret in ("Unmistakable words", "Mine.", "A private note", "Greta", made.greta):
        assert secret not in seen, secret
    decide(conn, gus, made.submission, made.typed("meets", "meets"), lasts=LEASE)
    assert "A private note" in repr(screen(conn, gus, made.submission))


def test_two_that_agree_decide_as_the_first_one_says(conn: Connection) -> None:
    made = twice(conn, second_percent=100, tolerance=1)
    rate(conn, made, made.greta, "meets", "exceeds", comment="First words.", comments={"criterion-0": "Well cut."})
    result = rate(conn, made, made.gus, "exceeds", "meets", comment="Second words.", post_after=AT_ONCE)
    assert result == Result(Outcome.DEMONSTRATED)
    (decision,) = rows(conn, Decision)
    first, second = (next(row for row in rows(conn, Rating) if row.purpose is one) for one in list(Purpose)[:2])
    assert (decision.way, decision.rating_id, decision.decided_by) == (Way.AGREED, first.id, made.greta)
    assert (decision.comment, second.comment) == ("First words.", "Second words.")
    assert {row.comment for row in rows(conn, DecisionLine)} == {"Well cut.", ""}
    assert (second.grader_id, second.state, second.done_at) == (made.gus, RatingState.DONE, NOW)
    (closed,) = rows(conn, SecondRating)
    assert (closed.agreed, closed.closed_at, closed.reconciled_by) == (True, NOW, None)
    assert (_one(conn, made).state, len(rows(conn, Posting)), len(rows(conn, OutboxMessage))) == ("decided", 1, 1)


def test_one_that_a_lead_looks_at_first_is_not_said_to_be_posted_by_a_second_press(conn: Connection) -> None:
    made = twice(conn, second_percent=100, review=Review.ALL)
    rate(conn, made, made.greta)
    result = rate(conn, made, made.gus, post_after=AT_ONCE)
    assert result == Result(Outcome.DEMONSTRATED, goes_to_lead=True)
    typed = made.typed("meets", "meets")
    for person in (made.gus, made.greta):
        again = decide(conn, made.grader(person), made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
        assert again == result
    assert rows(conn, Posting) == []


@pytest.mark.parametrize("levels", [("meets", "not-yet"), ("exceeds", "meets")])
def test_two_that_differ_wait_for_a_lead(conn: Connection, levels: tuple[str, ...]) -> None:
    made = twice(conn)
    rate(conn, made, made.greta)
    assert rate(conn, made, made.gus, *levels, post_after=AT_ONCE) == RECONCILING
    row = _one(conn, made)
    assert (row.state, row.step) == (SubmissionState.SUBMITTED, Step.RECONCILING)
    assert [rows(conn, model) for model in (Decision, Posting, Claim)] == [[], [], []]
    assert {(one.kind, one.person_id) for one in rows(conn, OutboxMessage)} == {("ratings_differ", made.lena)}
    for person in (made.greta, made.gus, made.lena):
        with pytest.raises(Conflict, match="A lead settles"):
            claim(conn, made.lead() if person == made.lena else made.grader(person), made.submission, LEASE)
    assert claim_next(conn, make.visitor(make.person(conn), NOW, (Role.GRADER, made.cohort)), LEASE) is None
    typed = made.typed(*levels)
    assert decide(conn, made.grader(made.gus), made.submission, typed, lasts=LEASE) == RECONCILING


def test_the_terms_may_change_between_the_two(conn: Connection) -> None:
    made = twice(conn)
    rate(conn, made, made.greta)
    conn.execute(update(table(GradingTerms)).values(second_percent=0, tolerance=2))
    assert rate(conn, made, made.gus, "exceeds", "exceeds") == Result(Outcome.DEMONSTRATED)


@pytest.mark.parametrize("by", ["first", "second"])
def test_either_rater_may_return_it_and_that_ends_the_way(conn: Connection, by: str) -> None:
    made = twice(conn)
    if by == "first":
        ask_by_hand(conn, made.lead(), made.submission)
    else:
        rate(conn, made, made.greta)
    visitor = made.grader(made.gus)
    claim(conn, visitor, made.submission, LEASE)
    typed = made.typed(comment="", message="The log is missing.")
    for _ in range(2):
        result = give_back(conn, visitor, made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
        assert result == Result(Outcome.RETURNED_INCOMPLETE)
    (decision,), (second,) = rows(conn, Decision), rows(conn, SecondRating)
    assert (decision.decided_by, decision.comment) == (made.gus, "The log is missing.")
    assert (second.closed_at, second.agreed) == (NOW, None)
    assert (len(rows(conn, Posting)), _one(conn, made).state) == (1, SubmissionState.DECIDED)


def test_a_lead_asks_by_hand_for_one_that_waits(conn: Connection) -> None:
    made = school(conn)
    with pytest.raises(NotFound):
        ask_by_hand(conn, make.visitor(made.alice, NOW), made.submission)
    with pytest.raises(Forbidden):
        ask_by_hand(conn, made.grader(), made.submission)
    for _ in range(2):
        ask_by_hand(conn, made.lead(), made.submission)
    (second,) = rows(conn, SecondRating)
    assert (second.why, len(rows(conn, AuditRow, act="second.asked"))) == (SampledFor.BY_HAND, 1)
    assert rate(conn, made, made.greta) == SECOND
    with pytest.raises(Conflict, match="asked for already"):
        ask_by_hand(conn, made.lead(), made.submission)
    assert rate(conn, made, made.gus).outcome is Outcome.DEMONSTRATED
    with pytest.raises(Conflict, match="decided meanwhile"):
        ask_by_hand(conn, made.lead(), made.submission)


def test_the_first_of_a_new_rubric_are_rated_twice(conn: Connection) -> None:
    made = twice(conn, second_first=2)
    later = waiting(conn, made, 3)
    results = [rate(conn, made, made.greta, submission=one) for one in (made.submission, *later)]
    assert results == [SECOND, SECOND, Result(Outcome.DEMONSTRATED), Result(Outcome.DEMONSTRATED)]
    assert [row.why for row in rows(conn, SecondRating)] == [SampledFor.NEW_RUBRIC] * 2


@pytest.mark.parametrize(("version", "why"), [((1, 1), None), ((2, 0), SampledFor.NEW_RUBRIC)])
def test_a_rubric_with_other_wording_only_is_not_new(
    conn: Connection, version: tuple[int, int], why: SampledFor | None
) -> None:
    made = twice(conn, second_first=1)
    (later,) = waiting(conn, made, 1)
    assert rate(conn, made, made.greta) == SECOND
    (used,) = rows(conn, Rubric, id=made.course.rubrics[0])
    newer = new_id()
    assert (used.major, used.minor) == (1, 0)
    add(conn, Rubric(**used._asdict() | {"id": newer, "major": version[0], "minor": version[1]}))
    found = graded_submission(conn, made.grader(), later)
    assert asked_after(conn, replace(found, rubric_id=newer), Outcome.DEMONSTRATED) is why


def test_what_was_returned_does_not_count_among_the_first(conn: Connection) -> None:
    made = twice(conn, second_first=1)
    (later,) = waiting(conn, made, 1)
    claim(conn, made.grader(), made.submission, LEASE)
    typed = made.typed(message="The log is missing.")
    give_back(conn, made.grader(), made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
    assert rate(conn, made, made.greta, submission=later) == SECOND


def test_a_draft_of_before_becomes_the_second_rating(conn: Connection) -> None:
    made = twice(conn)
    claim(conn, made.grader(made.gus), made.submission, LEASE)
    save(conn, made.grader(made.gus), made.submission, made.typed("exceeds"), LEASE)
    conn.execute(table(Claim).delete())
    rate(conn, made, made.greta)
    assert rate(conn, made, made.gus, version=1).outcome is Outcome.DEMONSTRATED
    assert {one: who for one, (who, _) in _ratings(conn).items()} == {
        Purpose.FIRST: made.greta,
        Purpose.SECOND: made.gus,
    }


def test_what_a_lead_sent_back_is_rated_again_and_not_drawn_again(conn: Connection) -> None:
    made = twice(conn, second_percent=100, review=Review.ALL)
    rate(conn, made, made.greta)
    rate(conn, made, made.gus, post_after=AT_ONCE)
    (agreed,) = rows(conn, Decision)
    send_back(conn, made.lead(), made.submission, agreed.id, "Look at the log again.")
    with pytest.raises(Conflict):
        claim(conn, made.grader(made.gus), made.submission, LEASE)
    with pytest.raises(Conflict, match="sent it back"):
        ask_by_hand(conn, made.lead(), made.submission)
    result = rate(conn, made, made.greta, "meets", "not-yet", version=1)
    assert result == Result(Outcome.NOT_YET)
    (again,) = [row for row in rows(conn, Decision) if row.id != agreed.id]
    assert (again.supersedes_id, again.way, again.rating_id) == (agreed.id, Way.ONE_RATING, agreed.rating_id)
    assert (len(rows(conn, SecondRating)), rows(conn, Posting)) == (1, [])


def test_a_lease_that_ended_during_the_second_rating(conn: Connection) -> None:
    made = twice(conn)
    rate(conn, made, made.greta)
    claim(conn, made.grader(made.gus), made.submission, LEASE)
    later = NOW + LEASE + timedelta(seconds=1)
    other = make.with_role(conn, Role.GRADER, "Gil Moss", made.cohort)
    claim(conn, made.grader(other, later), made.submission, LEASE)
    with pytest.raises(Clashed, match="Your claim had ended"):
        decide(conn, made.grader(made.gus, later), made.submission, made.typed("meets", "meets"), lasts=LEASE)
    assert len(rows(conn, Rating)) == 1


def test_first_ratings_that_end_at_once_are_counted_right(db: Database) -> None:
    made: School = db.write_now(twice, second_first=3)
    every = [made.submission, *db.write_now(waiting, made, 7)]
    people = [db.write_now(make.with_role, Role.GRADER, f"Grader{i} Moss", made.cohort) for i in range(8)]

    def press(pair: tuple[str, str]) -> Result:
        return db.write_now(rate, made, pair[0], submission=pair[1])

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(press, zip(people, every, strict=True)))
    assert (results.count(SECOND), results.count(Result(Outcome.DEMONSTRATED))) == (3, 5)


def test_presses_of_both_raters_at_once_make_one_decision(db: Database) -> None:
    made: School = db.write_now(twice)
    db.write_now(rate, made, made.greta)
    db.write_now(claim, made.grader(made.gus), made.submission, LEASE)
    people = [made.grader(), made.grader(made.gus)] * 4

    def press(visitor: Any) -> Result:
        typed = made.typed("meets", "meets")
        return db.write_now(decide, visitor, made.submission, typed, lasts=LEASE, post_after=AT_ONCE)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(press, people))
    assert set(results) <= {SECOND, Result(Outcome.DEMONSTRATED)}
    assert [len(db.read_now(rows, model)) for model in (Decision, Posting, OutboxMessage, Rating)] == [1, 1, 1, 2]


def test_rating_takes_a_constant_number_of_statements(db: Database) -> None:
    made: School = db.write_now(twice)
    taken = []
    for person in (made.greta, made.gus):
        db.write_now(claim, made.grader(person), made.submission, LEASE)
        with statements(db) as count:
            typed = made.typed("meets", "meets")
            db.write_now(decide, made.grader(person), made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
        taken.append(count.number)
    assert (taken[0] <= 15, taken[1] <= 25) == (True, True), taken
