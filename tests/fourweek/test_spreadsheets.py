"""Tables that people send and take away. What guards a cell is proven with the transcript's table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourweek.spreadsheets import NotATable, decoded, rows_of, safe_cell, written

CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=12).map(str.strip)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "a;b\r\n1;2", "a\tb\n\n1\t2\n", "\ufeff a , b\n 1,2\n"])
def test_columns_are_set_apart_by_what_the_first_row_has(text: str) -> None:
    assert [cells for _, cells in rows_of(text)] == [["a", "b"], ["1", "2"]]


def test_rows_are_numbered_as_an_editor_numbers_lines() -> None:
    assert rows_of('a,b\n\n"two\nlines",2\n,,\n3,4\n') == [
        (1, ["a", "b"]),
        (3, ["two\nlines", "2"]),
        (6, ["3", "4"]),
    ]


def test_nothing_is_no_row() -> None:
    assert rows_of("") == rows_of(" \n\n") == []


def test_an_open_quotation_mark_is_said() -> None:
    with pytest.raises(NotATable, match="line 2"):
        rows_of('a,b\n"never closed,2\n')


def test_another_encoding_is_said() -> None:
    assert decoded("\ufeffa,é".encode()) == "a,é"
    with pytest.raises(NotATable, match="UTF-8"):
        decoded("a,é".encode("latin-1"))


@given(st.lists(st.lists(CELLS.filter(bool), min_size=2, max_size=2), max_size=5))
def test_what_is_written_reads_back(rows: list[list[str]]) -> None:
    text = decoded(written(("one", "two"), [[safe_cell(cell) for cell in row] for row in rows]))
    assert [cells for _, cells in rows_of(text)][1:] == [[cell.strip() for cell in row] for row in rows]


@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\u3000", "\t", "'"])
def test_no_cell_starts_a_formula(before: str) -> None:
    for start in "=+-@＝＋－＠−":
        typed = f"{before}{start}cmd|'/c calc'!A1"
        assert safe_cell(typed) == f"'{typed}"
    for start in "\t\r\n":
        assert safe_cell(f"{start}x") == f"'{start}x"
