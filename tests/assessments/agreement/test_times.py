"""How long learners wait: ranks, business days and promises."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from assessments.agreement.times import Wait, percentile, waits_of
from assessments.agreement.words import beside
from assessments.terms.promise import Calendar

FRIDAY = datetime(2026, 12, 18, 22, 30, tzinfo=UTC)


def test_days_are_those_of_the_cohorts_zone_without_weekends_and_holidays() -> None:
    calendar = Calendar(ZoneInfo("Europe/Berlin"), frozenset({date(2026, 12, 25)}))
    came = [FRIDAY] * 4
    posted = [FRIDAY + timedelta(days=days) for days in (0, 3, 4, 11)]  # still Friday, Monday, Tuesday, Tuesday
    promised = FRIDAY + timedelta(days=4)
    found = waits_of([Wait(a, promised, b) for a, b in zip(came, posted, strict=True)], calendar)
    assert found
    assert (found.works, found.middle_business, found.most_business) == (4, 1, 6)
    assert (found.middle_calendar, found.most_calendar) == (3, 11)
    assert (found.kept, found.promised) == (3, 4)


def test_nothing_posted_is_nothing_said() -> None:
    assert waits_of([], Calendar(ZoneInfo("UTC"))) is None


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40), st.integers(1, 100))
def test_percentile_is_one_of_the_values_and_enough_are_not_above_it(values: list[int], share: int) -> None:
    found = percentile(sorted(values), share)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= share * len(values)
    assert sum(value < found for value in values) * 100 < share * len(values)


def test_how_somebody_stands_beside_others_is_said_without_blame() -> None:
    assert beside(3, 12, 6) == "0.25 levels above the others"
    assert beside(-3, 12, 6) == "0.25 levels below the others"
    assert beside(0, 12, 6) == "At the same levels as the others"
    assert beside(4, 4, 4) == "Not enough: 4 of 5 works were rated by another grader, too"
