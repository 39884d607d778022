"""What is typed into the form of a cohort, and what it means."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from courses.cohorts.forms import CohortForm, read_cohort
from courses.schedule.terms import CohortRules

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
GOOD = CohortForm(
    key="k" * 26, version_id="v", name=" Autumn   evenings ", start_date="2026-12-07", zone=" Europe/Berlin "
)


def _errors(**changes: Any) -> dict[str, str]:
    plan, errors = read_cohort(replace(GOOD, **changes), 4, NOW)
    assert (plan is None) == bool(errors)
    return errors


def test_good_form_becomes_rules() -> None:
    plan, errors = read_cohort(GOOD, 4, NOW)
    assert errors == {}
    assert plan is not None
    assert plan.rules == CohortRules(date(2026, 12, 7), "Europe/Berlin", 4, late_days=3)
    assert (plan.row["name"], plan.row["capacity"], plan.row["close_days"]) == ("Autumn evenings", None, None)


def test_empty_numbers_mean_no_limit() -> None:
    plan, _ = read_cohort(replace(GOOD, due_days="", late_days="", release_weekday="any"), 4, NOW)
    assert plan is not None
    assert (plan.rules.due_offset_days, plan.rules.late_days, plan.rules.release_weekday) == (None, None, None)
    assert plan.rules.release_time == time(9)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "  ", "The name is missing."),
        ("name", "x" * 121, "The name has 121 characters; at most 120 are kept."),
        ("start_date", "", "The start date is missing."),
        ("start_date", "7.12.2026", "“7.12.2026” is not a date such as 2026-12-07."),
        ("start_date", "2026-02-30", "“2026-02-30” is not a date such as 2026-12-07."),
        ("start_date", "2026-W50-1", "“2026-W50-1” is not a date such as 2026-12-07."),
        ("start_date", "2026-10-01", "The first module would already be open. Choose a start date that lies ahead."),
        ("start_date", "9999-12-31", "The year must lie between 2000 and 2200."),
        ("zone", "europe/berlin", "“europe/berlin” is not a time zone name we know. Did you mean Europe/Berlin?"),
        ("zone", "", "“” is not a time zone name we know. Use a name such as Europe/Berlin."),
        ("release_weekday", "7", "The weekday must be a whole number from 0 to 6."),
        ("release_time", "T09:00+01", "“T09:00+01” is not a time such as 09:00."),
        ("release_time", "25:00", "“25:00” is not a time such as 09:00."),
        ("due_time", "", "The due time is missing; write it such as 09:00."),
        ("due_days", "-1", "Days until work is due must be a whole number from 0 to 366."),
        ("late_days", "1.5", "Days for late work must be a whole number from 0 to 366."),
        ("close_days", "99999999999999999999", "Days until closing must be a whole number from 0 to 1000."),
        ("capacity", "0", "The number of places must be a whole number from 1 to 100000."),
        ("capacity", "²", "The number of places must be a whole number from 1 to 100000."),
    ],
)
def test_wrong_field_is_named(field: str, value: str, says: str) -> None:
    assert _errors(**{field: value}) == {field: says}


def test_work_due_before_its_module_opens_is_wrong() -> None:
    errors = _errors(due_days="0", due_time="08:00")
    assert errors == {"due_time": "Module 1 would be due before it opens. Choose a later due time or day."}


def test_unknown_version_is_wrong() -> None:
    assert read_cohort(GOOD, None, NOW) == (None, {"version_id": "Choose a published course."})


def test_everything_wrong_is_said_at_once() -> None:
    assert set(_errors(name="", start_date="x", zone="Mars", capacity="many")) == {
        "name",
        "start_date",
        "zone",
        "capacity",
    }


def test_fingerprint_follows_the_dates_alone() -> None:
    assert replace(GOOD, name="Other", capacity="3", zone="Europe/Berlin").fingerprint() == GOOD.fingerprint()
    for field, value in (("start_date", "2026-12-08"), ("zone", "UTC"), ("due_days", "5"), ("pacing", "enrolment")):
        changes: dict[str, Any] = {field: value}
        assert replace(GOOD, **changes).fingerprint() != GOOD.fingerprint()
