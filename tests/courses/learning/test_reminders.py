"""The stop rules, for any dates and any state of the work."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.coursework import Work, WorkState
from courses.learning.reminders import FIRST, HOUR, LAST, NEXT_MORNING, STALE, hours_left, is_news, is_overdue, missing
from courses.progress.rules import CAME_BACK, WITH_OTHERS
from courses.schedule.reasons import ReasonKind, because
from courses.schedule.rules import EffectiveDates, is_open, takes_attempt
from courses.schedule.walltime import MINUTE, is_past
from tests.factories import START

WHY = because(ReasonKind.COHORT)
DUE = START + timedelta(days=6)
DATES = EffectiveDates(
    START, DUE, DUE + timedelta(days=3), DUE + timedelta(days=14), WHY, because(ReasonKind.COHORT), WHY, WHY
)
NOTE = Work("a", "note", "Note", 1, True, WorkState.NOT_STARTED)

STEPS = st.integers(0, 20 * 24 * 60).map(lambda minutes: minutes * MINUTE)
INSTANTS = st.integers(-15 * 24 * 60, 40 * 24 * 60).map(lambda minutes: START + minutes * MINUTE)


@st.composite
def any_dates(draw: st.DrawFn) -> EffectiveDates:
    """Dates in the order in which they always come; everything but the opening may be missing."""
    opens = draw(INSTANTS)
    due = draw(st.none() | STEPS.map(lambda step: opens + step))
    closes = draw(st.none() | STEPS.map(lambda step: (due or opens) + step))
    late = closes if due is None else draw(st.just(closes) | STEPS.map(lambda step: due + step))
    if late is not None and closes is not None:
        late = min(late, closes)
    return replace(DATES, opens_at=opens, due_at=due, late_until=late, closes_at=closes)


@st.composite
def any_work(draw: st.DrawFn) -> Work:
    state = draw(st.sampled_from(WorkState))
    handed_in = state in WITH_OTHERS | CAME_BACK
    return Work(
        draw(st.uuids()).hex,
        "note",
        draw(st.text(max_size=9)),
        draw(st.integers(1, 3)),
        draw(st.booleans()),
        state,
        attempts=int(handed_in),
        submitted_at=START if handed_in else None,
        attempts_left=draw(st.none() | st.integers(0, 2)),
    )


@given(any_dates(), INSTANTS, INSTANTS)
def test_nobody_is_told_of_what_is_locked_or_past(dates: EffectiveDates, enrolled: datetime, now: datetime) -> None:
    told = is_news(dates, enrolled, now), hours_left(dates, now), is_overdue(dates, enrolled, now)
    if not is_open(dates, now):
        assert told == (False, None, False)
    if is_past(now, dates.due_at):
        assert told[1] is None
    if not takes_attempt(dates, now):
        assert told[1:] == (None, False)


@given(any_dates(), INSTANTS, INSTANTS)
def test_one_reminder_at_most_makes_sense_at_an_instant(
    dates: EffectiveDates, enrolled: datetime, now: datetime
) -> None:
    hours = hours_left(dates, now)
    assert not (hours and is_overdue(dates, enrolled, now))
    if hours:
        assert dates.due_at is not None
        assert dates.due_at - now <= hours * HOUR
        assert hours == LAST or dates.due_at - now > LAST * HOUR


@given(any_dates(), INSTANTS, INSTANTS)
def test_news_is_younger_than_a_week_and_younger_than_the_enrolment(
    dates: EffectiveDates, enrolled: datetime, now: datetime
) -> None:
    if is_news(dates, enrolled, now):
        assert enrolled < dates.opens_at <= now <= dates.opens_at + STALE
    if is_overdue(dates, enrolled, now):
        assert dates.due_at is not None
        assert enrolled < dates.due_at <= now - NEXT_MORNING
        assert now <= dates.due_at + STALE


@given(st.lists(any_work(), max_size=6), any_dates(), INSTANTS)
def test_nothing_is_missing_that_came_in_or_is_not_taken(
    works: list[Work], dates: EffectiveDates, now: datetime
) -> None:
    asked = missing(works, 2, dates, now)
    fitting = {WorkState.NOT_STARTED, WorkState.DRAFT}
    assert asked == tuple(
        work.title
        for work in works
        if work.module_number == 2 and work.required and work.state in fitting and takes_attempt(dates, now)
    )


@given(any_dates(), INSTANTS, INSTANTS, STEPS)
def test_an_extension_moves_what_is_told_along(
    dates: EffectiveDates, enrolled: datetime, now: datetime, step: timedelta
) -> None:
    def later(instant: datetime | None) -> datetime | None:
        return instant and instant + step

    moved = replace(
        dates,
        opens_at=dates.opens_at + step,
        due_at=later(dates.due_at),
        late_until=later(dates.late_until),
        closes_at=later(dates.closes_at),
    )
    assert hours_left(moved, now + step) == hours_left(dates, now)
    assert is_overdue(moved, enrolled + step, now + step) == is_overdue(dates, enrolled, now)


@pytest.mark.parametrize(
    ("left", "hours"),
    [
        (FIRST * HOUR + MINUTE, None),
        (FIRST * HOUR, FIRST),
        (LAST * HOUR + MINUTE, FIRST),
        (LAST * HOUR, LAST),
        (0 * HOUR, LAST),
        (-MINUTE + timedelta(microseconds=1), LAST),
        (-MINUTE, None),
    ],
)
def test_reminders_change_on_the_instant(left: timedelta, hours: int | None) -> None:
    assert hours_left(DATES, DUE - left) == hours


@pytest.mark.parametrize(
    ("after", "overdue"),
    [
        (NEXT_MORNING - MINUTE, False),
        (NEXT_MORNING, True),
        (timedelta(days=3), True),
        (timedelta(days=3) + MINUTE, False),  # late work is not taken any more
    ],
)
def test_overdue_is_told_the_next_morning_while_late_work_is_taken(after: timedelta, *, overdue: bool) -> None:
    assert is_overdue(DATES, START, DUE + after) is overdue


def test_overdue_is_not_told_after_a_week_nor_of_what_was_due_before_joining() -> None:
    endless = replace(DATES, late_until=None, closes_at=None)
    assert is_overdue(endless, START, DUE + STALE)
    assert not is_overdue(endless, START, DUE + STALE + MINUTE)
    assert not is_overdue(endless, DUE, DUE + NEXT_MORNING)


@pytest.mark.parametrize("state", WorkState)
def test_only_what_never_came_in_is_missing(state: WorkState) -> None:
    handed_in = START if state in WITH_OTHERS | CAME_BACK else None
    work = replace(NOTE, state=state, submitted_at=handed_in)
    assert missing([work], 1, DATES, DUE) == (() if handed_in else ("Note",))
    assert missing([replace(work, required=False)], 1, DATES, DUE) == ()
    assert missing([work], 2, DATES, DUE) == ()
