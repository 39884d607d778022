"""The story holds whenever it is told. Pure: no act is played."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from courses.schedule.zones import zone
from fourweek.cli.seed import acts, coursework
from fourweek.cli.seed.calendar import MONDAY, ZONE, Calendar, When
from fourweek.cli.seed.people import EVERYBODY
from fourweek.cli.seed.running import RUNNING_DECIDED, RUNNING_TASKS
from fourweek.cli.seed.stage import Act
from fourweek.cli.seed.story import RUNNING, story

NEW_YORK = zone(ZONE)
RELEASE = datetime(2026, 11, 16, 9, tzinfo=NEW_YORK)
MOMENTS = (
    RELEASE,
    RELEASE + timedelta(seconds=1),
    RELEASE + timedelta(hours=3),
    RELEASE + timedelta(days=3, hours=11),
    RELEASE + timedelta(days=7) - timedelta(seconds=1),
    datetime(2027, 3, 14, 2, 30, tzinfo=UTC),
    datetime(2027, 3, 17, 12, tzinfo=UTC),
    datetime(2026, 11, 2, 14, 5, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
)


def played(act: Act) -> partial[None]:
    assert isinstance(act.play, partial)
    return act.play


def story_acts(now: datetime) -> list[Act]:
    """Without letters and ticks, whose number grows with the week."""
    every = (acts.tick, acts.remind, acts.send_mail, acts.settle)
    return [act for act in story(Calendar(now)) if act.play not in every]


def test_this_week_begins_with_its_release() -> None:
    assert Calendar(RELEASE).monday == date(2026, 11, 16)
    assert Calendar(RELEASE - timedelta(seconds=1)).monday == date(2026, 11, 9)


def test_wall_times_keep_their_hour_over_a_change_of_clocks() -> None:
    calendar = Calendar(RELEASE)
    hours = {calendar.at(When(week, MONDAY, "09:00")).astimezone(NEW_YORK).hour for week in range(-9, 2)}
    assert hours == {9}


def test_later_days_run_over_the_end_of_the_week() -> None:
    assert When(-1, 6, "08:00").later(2) == When(0, 1, "08:00")


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_the_same_acts_lie_behind_whenever_it_is_told(now: datetime) -> None:
    told = story_acts(now)
    assert len(told) == len(story_acts(RELEASE))
    assert all(act.at <= now for act in told)
    assert [act.at for act in told] == sorted(act.at for act in told)


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_work_is_handed_in_then_taken_then_decided(now: datetime) -> None:
    told = [played(act) for act in story_acts(now)]
    for learner, week, grader, _ in RUNNING_DECIDED:
        first = next(
            place
            for place, play in enumerate(told)
            if play.func is coursework.hand_in and (play.args[0].learner, play.args[0].week) == (learner, week)
        )
        taken = [place for place, play in enumerate(told) if play.func is coursework.claim and play.args[0] == learner]
        decided = [
            place
            for place, play in enumerate(told)
            if play.func is coursework.decide and play.args[:3] == (learner, week, grader)
        ]
        assert decided
        assert any(first < claim < decided[0] for claim in taken)


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_the_late_work_is_late_and_the_extension_lies_ahead(now: datetime) -> None:
    calendar = Calendar(now)
    due = calendar.at(When(-1, 6, "23:59"))
    late = [learner for learner, week, _, when in RUNNING_TASKS if week == 2 and calendar.at(when) > due]
    assert late == ["jonas"]
    more = next(play for act in story_acts(now) if (play := played(act)).func is acts.extend)
    assert more.args[:2] == ("priya", RUNNING)
    assert due + timedelta(days=more.args[3]) > now


def test_everybody_in_the_cast_joins_once() -> None:
    joined = [play.args[0].key for act in story_acts(RELEASE) if (play := played(act)).func is acts.join]
    assert sorted(joined) == sorted(person.key for person in EVERYBODY)
    assert len({person.zone for person in EVERYBODY}) >= 6
