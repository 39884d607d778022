"""What is said beside each field of a schedule that cannot be kept."""

from datetime import date, time

import pytest
from hypothesis import given, settings

from courses.schedule.checks import rule_problems
from courses.schedule.terms import CohortRules, DateRange, Pacing
from tests.courses.schedule.factories import cohort, cohorts, module, utc


def test_good_rules_have_no_problems() -> None:
    assert rule_problems(cohort(), now=utc("2026-10-12 06:59:59")) == {}


def test_a_cohort_that_starts_in_the_past_is_a_problem_only_when_it_is_new() -> None:
    said = {"start_date": "The first module would already be open. Choose a start date that lies ahead."}
    assert rule_problems(cohort(), now=utc("2026-10-12 07:00")) == said
    assert rule_problems(cohort()) == {}
    assert rule_problems(cohort(pacing=Pacing.ENROLMENT), now=utc("2027-10-12 07:00")) == {}


def test_a_wrong_zone_is_said_with_a_close_one() -> None:
    said = rule_problems(cohort(zone="Europe/Berlim"), now=utc("2026-01-01 00:00"))
    assert list(said) == ["zone"]
    assert "Europe/Berlin" in said["zone"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start_date": date(1999, 12, 31)}, "start_date"),
        ({"start_date": date(9999, 12, 31)}, "start_date"),
        ({"module_count": 0}, "module_count"),
        ({"release_weekday": 7}, "release_weekday"),
        ({"due_offset_days": -1}, "due_offset_days"),
        ({"late_days": -1}, "late_days"),
        ({"close_days": -1}, "close_days"),
        ({"due_offset_days": 0, "due_time": time(8)}, "due_time"),
        ({"blackouts": (DateRange(date(2026, 10, 2), date(2026, 10, 1)),)}, "blackouts"),
        ({"pauses": (DateRange(date(2026, 1, 1), date(2028, 1, 1)),)}, "pauses"),
        ({"modules": (module(number=5),)}, "modules"),
        ({"modules": (module(number=1, opens_on=date(9999, 1, 1)),)}, "modules"),
        ({"modules": (module(number=1, opens_on=date(2026, 10, 3), due_on=date(2026, 10, 2)),)}, "modules"),
    ],
)
def test_a_wrong_value_is_said_at_its_field_alone(changes: dict[str, object], field: str) -> None:
    assert list(rule_problems(cohort(**changes))) == [field]


def test_everything_wrong_is_said_at_once() -> None:
    rules = cohort(zone="Mars", module_count=0, late_days=-1)
    assert set(rule_problems(rules)) == {"zone", "module_count", "late_days"}


@given(cohorts())
@settings(max_examples=100, deadline=None)
def test_rules_that_pass_are_due_after_they_open(rules: CohortRules) -> None:
    assert set(rule_problems(rules)) <= {"due_time"}
