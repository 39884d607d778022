"""How long the same learning earns nothing: to the day, whichever came first, by dated data."""

from datetime import date

import pytest

from assessments.credit.repeats import Had, Repeat, Window, all_windows, parse_window, repeated, window_on

TWO_YEARS = Window(id="w", source="s", effective_from=date(2018, 1, 1), months=24, types={"NURSING": 12})
FIRST = Had("one", date(2024, 2, 29))


@pytest.mark.parametrize(
    ("day", "types"),
    [
        (date(2024, 2, 29), {"CEU", "PDH", "NURSING"}),
        (date(2025, 2, 27), {"CEU", "PDH", "NURSING"}),
        (date(2025, 2, 28), {"CEU", "PDH"}),
        (date(2026, 2, 27), {"CEU", "PDH"}),
        (date(2026, 2, 28), set()),
        (date(2022, 3, 1), {"CEU", "PDH"}),
        (date(2022, 2, 28), set()),
    ],
)
def test_a_window_is_kept_to_the_day_and_for_each_type(day: date, types: set[str]) -> None:
    found = repeated([FIRST], day, ("CEU", "PDH", "NURSING"), TWO_YEARS)
    assert found == (Repeat("one", frozenset(types)) if types else None)


def test_the_latest_of_several_is_named() -> None:
    earlier = [FIRST, Had("three", date(2025, 1, 1)), Had("two", date(2024, 6, 1))]
    assert repeated(earlier, date(2025, 6, 1), ("CEU",), TWO_YEARS) == Repeat("three", frozenset({"CEU"}))
    assert repeated([], date(2025, 6, 1), ("CEU",), TWO_YEARS) is None
    longer = Window(id="w", source="s", effective_from=date(2018, 1, 1), months=24, types={"NURSING": 36})
    of_both = repeated([FIRST, Had("later", date(2028, 6, 1))], date(2025, 12, 1), ("CEU", "NURSING"), longer)
    assert of_both == Repeat("one", frozenset({"CEU", "NURSING"}))


def test_the_window_of_a_day_is_the_newest_in_force() -> None:
    later = Window(id="x", source="s", effective_from=date(2030, 1, 1), months=36)
    days = (date(2017, 1, 1), date(2029, 12, 31), date(2030, 1, 1))
    assert [window_on(day, [later, TWO_YEARS]).id for day in days] == ["w", "w", "x"]


def test_shipped_window_is_two_years_for_every_type() -> None:
    (shipped,) = all_windows()
    assert (shipped.id, shipped.effective_from, shipped.months, shipped.types) == (
        "no-repeat-2018",
        date(2018, 1, 1),
        24,
        {},
    )


GOOD = 'id = "w"\nsource = "s"\neffective_from = 2018-01-01\nmonths = 24\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD, "`types`"),
        (GOOD + "[types]\nPDH = 1.5\n", "whole"),
        (GOOD.replace("24", "-1") + "[types]\n", "whole"),
        (GOOD + "year = 2\n[types]\n", "no year"),
    ],
)
def test_a_wrong_window_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_window(text)
