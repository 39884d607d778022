"""What the dates mean at an instant, to the microsecond."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings

from courses.schedule.rules import ModuleState, effective_dates, is_late, is_open, state, takes_attempt
from courses.schedule.terms import CohortRules
from tests.courses.schedule.factories import INSTANTS, cohort, cohorts, dates_of, utc


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-10-12 06:59:59.999999", ModuleState.LOCKED),
        ("2026-10-12 07:00", ModuleState.OPEN),
        ("2026-10-15 21:58:59", ModuleState.OPEN),
        ("2026-10-15 21:59", ModuleState.DUE_SOON),
        ("2026-10-18 21:59:59.999999", ModuleState.DUE_SOON),
        ("2026-10-18 22:00", ModuleState.LATE),
        ("2026-10-20 21:59:59.999999", ModuleState.LATE),
        ("2026-10-20 22:00", ModuleState.CLOSED),
    ],
)
def test_state_changes_on_the_instant(at: str, expected: ModuleState) -> None:
    assert state(dates_of(cohort(late_days=2)), utc(at)) is expected


def test_without_a_late_window_the_module_closes_for_first_attempts_when_due() -> None:
    assert state(dates_of(cohort()), utc("2026-10-18 22:00")) is ModuleState.CLOSED


def test_nothing_due_is_open_until_it_closes() -> None:
    dates = dates_of(cohort(due_offset_days=None, close_days=1))
    assert state(dates, utc("2026-10-13 21:59:59")) is ModuleState.OPEN
    assert state(dates, utc("2026-10-13 22:00")) is ModuleState.CLOSED


def test_due_soon_is_as_soon_as_asked() -> None:
    dates = dates_of(cohort())
    assert state(dates, utc("2026-10-17 22:00"), soon=timedelta(hours=24)) is ModuleState.DUE_SOON
    assert state(dates, utc("2026-10-17 21:58"), soon=timedelta(hours=24)) is ModuleState.OPEN


def test_work_is_late_from_the_minute_after_the_due_minute() -> None:
    dates = dates_of(cohort())
    assert not is_late(dates, utc("2026-10-18 21:59:59.999999"))
    assert is_late(dates, utc("2026-10-18 22:00"))


def test_a_further_attempt_is_taken_after_the_late_window_until_closing() -> None:
    dates = dates_of(cohort(late_days=1, close_days=10))
    after_late, after_close = utc("2026-10-20 12:00"), utc("2026-10-28 23:00")
    assert [takes_attempt(dates, at) for at in (after_late, after_close)] == [False, False]
    assert [takes_attempt(dates, at, first=False) for at in (after_late, after_close)] == [True, False]


def test_nothing_is_taken_before_the_module_opens() -> None:
    dates = dates_of(cohort())
    assert not takes_attempt(dates, utc("2026-10-12 06:59"))
    assert not takes_attempt(dates, utc("2026-10-12 06:59"), first=False)


def test_a_closed_module_stays_readable() -> None:
    assert is_open(dates_of(cohort()), utc("2030-01-01 00:00"))


@given(cohorts(), INSTANTS)
@settings(max_examples=200, deadline=None)
def test_state_agrees_with_what_may_be_done(rules: CohortRules, now: datetime) -> None:
    dates = effective_dates(rules, 1, now=now)
    found = state(dates, now)
    assert (found is ModuleState.LOCKED) == (not is_open(dates, now))
    assert takes_attempt(dates, now) == (found in {ModuleState.OPEN, ModuleState.DUE_SOON, ModuleState.LATE})
    assert (found is ModuleState.LATE) == (is_late(dates, now) and takes_attempt(dates, now))
