"""How attempts add up."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.evidence.models import SubmissionState
from assessments.evidence.standing import Attempt, as_of, is_first, last_handed_in, may_begin, standing, used
from assessments.grading.models import Outcome
from courses.coursework import WorkState
from tests import factories as make

DRAFT, SUBMITTED, DECIDED = SubmissionState.DRAFT, SubmissionState.SUBMITTED, SubmissionState.DECIDED


def _attempts(*outcomes: Outcome | None, draft: bool = False) -> list[Attempt]:
    made = [Attempt(n, DECIDED if o else SUBMITTED, outcome=o) for n, o in enumerate(outcomes, 1)]
    return [*made, Attempt(len(made) + 1, DRAFT)] if draft else made


@pytest.mark.parametrize(
    ("attempts", "state", "count", "begin"),
    [
        (_attempts(), WorkState.NOT_STARTED, 0, True),
        (_attempts(draft=True), WorkState.DRAFT, 0, False),
        (_attempts(None), WorkState.SUBMITTED, 1, False),
        (_attempts(Outcome.NOT_YET), WorkState.NOT_YET, 1, True),
        (_attempts(Outcome.RETURNED_INCOMPLETE), WorkState.RETURNED, 0, True),
        (_attempts(Outcome.NOT_YET, draft=True), WorkState.DRAFT, 1, False),
        (_attempts(Outcome.NOT_YET, Outcome.NOT_YET), WorkState.NOT_YET, 2, False),
        (_attempts(Outcome.RETURNED_INCOMPLETE, Outcome.NOT_YET), WorkState.NOT_YET, 1, True),
        (_attempts(Outcome.NOT_YET, Outcome.DEMONSTRATED), WorkState.DEMONSTRATED, 2, False),
        (_attempts(Outcome.DEMONSTRATED, draft=True), WorkState.DEMONSTRATED, 1, False),
    ],
)
def test_standing_with_two_attempts_allowed(
    attempts: list[Attempt], state: WorkState, count: int, *, begin: bool
) -> None:
    assert (standing(attempts), used(attempts), may_begin(attempts, 2)) == (state, count, begin)


def test_decided_but_not_posted_still_waits() -> None:
    assert standing([Attempt(1, DECIDED)]) is WorkState.SUBMITTED


def _taken_back(number: int) -> Attempt:
    at = make.START + timedelta(hours=number)
    return Attempt(number, SubmissionState.WITHDRAWN, submitted_at=at, withdrawn_at=at + timedelta(minutes=30))


@given(outcomes=st.lists(st.sampled_from([*Outcome, None])), places=st.lists(st.integers(0, 9)), draft=st.booleans())
def test_what_was_taken_back_changes_nothing(outcomes: list[Outcome | None], places: list[int], *, draft: bool) -> None:
    """An assignment stands as if what was taken back had never been handed in."""
    plain = _attempts(*outcomes, draft=draft)
    mixed = list(plain)
    for place in places:
        mixed.insert(min(place, len(outcomes)), _taken_back(0))
    mixed = [replace(attempt, number=number) for number, attempt in enumerate(mixed, 1)]
    for limit in (None, 1, 2):
        assert (standing(mixed), used(mixed), may_begin(mixed, limit)) == (
            standing(plain),
            used(plain),
            may_begin(plain, limit),
        )
    assert [is_first(mixed, one.number) for one in mixed if not one.is_withdrawn] == [
        is_first(plain, one.number) for one in plain
    ]


def test_before_it_was_taken_back_it_waited() -> None:
    one = _taken_back(1)
    assert as_of(one, make.START).state is DRAFT
    assert as_of(one, make.START + timedelta(hours=1)).state is SUBMITTED
    assert as_of(one, make.START + timedelta(hours=2)) == one


@given(outcomes=st.lists(st.sampled_from([*Outcome, None])), draft=st.booleans(), limit=st.integers(1, 5))
def test_attempts_are_never_used_up_by_returns(outcomes: list[Outcome | None], limit: int, *, draft: bool) -> None:
    attempts = _attempts(*outcomes, draft=draft)
    returned = sum(outcome is Outcome.RETURNED_INCOMPLETE for outcome in outcomes)
    assert used(attempts) == len(outcomes) - returned
    if may_begin(attempts, limit):
        assert used(attempts) < limit
        assert not draft
    newest = last_handed_in(attempts)
    assert (newest.number if newest else 0) == len(outcomes)
