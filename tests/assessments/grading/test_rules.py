"""What demonstrates, what a decision still needs, what a draft may not hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.models import Outcome
from assessments.grading.rules import (
    COMMENT_LIMIT,
    Criterion,
    Level,
    Scoring,
    decision_problems,
    draft_problems,
    judge,
    reason_problems,
    return_problems,
)

KEYS = ("not-yet", "partly", "meets", "exceeds")


def _criterion(key: str = "method", required: str = "meets") -> Criterion:
    levels = tuple(Level(f"{key}-{level}", level, level.capitalize(), f"It {level}.") for level in KEYS)
    return Criterion(f"id-{key}", key, key.capitalize(), "", "Diagnose", ("report",), required, levels)


RUBRIC = (_criterion("method"), _criterion("result", "partly"))


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)), min_size=1, max_size=6))
def test_demonstrated_iff_every_level_reaches_the_required_one(given_and_required: list[tuple[str, str]]) -> None:
    criteria = [_criterion(f"c{i}", required) for i, (_, required) in enumerate(given_and_required)]
    scoring = Scoring({f"c{i}": level for i, (level, _) in enumerate(given_and_required)})
    verdict = judge(criteria, scoring)
    met = [KEYS.index(level) >= KEYS.index(required) for level, required in given_and_required]
    assert [line.met for line in verdict.lines] == met
    assert (verdict.outcome is Outcome.DEMONSTRATED) == all(met)
    assert [line.level_id for line in verdict.lines] == [f"c{i}-{lvl}" for i, (lvl, _) in enumerate(given_and_required)]


def test_a_rubric_without_criteria_demonstrates_nothing() -> None:
    assert judge((), Scoring()).outcome is Outcome.NOT_YET


def test_judging_without_a_level_is_refused() -> None:
    with pytest.raises(ValueError, match="no level for result"):
        judge(RUBRIC, Scoring({"method": "meets"}))


def test_every_criterion_needs_a_level() -> None:
    assert decision_problems(RUBRIC, Scoring({"method": "meets"}, comment="Fine.")) == {
        "level-result": "Choose a level for “Result”."
    }


def test_level_that_is_not_in_the_rubric_is_refused_even_in_a_draft() -> None:
    scoring = Scoring({"method": "wonderful"})
    assert draft_problems(RUBRIC, scoring) == {
        "level-method": "This level is not in the rubric. Choose one of those shown."
    }
    assert "level-method" in decision_problems(RUBRIC, scoring)


def test_not_yet_needs_a_comment_and_demonstrated_does_not() -> None:
    weak, good = {"method": "partly", "result": "meets"}, {"method": "meets", "result": "partly"}
    asked = {"comment": "Say in at least one comment what the evidence does not show yet."}
    assert decision_problems(RUBRIC, Scoring(weak)) == asked
    assert decision_problems(RUBRIC, Scoring(weak, {"method": " \n"}, "  ")) == asked
    assert decision_problems(RUBRIC, Scoring(weak, {"result": "Why?"})) == {}
    assert decision_problems(RUBRIC, Scoring(weak, comment="Why?")) == {}
    assert decision_problems(RUBRIC, Scoring(good)) == {}


def test_a_draft_may_be_incomplete() -> None:
    assert draft_problems(RUBRIC, Scoring({"method": ""}, {"result": "x" * COMMENT_LIMIT})) == {}


@pytest.mark.parametrize(
    ("scoring", "name"),
    [(Scoring(comment="x" * 50_000), "comment"), (Scoring(comments={"method": "x" * 50_000}), "comment-method")],
)
def test_comment_too_long_says_both_numbers(scoring: Scoring, name: str) -> None:
    assert draft_problems(RUBRIC, scoring) == {name: "This has 50,000 characters; at most 8,000 are kept. Shorten it."}


def test_returning_and_reasons_need_words() -> None:
    assert return_problems(" ") == {"message": "Say what is missing, so that it can be added."}
    assert set(return_problems("x" * (COMMENT_LIMIT + 1))) == {"message"}
    assert return_problems("The log is missing.") == {}
    assert reason_problems("\t") == {"reason": "Give the reason; it is kept with the record."}
    assert set(reason_problems("x" * 501)) == {"reason"}
    assert reason_problems("Misread the log.") == {}
