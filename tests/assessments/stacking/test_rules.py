"""Which badges meet a rule: checked against every set of badges that there is."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.badges.ends import months_later
from assessments.stacking.rules import Asked, Earned, Met, Progress, meeting, progress

DAY_ONE = date(2026, 1, 31)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
COURSES = ("pumps", "valves", "motors", "grids")


def earned(course: str, day: int, *, ends: int | None = None, number: int = 0) -> Earned:
    """A badge of a course, `day` days after the first day; `ends` days after that it is over."""
    on = DAY_ONE + timedelta(days=day)
    at = datetime.combine(on, time(12), UTC)
    until = at + timedelta(days=ends) if ends is not None else None
    return Earned(f"{course}-{day}-{number}", course, at, on, until)


def asked(needed: int, months: int = 0, courses: tuple[str, ...] = COURSES[:3], since: datetime = LONG_AGO) -> Asked:
    return Asked(courses, needed, months, since)


def ids(met: Met | None) -> list[str]:
    return [one.award_id for one in met.parts] if met else []


def test_all_of_the_courses_in_any_time() -> None:
    badges = [earned("motors", 900), earned("pumps", 0), earned("grids", 3)]
    assert meeting(asked(3), badges) is None
    met = meeting(asked(3), [*badges, earned("valves", 400)])
    assert ids(met) == ["pumps-0-0", "valves-400-0", "motors-900-0"]
    assert met is not None
    assert (met.last.course_id, met.at) == ("motors", earned("motors", 900).at)


def test_the_last_day_of_the_period_counts_on_the_wall_calendar() -> None:
    """31 January and one month end on the last day of February."""
    assert months_later(DAY_ONE, 1) == date(2026, 2, 28)
    assert meeting(asked(2, 1), [earned("pumps", 0), earned("valves", 28)]) is not None
    assert meeting(asked(2, 1), [earned("pumps", 0), earned("valves", 29)]) is None


def test_a_course_taken_twice_counts_once_and_by_its_newest_badge() -> None:
    twice = [earned("pumps", 0), earned("pumps", 50)]
    assert meeting(asked(2), twice) is None
    assert ids(meeting(asked(2), [*twice, earned("valves", 60)])) == ["pumps-50-0", "valves-60-0"]


def test_an_older_badge_counts_where_the_newer_came_after_the_rule_was_met() -> None:
    assert ids(meeting(asked(2, 1), [earned("pumps", 0), earned("valves", 5), earned("pumps", 300)])) == [
        "pumps-0-0",
        "valves-5-0",
    ]


def test_a_badge_that_was_over_when_the_last_one_came_does_not_count() -> None:
    assert meeting(asked(2), [earned("pumps", 0, ends=10), earned("valves", 11)]) is None
    assert meeting(asked(2), [earned("pumps", 0, ends=10), earned("valves", 10)]) is not None


def test_nobody_met_a_rule_before_it_was_made() -> None:
    since = datetime(2026, 6, 1, tzinfo=UTC)
    met = meeting(asked(2, since=since), [earned("pumps", 0), earned("valves", 1)])
    assert met is not None
    assert (met.at, met.last.course_id) == (since, "valves")
    assert meeting(asked(2, since=since), [earned("pumps", 0, ends=30), earned("valves", 1)]) is None


@pytest.mark.parametrize(
    ("badges", "months", "today", "wanted"),
    [
        ([], 0, 5, Progress(0, 3)),
        ([earned("pumps", 0), earned("valves", 3)], 0, 900, Progress(2, 3)),
        ([earned("pumps", 0), earned("valves", 3)], 1, 5, Progress(2, 3, date(2026, 2, 28))),
        ([earned("pumps", 0), earned("valves", 3)], 1, 29, Progress(1, 3, date(2026, 3, 3))),
        ([earned("pumps", 0), earned("valves", 3)], 1, 60, Progress(0, 3)),
        ([earned("pumps", 0, ends=40), earned("valves", 3)], 0, 5, Progress(2, 3, date(2026, 3, 12))),
        ([earned("pumps", 0, ends=40), earned("valves", 3)], 0, 41, Progress(1, 3)),
        ([earned("pumps", 0), earned("pumps", 20)], 1, 21, Progress(1, 3, date(2026, 3, 20))),
    ],
)
def test_progress_says_how_far_and_until_when(badges: list[Earned], months: int, today: int, wanted: Progress) -> None:
    now = earned("pumps", today)
    assert progress(asked(3, months), badges, now.at, now.on) == wanted


BADGES = st.lists(
    st.builds(
        earned,
        st.sampled_from(COURSES),
        st.integers(0, 120),
        ends=st.none() | st.integers(0, 90),
        number=st.integers(0, 3),
    ),
    max_size=6,
    unique_by=lambda one: one.award_id,
)
RULES = st.builds(asked, st.integers(1, 3), st.sampled_from([0, 1, 2]), st.just(COURSES[:3]), st.just(LONG_AGO))


def fits(rule: Asked, chosen: tuple[Earned, ...]) -> bool:
    """The rule as it is written, for one set of badges."""
    days, at = [one.on for one in chosen], max(one.at for one in chosen)
    return (
        len({one.course_id for one in chosen} & set(rule.courses)) == len(chosen) == rule.needed
        and all(one.valid_until is None or at <= one.valid_until for one in chosen)
        and (not rule.within_months or max(days) <= months_later(min(days), rule.within_months))
    )


@settings(max_examples=100, deadline=None)
@given(RULES, BADGES)
def test_a_set_is_found_if_there_is_one_and_it_is_the_first(rule: Asked, badges: list[Earned]) -> None:
    sets = [chosen for chosen in combinations(badges, rule.needed) if fits(rule, chosen)]
    met = meeting(rule, badges)
    assert (met is not None) == bool(sets)
    if met is not None:
        assert fits(rule, met.parts)
        assert met.at == min(max(one.at for one in chosen) for chosen in sets)
        assert met.last.at == met.at
        assert [rule.courses.index(one.course_id) for one in met.parts] == sorted(
            rule.courses.index(one.course_id) for one in met.parts
        )


@settings(max_examples=60, deadline=None)
@given(RULES, BADGES, st.randoms(use_true_random=False))
def test_the_order_in_which_badges_are_read_does_not_matter(rule: Asked, badges: list[Earned], random: object) -> None:
    shuffled = list(badges)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert meeting(rule, shuffled) == meeting(rule, badges)


@settings(max_examples=60, deadline=None)
@given(RULES, BADGES, st.integers(0, 130))
def test_whoever_meets_a_rule_today_is_through(rule: Asked, badges: list[Earned], day: int) -> None:
    now = earned("pumps", day)
    known = [one for one in badges if one.at <= now.at]
    met = meeting(rule, known)
    if met is not None and met.at == now.at:
        assert progress(rule, known, now.at, now.on).counted == rule.needed
    assert progress(rule, known, now.at, now.on).counted <= rule.needed
