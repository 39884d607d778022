"""Text in documents: nothing hidden, nothing reordered, nothing lost that writing needs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fourweek.letters.cleaning import clean_text


@pytest.mark.parametrize(
    ("given_text", "clean"),
    [
        ("  Ana\tMaria \n Lopez ", "Ana Maria Lopez"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\u2066a\u2069\u200fb", "ab"),
        ("A\u0308nne", "Änne"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("A\u200d\u0308", "Ä"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\u200cb", "ab"),
        ("\u200cb", "b"),
        ("bell\x07\x9b", "bell"),
        ("half\ud800", "half"),
        ("Nguyễn", "Nguyễn"),
        ("line\u2028two", "line two"),
    ],
)
def test_clean_text_known_cases(given_text: str, clean: str) -> None:
    assert clean_text(given_text) == clean


@given(st.text())
def test_clean_text_is_stable_composed_and_visible(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not {unicodedata.category(char) for char in clean if char not in "\u200c\u200d"} & {"Cc", "Cf", "Cs"}
    assert clean == " ".join(clean.split())
