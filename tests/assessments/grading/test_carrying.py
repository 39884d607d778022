"""What is carried over from earlier attempts, for any run of verdicts."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.grading.carrying import Carried, Reached, Verdict, carried_over, still_asked, with_carried
from assessments.grading.models import Outcome
from assessments.grading.rules import Criterion, Level, Scoring, judge

LEVELS = ("not-yet", "meets", "exceeds")
KEYS = ("a", "b", "c")
RUBRIC = tuple(
    Criterion(key, key, key, "", "", (), "meets", tuple(Level(f"{key}-{one}", one, one, "") for one in LEVELS))
    for key in KEYS
)
FULL = st.fixed_dictionaries({key: st.sampled_from(LEVELS) for key in KEYS})
RUNS = st.lists(st.one_of(FULL, FULL, st.just({})), max_size=6)


def _verdicts(run: list[dict[str, str]]) -> list[Verdict]:
    return [
        Verdict(number, {key: Reached(level, level != "not-yet") for key, level in levels.items()})
        for number, levels in enumerate(run, 1)
    ]


@given(run=RUNS)
def test_carried_is_what_the_newest_verdict_met(run: list[dict[str, str]]) -> None:
    carried = carried_over(_verdicts(run))
    told = [(number, levels) for number, levels in enumerate(run, 1) if levels]
    newest = told[-1][1] if told else {}
    assert {key: one.level for key, one in carried.items()} == {k: v for k, v in newest.items() if v != "not-yet"}
    for key, one in carried.items():
        since = [levels[key] for number, levels in told if number >= one.attempt]
        before = [levels[key] for number, levels in told if number < one.attempt]
        assert "not-yet" not in since
        assert not before or before[-1] == "not-yet"


@given(run=RUNS, given_now=FULL)
def test_every_criterion_is_decided_once_and_met_stays_met(
    run: list[dict[str, str]], given_now: dict[str, str]
) -> None:
    """The decision has a line for each criterion: carried ones by their earlier level, whatever the form said."""
    carried = carried_over(_verdicts(run))
    asked = still_asked(RUBRIC, carried)
    assert {one.key for one in asked} | set(carried) == set(KEYS)
    verdict = judge(RUBRIC, with_carried(Scoring(given_now, {}, "Read."), carried))
    decided = {line.criterion_id: line for line in verdict.lines}
    for key in KEYS:
        level = carried[key].level if key in carried else given_now[key]
        assert decided[key].level_id == f"{key}-{level}"
        assert decided[key].met == (level != "not-yet")
    all_met = all(given_now[one.key] != "not-yet" for one in asked)
    assert verdict.outcome is (Outcome.DEMONSTRATED if all_met else Outcome.NOT_YET)


@given(run=RUNS, given_now=FULL)
def test_carrying_twice_changes_nothing(run: list[dict[str, str]], given_now: dict[str, str]) -> None:
    carried = carried_over(_verdicts(run))
    once = with_carried(Scoring(given_now, {}, ""), carried)
    assert with_carried(once, carried) == once


def test_words_name_the_attempt() -> None:
    assert Carried(3, "meets").words == "Met in attempt 3."
