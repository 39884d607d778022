"""Which typed names open a document, and which do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.verify.last_name import is_last_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Brook", "Alice Brook"),
        ("  bROOK ", "Alice Brook"),
        ("Alice Brook", "Alice Brook"),
        ("García Márquez", "Gabriel José García Márquez"),
        ("Márquez", "Gabriel José García Márquez"),
        ("garcia marquez", "Gabriel José García Márquez"),
        ("Garcia\u0301 Ma\u0301rquez", "Gabriel José García Márquez"),
        ("van der Berg", "Anna van der Berg"),
        ("Okonkwo-Lindqvist", "Amara Okonkwo‐Lindqvist"),
        ("O'Neill", "Sean O’Neill"),
        ("Nguyen", "Trần Văn Nguyễn"),
        ("STRASSE", "Eva Straße"),
        ("Sukarno", "Sukarno"),
        ("王", "王小明"),
        ("欧阳", "欧阳小明"),
        ("王小明", "王小明"),
        ("김", "김 민준"),
        ("ПЕТРОВА", "Анна Петрова"),
        ("Ѐ".replace("Ѐ", "Йорданов"), "Иван Йорданов"),
        ("शर्मा", "अमित शर्मा"),
        ("-Nguyen", "-Nguyen"),
        ("YILMAZ", "Ayşe Yılmaz"),
        ("Walesa", "Lech Wałęsa"),
        ("Brook", "Alice Brook, Jr."),
        ("van Brook", "Alice van Brook III"),
    ],
)
def test_a_last_name_opens(typed: str, name: str) -> None:
    assert is_last_name(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Alice Brook"),
        ("   ", "Alice Brook"),
        ("\u200b", "Alice Brook"),
        ("Alice", "Alice Brook"),
        ("Broo", "Alice Brook"),
        ("rook", "Alice Brook"),
        ("Brook Alice", "Alice Brook"),
        ("José García", "Gabriel José García Márquez"),
        ("小明", "王小明"),
        ("A", "Alice Brook"),
        ("Brооk", "Alice Brook"),
        ("शर्म", "अमित शर्मा"),
        ("Alice", "Alice Brook Jr."),
        ("Alice", "Alice Jr."),
        ("Berg" * 100, "Anna van der Berg"),
    ],
)
def test_anything_else_does_not(typed: str, name: str) -> None:
    assert not is_last_name(typed, name)


@settings(max_examples=100)
@given(st.lists(st.text(st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=8), min_size=1, max_size=4))
def test_the_last_words_of_any_name_open_it_in_any_case(words: list[str]) -> None:
    name = " ".join(words)
    for start in range(len(words)):
        tail = " ".join(words[start:])
        assert is_last_name(tail, name)
        assert is_last_name(f" {tail.casefold()}\t", name)
