"""What is said beside each field of a schedule that cannot be kept."""

from datetime import date, time

import pytest
from hypothesis import given, settings

from courses.schedule.checks import rule_problems, section_problems, window_problems
from courses.schedule.terms import CohortRules, DateRange, KeptOpen, Pacing, SectionRules
from tests.courses.schedule.factories import cohort, cohorts, module, utc, wall

WEEK = DateRange(date(2026, 10, 26), date(2026, 10, 30))


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
        ({"blackouts": (DateRange(date(2026, 10, 2), date(2026, 10, 1)),)}, "blackouts-0-last"),
        ({"pauses": (DateRange(date(2026, 1, 1), date(2028, 1, 1)),)}, "pauses-0-last"),
        ({"pauses": (WEEK, DateRange(date(2026, 10, 25), date(2026, 10, 27)))}, "pauses-1-first"),
        ({"blackouts": (DateRange(date(2026, 10, 30), date(2026, 10, 30)), WEEK)}, "blackouts-1-first"),
        ({"blackouts": (DateRange(date(9998, 1, 1), date(9999, 12, 31)),)}, "blackouts-0-last"),
        ({"modules": (module(number=1), module(number=5))}, "modules-1-number"),
        ({"modules": (module(number=0),)}, "modules-0-number"),
        ({"modules": (module(number=1), module(number=1))}, "modules-1-number"),
        ({"modules": (module(number=1, late_days=-1),)}, "modules-0-late_days"),
        ({"modules": (module(number=1, opens_on=date(9999, 1, 1)),)}, "modules-0-opens_on"),
        ({"modules": (module(number=1, opens_on=date(2026, 10, 3), due_on=date(2026, 10, 2)),)}, "modules-0-due_on"),
        (
            {"modules": (module(number=1, due_on=date(2026, 10, 3), closes_on=date(2026, 10, 2)),)},
            "modules-0-closes_on",
        ),
        ({"modules": (module(number=3, due_on=date(2026, 10, 12)),)}, "modules-0-due_on"),
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
    overlapping = {f"{field}-{row}-first" for field in ("blackouts", "pauses") for row in range(3)}
    assert set(rule_problems(rules)) <= {"due_time"} | overlapping


def test_a_section_is_judged_by_the_rules_that_come_of_it() -> None:
    assert section_problems(cohort(), SectionRules(shift_days=3, release_time=time(18))) == {}
    wrong = SectionRules(release_time=time(18), due_time=time(17))
    assert section_problems(cohort(due_offset_days=0), wrong) == {
        "due_time": "Module 1 would be due before it opens. Choose a later due time or day."
    }
    assert list(section_problems(cohort(), SectionRules(shift_days=400))) == ["shift_days"]
    assert list(section_problems(cohort(), SectionRules(zone="Mars", late_days=-1))) == ["zone", "late_days"]
    assert list(section_problems(cohort(), SectionRules(modules=(module(number=9),)))) == ["modules-0-number"]


def test_a_module_that_stays_open_is_judged_by_its_rule() -> None:
    kept = cohort(due_offset_days=0, due_time=time(8), kept_open=(KeptOpen(1, wall("2026-10-05 09:00")),))
    assert list(rule_problems(kept)) == ["due_time"]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (None, None, None),
        (date(2026, 9, 1), date(2026, 11, 8), None),
        (date(2026, 9, 2), date(2026, 9, 1), "enrol_until"),
        (None, date(2026, 11, 9), "enrol_until"),
        (date(2026, 11, 9), None, "enrol_from"),
    ],
)
def test_an_enrolment_window_lies_before_the_end(first: date | None, last: date | None, field: str | None) -> None:
    assert list(window_problems(cohort(), first, last)) == ([field] if field else [])


def test_a_course_at_ones_own_pace_has_no_end_to_enrol_before() -> None:
    paced = cohort(pacing=Pacing.ENROLMENT)
    assert window_problems(paced, None, date(2030, 1, 1)) == {}
    assert list(window_problems(paced, date(2030, 1, 1), date(2029, 1, 1))) == ["enrol_until"]
