"""Who is drawn for a second rating, and when two ratings agree."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.deciding.rules import EVERY, Rule
from assessments.grading.models import Outcome
from assessments.grading.rules import Criterion, Level, Scoring
from assessments.second.agreement_rule import differing
from assessments.second.models import SampledFor
from assessments.second.sampling import in_sample, sampled_for
from assessments.terms.models import GradingTerms
from fourweek.database import new_id

KEYS = ("not-yet", "nearly", "meets", "exceeds")
LEVELS = tuple(Level(key, key, key, "") for key in KEYS)
CRITERIA = tuple(Criterion(key, key, key, "", "", ("report",), "meets", LEVELS) for key in ("one", "two"))
level = st.sampled_from(KEYS)
both = st.tuples(level, level)


def _terms(**changes: Any) -> GradingTerms:
    return GradingTerms(cohort_id="c", **changes)


def _scoring(levels: tuple[str, ...]) -> Scoring:
    return Scoring(dict(zip(("one", "two"), levels, strict=False)))


def _place(key: str) -> int:
    return KEYS.index(key)


@pytest.mark.parametrize(
    ("terms", "before", "outcome", "why"),
    [
        ({}, 0, Outcome.NOT_YET, None),
        ({"second_first": 2}, 1, Outcome.DEMONSTRATED, SampledFor.NEW_RUBRIC),
        ({"second_first": 2}, 2, Outcome.NOT_YET, None),
        ({"second_first": 2, "second_not_yet": True}, 2, Outcome.NOT_YET, SampledFor.NOT_YET),
        ({"second_not_yet": True}, 0, Outcome.DEMONSTRATED, None),
        ({"second_percent": 100}, 9, Outcome.DEMONSTRATED, SampledFor.SAMPLE),
        ({"second_percent": 100, "second_not_yet": True}, 9, Outcome.NOT_YET, SampledFor.NOT_YET),
    ],
)
def test_the_first_of_a_rubric_then_not_yet_then_the_sample(
    terms: dict[str, Any], before: int, outcome: Outcome, why: SampledFor | None
) -> None:
    assert sampled_for(_terms(**terms), before, outcome, "01HZ") is why


@settings(max_examples=100)
@given(st.text(min_size=1, max_size=26), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_share_keeps_what_a_smaller_one_drew(submission: str, one: int, other: int) -> None:
    assert in_sample(submission, one) is in_sample(submission, one)
    assert in_sample(submission, max(one, other)) or not in_sample(submission, min(one, other))
    assert in_sample(submission, 100)
    assert not in_sample(submission, 0)


@pytest.mark.parametrize("percent", [5, 20, 50, 90])
def test_as_many_are_drawn_as_the_terms_say(percent: int) -> None:
    count = 4_000
    drawn = sum(in_sample(new_id(), percent) for _ in range(count))
    spread = (count * percent / 100 * (1 - percent / 100)) ** 0.5
    assert abs(drawn - count * percent / 100) < 5 * spread


@settings(max_examples=100)
@given(both, both, st.integers(0, 3))
def test_they_agree_where_both_say_the_same_of_met_and_stand_close(
    first: tuple[str, ...], second: tuple[str, ...], tolerance: int
) -> None:
    one, other = _scoring(first), _scoring(second)
    apart = differing(CRITERIA, one, other, tolerance)
    for key, a, b in zip(("one", "two"), first, second, strict=True):
        same_side = (_place(a) >= _place("meets")) is (_place(b) >= _place("meets"))
        assert (key not in apart) is (same_side and abs(_place(a) - _place(b)) <= tolerance)
    assert differing(CRITERIA, other, one, tolerance) == apart
    assert set(differing(CRITERIA, one, other, tolerance + 1)) <= set(apart)
    assert differing(CRITERIA, one, one, 0) == ()


@pytest.mark.parametrize("levels", [(), ("meets",), ("meets", "perfect")])
def test_what_has_no_level_agrees_with_nothing(levels: tuple[str, ...]) -> None:
    assert differing(CRITERIA, _scoring(levels), _scoring(("meets", "meets")), 3)[-1:] == ("two",)


def test_a_floor_above_what_is_required_divides_too() -> None:
    rule = Rule(weights={"one": 1, "two": 1}, mark=50, floors={"one": "exceeds"})
    one, other = _scoring(("meets", "meets")), _scoring(("exceeds", "meets"))
    assert differing(CRITERIA, one, other, 1, rule) == ("one",)
    assert differing(CRITERIA, one, other, 1, EVERY) == ()
