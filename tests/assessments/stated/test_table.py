"""A table of credit from elsewhere: read forgivingly, refused by line and column."""

from datetime import date

import pytest

from assessments.stated.table import COLUMNS, MOST_ROWS, DayOrder, read_table, template
from fourweek.spreadsheets import NotATable, decoded, safe_cell

TODAY = date(2026, 11, 22)
HEAD = "title;provider;category;mode;completed on;hours\n"
ROW = "Bridges;Steel Society;technical;in person;2026-06-01;1,5\n"


def test_the_template_is_read_as_it_is() -> None:
    found = read_table(decoded(template()), TODAY)
    ((line, facts),) = found.rows
    assert (line, facts.minutes, facts.said, found.wrong) == (2, 90, "1.5 PDH", ())


def test_columns_in_any_order_and_the_same_row_once() -> None:
    turned = "Hours,Completed_On,MODE,category,Provider,Title,Notes\n"
    found = read_table(turned + "1:20,2026-06-01,self_paced,Laws-Rules:us-fl,Steel Society,Bridges,x\n" * 2, TODAY)
    ((_, facts),) = found.rows
    assert (facts.minutes, facts.category, facts.mode) == (80, "laws-rules:US-FL", "self_paced")


def test_a_name_that_spreadsheets_guard_comes_back_whole() -> None:
    guarded = ROW.replace("Steel Society", safe_cell("-Nguyen & Sons"))
    assert read_table(HEAD + guarded, TODAY).rows[0][1].provider == "-Nguyen & Sons"


def test_what_is_wrong_is_named_by_line_and_column() -> None:
    bad = ROW.replace("1,5", "1.33").replace("in person", "telepathy") + ROW.replace("2026-06-01", "2026-11-23")
    found = read_table(HEAD + ROW + bad, TODAY)
    assert [(cell.line, cell.column) for cell in found.wrong] == [(3, "mode"), (3, "hours"), (4, "completed on")]
    assert len(found.rows) == 1


@pytest.mark.parametrize(
    ("typed", "order", "day"),
    [
        ("6/1/2026", DayOrder.MONTH_FIRST, date(2026, 6, 1)),
        ("6/1/2026", DayOrder.DAY_FIRST, date(2026, 1, 6)),
        ("01.06.2026", DayOrder.DAY_FIRST, date(2026, 6, 1)),
        ("2026-06-01", DayOrder.MONTH_FIRST, date(2026, 6, 1)),
        ("6/1/2026", DayOrder.ISO, None),
        ("13/1/2026", DayOrder.MONTH_FIRST, None),
    ],
)
def test_days_are_read_in_the_order_that_was_chosen_and_never_guessed(
    typed: str, order: DayOrder, day: date | None
) -> None:
    found = read_table(HEAD + ROW.replace("2026-06-01", typed), TODAY, order)
    assert [facts.completed_on for _, facts in found.rows] == ([day] if day else [])
    assert [cell.column for cell in found.wrong] == ([] if day else ["completed on"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (HEAD, "no rows"),
        ("title;provider\nx;y\n", "missing: category, mode, completed on, hours"),
        (HEAD + "".join(ROW.replace("Bridges", f"B{n}") for n in range(MOST_ROWS + 1)), "at most 500"),
        (HEAD + '"never closed', "not closed"),
    ],
)
def test_a_text_that_is_no_such_table_is_refused(text: str, words: str) -> None:
    with pytest.raises(NotATable, match=words):
        read_table(text, TODAY)


def test_every_column_has_a_heading_of_its_own() -> None:
    assert len(set(COLUMNS.values())) == len(COLUMNS)
