"""Verification codes: hard to guess, easy to type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.transcripts.codes import ALPHABET, LENGTH, code_hash, is_code_of, new_code, normalise, print_form

CODES = st.text(alphabet=ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_new_codes_are_sixteen_characters_of_the_alphabet_and_differ() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {16}
    assert set("".join(codes)) == set(ALPHABET)
    assert len(set(ALPHABET)) == 32


def test_print_form_groups_in_fours() -> None:
    assert print_form("7K3M9QX2TB8W4HZA") == "7K3M-9QX2-TB8W-4HZA"


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M9QX2TB8W10ZA",
        "7k3m-9qx2-tb8w-10za",
        " 7K3M 9QX2 TB8W 10ZA \n",
        "7K3M–9QX2—TB8W−1OZA",
        "7K3M-9QX2-TB8W-IoZA",
        "7K3M-9QX2-TB8W-lOZA",
        "７Ｋ３Ｍ９ＱＸ２ＴＢ８Ｗ１０ＺＡ",
    ],
)
def test_normalise_reads_what_was_meant(typed: str) -> None:
    assert normalise(typed) == "7K3M9QX2TB8W10ZA"


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3M9QX2TB8W10ZU", "7K3M9QX2TB8W10ZA1", "7K3M9QX2TB8W10Z?", "А" * 16])
def test_normalise_refuses_what_cannot_be_a_code(typed: str) -> None:
    assert normalise(typed) is None


@given(CODES)
def test_printed_codes_read_back(code: str) -> None:
    assert normalise(print_form(code).lower()) == code


@given(st.text(max_size=200))
def test_normalise_takes_any_text(typed: str) -> None:
    found = normalise(typed)
    assert found is None or set(found) <= set(ALPHABET)


@given(CODES, CODES)
def test_only_the_code_itself_matches_its_hash(code: str, other: str) -> None:
    assert is_code_of(code, code_hash(code))
    assert is_code_of(other, code_hash(code)) == (other == code)


def test_code_hash_is_the_same_for_ever() -> None:
    assert code_hash("7K3M9QX2TB8W4HZA") == "ea48e53afa9c5441594ca205711a5c463e9965b1bbaddf49fae124eea52c7b6a"
