"""A lead's look before posting: found ready, or sent back to be rated again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from assessments.evidence.models import Step, Submission, SubmissionState
from assessments.grading.access import graded_submission
from assessments.grading.claims import take
from assessments.grading.decisions import decide, replace
from assessments.grading.errors import Clashed
from assessments.grading.forms import Change
from assessments.grading.looked_at import looked_at
from assessments.grading.models import Decision, DecisionReview, Outcome, Posting, Rating, RatingState, ReviewResult
from assessments.grading.postings import post, post_many
from assessments.grading.queries import current_decision, kept_rating
from assessments.grading.reviews import find_ready, send_back
from assessments.grading.rules import Scoring
from assessments.grading.stages import Stage
from assessments.terms.models import GradingTerms, Review
from fourweek.accounts.models import Role, RoleGrant
from fourweek.database import Database, add, table
from fourweek.errors import Conflict, Forbidden, Invalid, NotFound
from fourweek.outbox import OutboxMessage
from tests import factories as make
from tests.assessments.grading.factories import LEASE, NOW, School, acts, claimed, rows, waiting

AT_ONCE = timedelta()
NOTE = "The log of Tuesday says otherwise."


def _rated(conn: Connection, review: Review = Review.ALL) -> tuple[School, str]:
    """A decision that greta made and wanted posted, in a cohort where leads look at decisions first."""
    made = claimed(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, review=review))
    typed = made.typed("meets", "not-yet")
    result = decide(conn, made.grader(), made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
    assert result.goes_to_lead
    decision = current_decision(conn, made.submission)
    assert decision is not None
    return made, decision.id


def _submission(conn: Connection, made: School) -> Submission:
    (row,) = rows(conn, Submission, id=made.submission)
    return Submission(**row._asdict())


def test_what_a_lead_has_to_look_at_is_not_posted_by_anybody(conn: Connection) -> None:
    made, decision = _rated(conn)
    for visitor in (made.grader(), made.lead(), made.registrar()):
        with pytest.raises(Conflict, match="A lead looks at this decision"):
            post(conn, visitor, made.submission, AT_ONCE)
    assert post_many(conn, made.lead(), [decision], AT_ONCE).refused[0].endswith("a lead looks at it first")
    assert (rows(conn, Posting), rows(conn, OutboxMessage)) == ([], [])


def test_found_ready_it_is_posted_by_whoever_may(conn: Connection) -> None:
    made, decision = _rated(conn)
    for visitor in (made.grader(), make.visitor(made.alice, NOW)):
        with pytest.raises(NotFound):
            find_ready(conn, visitor, [decision])
    assert find_ready(conn, made.lead(), [decision, "unknown"]).done == 1
    assert find_ready(conn, made.lead(), [decision]).done == 0
    (review,) = rows(conn, DecisionReview)
    assert (review.result, review.reviewed_by, review.reviewed_at) == (ReviewResult.READY, made.lena, NOW)
    assert acts(conn, "decision") == ["decision.made", "decision.ready"]
    post(conn, made.grader(), made.submission, AT_ONCE)
    assert [row.decision_id for row in rows(conn, Posting)] == [decision]
    assert find_ready(conn, made.lead(), [decision]).refused[0].endswith("it is posted already")


def test_many_are_found_ready_at_once(conn: Connection) -> None:
    made, first = _rated(conn)
    ids = [first, *(make.decided(conn, made.course, one, made.greta) for one in waiting(conn, made, 3))]
    assert find_ready(conn, made.lead(), ids).done == 4
    assert post_many(conn, made.lead(), ids, AT_ONCE).done == 4


def test_sent_back_it_waits_for_its_grader_with_what_they_had(conn: Connection) -> None:
    made, decision = _rated(conn)
    with pytest.raises(Forbidden):
        send_back(conn, made.grader(), made.submission, decision, NOTE)
    with pytest.raises(Invalid):
        send_back(conn, made.lead(), made.submission, decision, " ")
    send_back(conn, made.lead(), made.submission, decision, NOTE)
    send_back(conn, made.lead(), made.submission, decision, NOTE)
    now = _submission(conn, made)
    assert (now.state, now.step, now.given_to, now.given_by) == (
        SubmissionState.SUBMITTED,
        Step.RATING,
        made.greta,
        made.lena,
    )
    (rating,) = rows(conn, Rating)
    assert (rating.state, rating.done_at) == (RatingState.DRAFT, None)
    kept = kept_rating(conn, made.submission, made.greta)
    assert kept is not None
    assert kept.scoring.levels == made.typed("meets", "not-yet").scoring.levels
    assert kept.scoring.comment == "Clear work."
    (letter,) = rows(conn, OutboxMessage)
    assert (letter.kind, letter.person_id, letter.data["note"]) == ("sent_back", made.greta, NOTE)
    assert acts(conn, "decision") == ["decision.made", "decision.sent_back"]
    with pytest.raises(Conflict):
        post(conn, made.lead(), made.submission, AT_ONCE)
    assert post_many(conn, made.lead(), [decision], AT_ONCE).refused[0].endswith("it waits for its grader again")


def test_the_next_decision_takes_its_place_and_is_looked_at_again(conn: Connection) -> None:
    made, first = _rated(conn)
    send_back(conn, made.lead(), made.submission, first, NOTE)
    assert take(conn, made.grader(), made.submission, LEASE)
    typed = made.typed("meets", "meets", version=1)
    result = decide(conn, made.grader(), made.submission, typed, lasts=LEASE, post_after=AT_ONCE)
    assert (result.outcome, result.goes_to_lead) == (Outcome.DEMONSTRATED, True)
    second = current_decision(conn, made.submission)
    assert second is not None
    assert (second.supersedes_id, second.reason) == (first, NOTE)
    assert find_ready(conn, made.lead(), [second.id]).done == 1
    post(conn, made.lead(), made.submission, AT_ONCE)
    assert [row.decision_id for row in rows(conn, Posting)] == [second.id]
    assert [row.kind for row in rows(conn, OutboxMessage)] == ["sent_back", "posted"]


def test_a_grader_who_grades_there_no_more_is_told_and_anybody_may_take_it(conn: Connection) -> None:
    made, decision = _rated(conn)
    grants = table(RoleGrant)
    conn.execute(grants.delete().where(grants.c.person_id == made.greta, grants.c.role == Role.GRADER))
    send_back(conn, made.lead(), made.submission, decision, NOTE)
    assert _submission(conn, made).given_to is None


def test_what_stands_is_changed_and_not_sent_back(conn: Connection) -> None:
    made, decision = _rated(conn)
    find_ready(conn, made.lead(), [decision])
    with pytest.raises(Conflict, match="found ready meanwhile"):
        send_back(conn, made.lead(), made.submission, decision, NOTE)
    change = Change(decision, "Misread.", Scoring({"criterion-0": "meets", "criterion-1": "meets"}, {}, "Good."))
    replace(conn, made.lead(), made.submission, change)
    changed = current_decision(conn, made.submission)
    assert changed is not None
    for one, why in ((decision, "changed meanwhile"), (changed.id, "change the decision"), ("unknown", "changed")):
        with pytest.raises(Conflict, match=why):
            send_back(conn, made.lead(), made.submission, one, NOTE)
    post(conn, made.lead(), made.submission, timedelta(seconds=60))
    with pytest.raises(Conflict, match="Take the posting back first"):
        send_back(conn, made.lead(), made.submission, changed.id, NOTE)


def test_a_stale_page_decides_nothing_on_what_came_back(conn: Connection) -> None:
    made, decision = _rated(conn)
    send_back(conn, made.lead(), made.submission, decision, NOTE)
    with pytest.raises(Clashed):
        decide(conn, made.grader(), made.submission, made.typed("meets", "not-yet"), lasts=LEASE)
    change = Change(decision, "Misread.", Scoring({"criterion-0": "meets", "criterion-1": "meets"}, {}, "Good."))
    with pytest.raises(Conflict):
        replace(conn, made.lead(), made.submission, change)
    assert len(rows(conn, Decision)) == 1


def test_the_screen_says_what_a_lead_made_of_it(conn: Connection) -> None:
    made, decision = _rated(conn)
    for visitor, may in ((made.lead(), True), (made.grader(), False)):
        look = looked_at(conn, graded_submission(conn, visitor, made.submission), decision, NOW)
        assert (look.stage, look.may_review, look.may_send_back, look.every) == (Stage.TO_REVIEW, may, may, True)
    send_back(conn, made.lead(), made.submission, decision, NOTE)
    look = looked_at(conn, graded_submission(conn, made.grader(), made.submission), decision, NOW)
    assert (look.words, look.note, look.may_send_back) == ("Sent back by Lena Moor", NOTE, False)
    none = looked_at(conn, graded_submission(conn, made.grader(), made.submission), None, NOW)
    assert (none.stage, none.asks) == (None, "A lead looks at each decision before it is posted.")


def test_two_leads_at_once_one_look_holds(db: Database) -> None:
    made, decision = db.write_now(_rated)

    def press(number: int) -> str:
        try:
            if number % 2:
                return str(db.write_now(find_ready, made.lead(), [decision]).done)
            db.write_now(send_back, made.lead(), made.submission, decision, NOTE)
        except Conflict:
            return "refused"
        return "sent back"

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(press, range(6)))
    (review,) = db.read_now(rows, DecisionReview)
    found = review.result is ReviewResult.READY
    assert said.count("1") == (1 if found else 0)
    assert said.count("sent back") == (0 if found else 3)
