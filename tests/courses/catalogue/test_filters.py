"""Filters of the catalogue: read from an address, said, taken out. Pure."""

from datetime import date

import pytest

from courses.catalogue.filters import Filters, read_filters, start_options

TODAY = date(2026, 11, 2)


def test_what_makes_no_sense_counts_as_nothing_chosen() -> None:
    typed = {"starts": "2026-13", "after": "soon", "before": "2026-02-30", "sort": "x", "q": " a\0b "}
    assert read_filters(typed) == Filters(q="ab")
    assert read_filters({"starts": "9999-12"}) == Filters()


def test_address_keeps_what_was_chosen() -> None:
    chosen = Filters(q="pumps & pipes", skill="repair", starts="soon", min_hours="7.5", max_hours="20", sort="start")
    assert (
        chosen.address(2) == "?q=pumps+%26+pipes&skill=repair&starts=soon&min_hours=7.5&max_hours=20&sort=start&page=2"
    )
    assert Filters().address() == "?"


def test_each_choice_is_said_and_can_be_taken_out() -> None:
    chosen = Filters(skill="repair", starts="2026-12", after="2026-11-09", min_hours="20,5", price="free", sort="start")
    assert chosen.chosen({"repair": "Repair"}) == (
        ("Skill: Repair", "?starts=2026-12&after=2026-11-09&min_hours=20%2C5&price=free&sort=start"),
        ("Starts in December 2026", "?skill=repair&after=2026-11-09&min_hours=20%2C5&price=free&sort=start"),
        (
            "Starts Monday 9 November 2026 or later",
            "?skill=repair&starts=2026-12&min_hours=20%2C5&price=free&sort=start",
        ),
        ("At least 20 hours 30 minutes", "?skill=repair&starts=2026-12&after=2026-11-09&price=free&sort=start"),
        ("Price says “free”", "?skill=repair&starts=2026-12&after=2026-11-09&min_hours=20%2C5&sort=start"),
    )


@pytest.mark.parametrize(
    ("chosen", "first", "last"),
    [
        (Filters(), None, None),
        (Filters(starts="soon"), None, date(2026, 11, 30)),
        (Filters(starts="2026-12"), date(2026, 12, 1), date(2026, 12, 31)),
        (Filters(starts="2027-02", after="2027-02-10"), date(2027, 2, 10), date(2027, 2, 28)),
        (Filters(after="2026-11-09", before="2026-11-20"), date(2026, 11, 9), date(2026, 11, 20)),
    ],
)
def test_days_on_which_a_course_may_start(chosen: Filters, first: date | None, last: date | None) -> None:
    assert chosen.start_days(TODAY) == (first, last)


def test_six_months_can_be_chosen() -> None:
    options = start_options(date(2026, 11, 30))
    assert options[:2] == (("soon", "Within four weeks"), ("2026-11", "November 2026"))
    assert options[-1] == ("2027-04", "April 2027")


@pytest.mark.parametrize(
    ("fewest", "most", "minutes", "wrong"),
    [
        ("", "", (None, None), []),
        ("0", "0", (0, 0), []),
        ("7.5", "1000", (450, 60_000), []),
        ("7,25", "7.25", (435, 435), []),
        ("-1", "1e3", (None, None), ["min_hours", "max_hours"]),
        ("many", "٣", (None, None), ["min_hours", "max_hours"]),
        ("10.125", "99999", (None, None), ["min_hours", "max_hours"]),
        ("8", "7", (480, None), ["max_hours"]),
    ],
)
def test_hours_are_whole_minutes_or_an_error(
    fewest: str, most: str, minutes: tuple[int | None, int | None], wrong: list[str]
) -> None:
    chosen = Filters(min_hours=fewest, max_hours=most)
    assert (chosen.minutes, list(chosen.errors)) == (minutes, wrong)
