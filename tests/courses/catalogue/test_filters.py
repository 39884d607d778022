"""Filters of the catalogue: read from an address, said, taken out. Pure."""

from datetime import date

import pytest

from courses.catalogue.filters import Filters, read_filters, start_options

TODAY = date(2026, 11, 2)


def test_what_makes_no_sense_counts_as_nothing_chosen() -> None:
    typed = {"starts": "2026-13", "after": "soon", "before": "2026-02-30", "hours": "7", "sort": "x", "q": " a\0b "}
    assert read_filters(typed) == Filters(q="ab")
    assert read_filters({"starts": "9999-12"}) == Filters()


def test_address_keeps_what_was_chosen() -> None:
    chosen = Filters(q="pumps & pipes", skill="repair", starts="soon", hours="10-20", sort="start")
    assert chosen.address(2) == "?q=pumps+%26+pipes&skill=repair&starts=soon&hours=10-20&sort=start&page=2"
    assert Filters().address() == "?"


def test_each_choice_is_said_and_can_be_taken_out() -> None:
    chosen = Filters(skill="repair", starts="2026-12", after="2026-11-09", hours="20", price="free", sort="start")
    assert chosen.chosen({"repair": "Repair"}) == (
        ("Skill: Repair", "?starts=2026-12&after=2026-11-09&hours=20&price=free&sort=start"),
        ("Starts in December 2026", "?skill=repair&after=2026-11-09&hours=20&price=free&sort=start"),
        ("Starts Monday 9 November 2026 or later", "?skill=repair&starts=2026-12&hours=20&price=free&sort=start"),
        ("More than 20 hours", "?skill=repair&starts=2026-12&after=2026-11-09&price=free&sort=start"),
        ("Price says “free”", "?skill=repair&starts=2026-12&after=2026-11-09&hours=20&sort=start"),
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
