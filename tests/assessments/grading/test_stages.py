"""The stages between a rating and the learner: as a pure function, and the same asked in SQL."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import Connection

from assessments.grading.changed import Changed, Said, changed
from assessments.grading.items import held_items
from assessments.grading.models import DecisionReview, Outcome, Posting, ReviewResult, Way
from assessments.grading.review import Part, review_page
from assessments.grading.stages import Stage, asks_review, stage_of
from assessments.terms.models import GradingTerms, Review
from fourweek.database import add
from tests import factories as make
from tests.assessments.grading.factories import NOW, School, school, waiting


@pytest.mark.parametrize(
    ("asked", "outcomes"),
    [
        (Review.NONE, set()),
        (Review.NOT_YET, {Outcome.NOT_YET}),
        (Review.ALL, {Outcome.NOT_YET, Outcome.DEMONSTRATED}),
    ],
)
def test_terms_say_what_a_lead_looks_at(asked: Review, outcomes: set[Outcome]) -> None:
    for way in (Way.ONE_RATING, Way.AGREED):
        assert {one for one in Outcome if asks_review(asked, one, way)} == outcomes
    for way in (Way.RECONCILED, Way.CHANGED, Way.APPEALED):
        assert not any(asks_review(asked, one, way) for one in Outcome)


def test_stages_follow_from_review_and_posting() -> None:
    later = NOW + timedelta(seconds=1)
    for asks, result in product((True, False), (None, *ReviewResult)):
        assert stage_of(asks=asks, result=result, posted_at=NOW, now=NOW) is Stage.POSTED
        assert stage_of(asks=asks, result=result, posted_at=later, now=NOW) is Stage.TO_COME
    expected = {
        (True, None): Stage.TO_REVIEW,
        (False, None): Stage.READY,
        (True, ReviewResult.READY): Stage.READY,
        (False, ReviewResult.READY): Stage.READY,
        (True, ReviewResult.SENT_BACK): Stage.SENT_BACK,
        (False, ReviewResult.SENT_BACK): Stage.SENT_BACK,
    }
    for (asks, result), stage in expected.items():
        assert stage_of(asks=asks, result=result, posted_at=None, now=NOW) is stage


@pytest.mark.parametrize("asked", Review)
def test_the_page_lists_what_the_pure_rule_says(conn: Connection, asked: Review) -> None:
    made = school(conn)
    add(conn, GradingTerms(cohort_id=made.cohort, review=asked))
    ids = _one_of_each(conn, made)
    items = held_items(conn, made.lead(), ids)
    stages = {item.id: item.stage(NOW) for item in items}
    assert stages.keys() == set(ids)
    for part, stage in ((Part.REVIEW, Stage.TO_REVIEW), (Part.READY, Stage.READY), (Part.POSTED, Stage.TO_COME)):
        page = review_page(conn, made.lead(), part)
        assert {row.decision_id for row in page.rows} == {one for one, at in stages.items() if at is stage}
        assert page.counts[part] == len(page.rows)


def _one_of_each(conn: Connection, made: School) -> list[str]:
    """A decision of every outcome, way and review that is not sent back, and two that are posted."""
    kinds = list(product(Outcome, (Way.ONE_RATING, Way.CHANGED), (None, ReviewResult.READY)))
    submissions = [made.submission, *waiting(conn, made, len(kinds) + 1)]
    ids = [make.decided(conn, made.course, one, made.greta) for one in submissions[len(kinds) :]]
    for one, at in zip(ids, (NOW, NOW + timedelta(seconds=9)), strict=True):
        add(conn, Posting(decision_id=one, posted_at=at, posted_by=made.greta))
    for submission, (outcome, way, result) in zip(submissions[: len(kinds)], kinds, strict=True):
        made_id = make.decided(conn, made.course, submission, made.greta, outcome=outcome, way=way)
        ids.append(made_id)
        if result is not None:
            add(conn, DecisionReview(decision_id=made_id, result=result, reviewed_by=made.lena, reviewed_at=NOW))
    return ids


def test_what_changed_is_told_in_the_order_of_the_newer_one() -> None:
    before = [Said("a", "Method", "Meets", True), Said("b", "Result", "", False), Said("c", "Old", "Meets", True)]
    now = [Said("b", "Result", "Partly", False), Said("a", "Method", "Meets", True), Said("d", "New", "Meets", True)]
    assert changed(before, now) == (
        Changed("Result", "", "Partly", False, False),
        Changed("New", "", "Meets", False, True),
    )
    assert changed(before, before) == ()
