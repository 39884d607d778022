"""Bitstrings: what is set is read back, by us and by anybody who follows the standard."""

import base64
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.status.bits import SMALLEST, NoBitstringError, decode, encode, make_bits

SIZES = st.integers(1, 64).map(lambda number: number * 8)


@settings(max_examples=60)
@given(size=SIZES, data=st.data())
def test_a_place_is_set_exactly_when_it_was_named(size: int, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, size - 1)))
    digits = "".join(f"{byte:08b}" for byte in decode(encode(make_bits(size, places)), most=size))
    assert {place for place, digit in enumerate(digits) if digit == "1"} == places


def test_the_first_place_is_the_most_significant_bit_of_the_first_byte() -> None:
    assert make_bits(16, [0]) == b"\x80\x00"
    assert make_bits(16, [7, 8]) == b"\x01\x80"


def test_a_list_is_as_the_standard_has_it() -> None:
    text = encode(make_bits(SMALLEST, [3, SMALLEST - 1]))
    packed = text[1:] + "=" * (-len(text[1:]) % 4)
    as_digits = "".join(f"{byte:08b}" for byte in gzip.decompress(base64.urlsafe_b64decode(packed)))
    assert text[0] == "u"
    assert "=" not in text
    assert len(as_digits) == 131_072
    assert [place for place, digit in enumerate(as_digits) if digit == "1"] == [3, 131_071]


def test_the_same_bits_give_the_same_text() -> None:
    assert encode(make_bits(800, [5])) == encode(make_bits(800, [5]))


@pytest.mark.parametrize("size", [0, -8, 12])
def test_half_a_byte_is_no_list(size: int) -> None:
    with pytest.raises(ValueError, match="whole number"):
        make_bits(size, [])


@pytest.mark.parametrize("place", [-1, 16])
def test_a_place_outside_is_refused(place: int) -> None:
    with pytest.raises(ValueError, match="no place"):
        make_bits(16, [place])


GOOD = encode(make_bits(800, [5]))
TWO = "u" + base64.urlsafe_b64encode(gzip.compress(b"\0", mtime=0) * 2).rstrip(b"=").decode()
BAD = ["", "u", GOOD[1:], GOOD + "=", GOOD[:-8], GOOD + "AAAA", TWO, "u@@", "uAAAA", "uA", "ué"]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_bitstring_is_refused(text: str) -> None:
    with pytest.raises(NoBitstringError):
        decode(text, most=800)


def test_a_list_that_unpacks_to_more_than_is_read_is_refused_early() -> None:
    with pytest.raises(NoBitstringError, match="more than 792"):
        decode(GOOD, most=792)
    assert decode(GOOD, most=800) == make_bits(800, [5])
