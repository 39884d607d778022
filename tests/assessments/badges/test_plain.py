import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.badges import plain


def test_written_json_reads_back_the_same() -> None:
    document = {"name": "Größe – 容量", "credits": 0.3, "list": ["one"]}
    assert plain.read_json(plain.write_json(document)) == document


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{"a": 1, "a": 2}', "one thing twice"),
        (b'{"a": NaN}', "a number that is none"),
        (b'{"a": -Infinity}', "a number that is none"),
        (b'{"a": ', "not JSON"),
        (b"\xff\xfe", "not text"),
        (b"[" * 100_000, "nested"),
        (b" " * (plain.MAX_BYTES + 1), "larger than any badge"),
        (b'{"id": "\\uD83D"}', "half of a character"),
        (b'{"\\udc00": 1}', "half of a character"),
        (b"9" * 5000, "more digits"),
    ],
)
def test_unreadable_json_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(plain.UnreadableError, match=sentence):
        plain.read_json(data)


@pytest.mark.parametrize(
    "document",
    [
        {"a": None},
        {"a": []},
        {"a": {}},
        {"@id": "x"},
        {"@graph": [{"a": 1}]},
        {"https://schema.org/name": "x"},
        {"a": "tab\x0bbed"},
        {"a": "\ud800"},
        {"a": float("inf")},
        {"a": 1e300},
        {"a": 2**53},
        {"a": "x" * (plain.MAX_TEXT + 1)},
        {"a": ["x"] * (plain.MAX_LIST + 1)},
    ],
)
def test_what_a_signature_would_not_cover_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(plain.LoosePartsError):
        plain.plain_copy(document)


def test_too_deep_a_document_is_refused() -> None:
    document: dict[str, Any] = {"a": 1}
    for _ in range(plain.MAX_DEPTH + 1):
        document = {"a": document}
    with pytest.raises(plain.LoosePartsError, match="deeply"):
        plain.plain_copy(document)


def test_too_many_values_are_refused() -> None:
    document = {f"k{n}": [str(m) for m in range(100)] for n in range(plain.MAX_VALUES // 100 + 1)}
    with pytest.raises(plain.LoosePartsError, match="more values"):
        plain.refuse_oversize(document)


def test_numbers_without_fraction_become_integers() -> None:
    copied = plain.plain_copy({"a": 2.0, "b": 0.3, "c": True})
    assert json.dumps(copied) == '{"a": 2, "b": 0.3, "c": true}'


@given(st.text())
def test_clean_text_is_always_taken(text: str) -> None:
    cleaned = plain.clean_text(text)
    assert plain.clean_text(cleaned) == cleaned
    assert plain.plain_copy({"a": cleaned}) == {"a": cleaned}


def test_clean_text_keeps_lines_and_letters() -> None:
    assert plain.clean_text(" one\r\ntwo\tthree\x07\n ") == "one\ntwo three"


def test_a_character_that_is_escaped_in_two_halves_is_whole() -> None:
    assert plain.read_json(b'{"a": "\\ud83d\\ude00"}') == {"a": "\N{GRINNING FACE}"}
