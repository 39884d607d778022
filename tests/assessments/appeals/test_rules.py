"""The window on the wall clock, what an appeal needs, and that nothing ever falls."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.appeals.rules import (
    LONGEST,
    MOST_A_DAY,
    Arguments,
    adjusted,
    after_appeal,
    appeal_ends,
    appeal_problems,
    message_problems,
    raised,
)
from assessments.deciding.rules import EVERY, Rule
from assessments.grading.models import Outcome
from assessments.grading.rules import Criterion, Level, Scoring, judge
from courses.schedule.zones import zone

KEYS = ("not-yet", "meets", "exceeds")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo")


def criterion(key: str) -> Criterion:
    levels = tuple(Level(f"{key}-{level}", level, level.capitalize(), "") for level in KEYS)
    return Criterion(key, key, key.upper(), "", "Diagnose", ("report",), "meets", levels)


RUBRIC = tuple(criterion(key) for key in ("a", "b", "c"))
WEIGHTED = Rule({"a": 2, "b": 1}, 60)
levels = st.fixed_dictionaries({key: st.sampled_from(KEYS) for key in ("a", "b", "c")})


@pytest.mark.parametrize(
    ("posted", "days", "where", "ends"),
    [
        ("2026-11-03T09:00Z", 14, "Europe/Berlin", "2026-11-17T23:00Z"),
        ("2026-10-20T09:00Z", 14, "Europe/Berlin", "2026-11-03T23:00Z"),  # the clock goes back between the two
        ("2026-03-20T09:00Z", 14, "Europe/Berlin", "2026-04-03T22:00Z"),  # and forward
        ("2026-11-02T23:30Z", 0, "Europe/Berlin", "2026-11-03T23:00Z"),  # already the next day there
        ("2026-04-16T09:00Z", 7, "Africa/Cairo", "2026-04-23T22:00Z"),  # midnight does not exist: at the jump
        ("2026-10-22T09:00Z", 7, "Africa/Cairo", "2026-10-29T22:00Z"),  # 23:00 to 24:00 comes twice, and both count
    ],
)
def test_window_ends_with_the_day_on_the_cohorts_wall_clock(posted: str, days: int, where: str, ends: str) -> None:
    assert appeal_ends(_at(posted), days, zone(where)) == _at(ends)


def test_terms_without_days_take_no_appeals() -> None:
    assert appeal_ends(_at("2026-11-03T09:00Z"), None, zone("UTC")) is None


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 2 * 366 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.integers(0, 60),
    st.sampled_from(ZONES),
)
def test_window_lasts_whole_days_and_no_longer(posted: datetime, days: int, name: str) -> None:
    where: ZoneInfo = zone(name)
    ends = appeal_ends(posted, days, where)
    assert ends is not None
    last = (ends - timedelta(microseconds=1)).astimezone(where).date()
    assert last == posted.astimezone(where).date() + timedelta(days=days)
    assert ends.astimezone(where).date() == last + timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(levels, levels, st.sets(st.sampled_from(("a", "b", "c")), min_size=1), st.sampled_from((EVERY, WEIGHTED)))
def test_an_appeal_never_lowers_a_level_nor_an_outcome(
    decided: dict[str, str], rated: dict[str, str], chosen: set[str], rule: Rule
) -> None:
    appealed = [one for one in RUBRIC if one.key in chosen]
    first, weighed = Scoring(decided), Scoring({key: rated[key] for key in chosen}, {"a": "Seen."})
    after = after_appeal(RUBRIC, appealed, first, weighed, "So it is.")
    for one in RUBRIC:
        before, now = KEYS.index(decided[one.key]), KEYS.index(after.level(one.key))
        assert now == (max(before, KEYS.index(rated[one.key])) if one.key in chosen else before)
    was, is_now = judge(RUBRIC, first, (), rule), judge(RUBRIC, after, (), rule)
    assert was.outcome is Outcome.NOT_YET or is_now.outcome is Outcome.DEMONSTRATED
    up = {one.key for one in raised(appealed, first, weighed)}
    assert up == {key for key in ("a", "b", "c") if after.level(key) != decided[key]}


def test_what_rises_takes_the_new_comment_and_the_rest_keeps_its_own() -> None:
    first = Scoring({"a": "not-yet", "b": "not-yet", "c": "meets"}, {"a": "Not there.", "b": "Nor here.", "c": "Good."})
    weighed = Scoring({"a": "meets", "b": "not-yet"}, {"a": "It is, on page 2.", "b": "Still not."})
    after = after_appeal(RUBRIC, RUBRIC[:2], first, weighed, "Read again.")
    assert after.comments == {"a": "It is, on page 2.", "b": "Nor here.", "c": "Good."}
    assert after.comment == "Read again."
    silent = after_appeal(RUBRIC, RUBRIC[:2], first, Scoring({"a": "exceeds", "b": "not-yet"}), "")
    assert silent.comment_on("a") == "Raised after an appeal."


def test_adjusting_is_told_by_levels_alone() -> None:
    rated = Scoring({"a": "meets", "b": "meets"}, {"a": "One."})
    assert adjusted(RUBRIC[:2], rated, Scoring({"a": "meets", "b": "meets"}, {"a": "Two."})) == ()
    assert adjusted(RUBRIC[:2], rated, Scoring({"a": "exceeds", "b": "meets"})) == RUBRIC[:1]


DECIDED = Scoring({"a": "not-yet", "b": "meets", "c": "exceeds"})


@pytest.mark.parametrize(
    ("ticked", "said", "field"),
    [
        ({"a"}, {"a": "There."}, None),
        ({"a", "b"}, {"a": "There.", "b": "And there."}, None),
        (set(), {}, ""),
        ({"a"}, {}, "argument-a"),
        ({"a"}, {"a": " \n\t"}, "argument-a"),
        ({"a"}, {"a": "x" * (LONGEST + 1)}, "argument-a"),
        ({"a"}, {"a": "There.", "b": "But not chosen."}, "appeal-b"),
        ({"c"}, {"c": "More!"}, "appeal-c"),
        ({"nobody-knows"}, {"nobody-knows": "There."}, ""),
        ({"a"}, {"a": "There.", "nobody-knows": "x"}, ""),
    ],
)
def test_what_an_appeal_needs(ticked: set[str], said: dict[str, str], field: str | None) -> None:
    problems = appeal_problems(RUBRIC, DECIDED, Arguments(frozenset(ticked), said))
    assert list(problems) == ([] if field is None else [field])


def test_messages_are_limited_in_length_and_number() -> None:
    assert message_problems("Hello.", MOST_A_DAY - 1) == {}
    for text, lately in (("  ", 0), ("x" * (LONGEST + 1), 0), ("Hello.", MOST_A_DAY)):
        assert "message" in message_problems(text, lately)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
