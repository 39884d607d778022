"""Holidays: who adds and removes them, and what is taken of what was typed."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection

from assessments.terms.holidays import add_holidays, holidays_page, read_lines, remove_holiday
from assessments.terms.models import Holiday
from fourweek.accounts.models import Role
from fourweek.errors import Forbidden, Invalid, SignInNeeded
from tests import factories as make
from tests.assessments.grading.factories import NOW, acts, rows, school


def test_holidays_are_changed_by_who_runs_all_cohorts(conn: Connection) -> None:
    made = school(conn)
    for visitor, error in ((make.visitor(at=NOW), SignInNeeded), (made.grader(), Forbidden), (made.lead(), Forbidden)):
        with pytest.raises(error):
            add_holidays(conn, visitor, "2026-12-25, Christmas Day")
        with pytest.raises(error):
            remove_holiday(conn, visitor, "2026-12-25")
    assert not holidays_page(conn, made.lead(), 1).may_change
    assert rows(conn, Holiday) == []


def test_holidays_are_added_once_and_removed(conn: Connection) -> None:
    lead = make.visitor(make.person(conn), NOW, (Role.LEAD, ""))
    assert add_holidays(conn, lead, "2026-12-25, Christmas Day\n\n2026-12-26;Boxing Day\n") == 2
    assert add_holidays(conn, lead, "2026-12-26\tSomething else\n2027-01-01, New Year's Day") == 1
    page = holidays_page(conn, lead, 1)
    assert [(day, title) for day, _, title in page.days] == [
        ("2027-01-01", "New Year's Day"),
        ("2026-12-26", "Boxing Day"),
        ("2026-12-25", "Christmas Day"),
    ]
    for day in ("2026-12-26", "2026-12-26", "nonsense"):
        remove_holiday(conn, lead, day)
    assert [row.day for row in rows(conn, Holiday)] == [date(2026, 12, 25), date(2027, 1, 1)]
    assert acts(conn, "holiday") == ["holiday.add"] * 3 + ["holiday.remove"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write a line for each day"),
        ("2026-12-25, A\n2026-02-30, B", "Line 2: “2026-02-30, B” does not begin with a date"),
        ("Christmas", "Line 1"),
        ("2026-12-25", "Line 1: say what the day is."),
        (f"2026-12-25, {'x' * 121}", "at most 120 characters"),
        ("\n".join(["2026-12-25, A"] * 401), "at most 400"),
        ("é" * 200_000, "Line 1"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        read_lines(typed)


@settings(max_examples=100)
@given(some.text(alphabet="2026-12, ;\t\"'x\nñ", max_size=60))
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    try:
        found = read_lines(typed)
    except Invalid:
        return
    assert all(title and len(title) <= 120 for title in found.values())


def test_the_page_of_holidays(browser: Any, house: Any) -> None:
    lead = browser(house.db.write_now(make.with_role, Role.LEAD, "Lena Moor"))
    answer = lead.submit("/staff/holidays", "/staff/holidays", days="<b>x</b>")
    assert (answer.status_code, "<b>x" in answer.text, "&lt;b&gt;x" in answer.text) == (422, False, True)
    assert lead.submit("/staff/holidays", "/staff/holidays", days="2026-12-25, <i>Yule</i>").status_code == 303
    page = lead.get("/staff/holidays").text
    assert ("&lt;i&gt;Yule" in page, "Friday 25 December 2026" in page) == (True, True)
