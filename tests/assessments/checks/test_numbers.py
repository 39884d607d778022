from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.checks.numbers import LONGEST, Unreadable, is_near, read_number, read_strict

READ = [
    ("2.5", "2.5"),
    ("2,5", "2.5"),
    (" 2.5 ", "2.5"),
    ("2.5 bar", "2.5"),
    ("2.5bar", "2.5"),
    ("2.5 BAR", "2.5"),
    ("+2.5", "2.5"),
    ("-2.5", "-2.5"),
    ("− 2,5", "-2.5"),
    ("43 200", "43200"),
    ("43\u202f200,5", "43200.5"),
    ("1 234 567", "1234567"),
    (".5", "0.5"),
    ("5.", "5"),
    ("0,125", "0.125"),
    ("1234,500", "1234.5"),
    ("007", "7"),
]


@pytest.mark.parametrize(("typed", "number"), READ)
def test_numbers_are_read_as_people_type_them(typed: str, number: str) -> None:
    assert read_number(typed, "bar") == Decimal(number)


REFUSED = [
    ("1e3", "“1e3” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("1,234", "“1,234” can be read in two ways. Write 1234 or 1.234."),
    ("1,234 bar", "“1,234” can be read in two ways. Write 1234 or 1.234."),
    ("2.5 psi", "“2.5 psi” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("43 20", "“43 20” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("1.234.567", "“1.234.567” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("", "“” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("bar", "“bar” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("NaN", "“NaN” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("Infinity", "“Infinity” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("٣", "“٣” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("--1", "“--1” is not read as a number. Write it in digits, such as 1234.5, in bar."),
    ("9" * 41, "This is longer than 40 characters. Write the number alone."),
    ("9" * 1_000_000, "This is longer than 40 characters. Write the number alone."),
]


@pytest.mark.parametrize(("typed", "words"), REFUSED)
def test_what_is_no_clear_number_is_refused_with_advice(typed: str, words: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_number(typed, "bar")
    assert str(error.value) == words


def test_without_a_unit_none_is_asked_for() -> None:
    assert read_number("50 %", "%") == 50
    with pytest.raises(Unreadable, match=r"“50 %” is not read as a number\. Write it in digits, such as 1234\.5\.$"):
        read_number("50 %")


@given(st.text(max_size=60), st.text(max_size=8))
def test_anything_typed_is_read_or_refused(typed: str, unit: str) -> None:
    with suppress(Unreadable):
        assert read_number(typed, unit).is_finite()


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=6, allow_nan=False, allow_infinity=False)


@given(NUMBERS)
def test_every_decimal_is_read_exactly(number: Decimal) -> None:
    typed = f"{number:f}"
    assert read_strict(typed) == read_number(typed) == read_number(typed.replace(".", ",")) == number


@given(NUMBERS, NUMBERS.map(abs), NUMBERS)
def test_near_is_what_arithmetic_on_whole_numbers_says(wanted: Decimal, tolerance: Decimal, given_: Decimal) -> None:
    scaled = [int(one * 10**6) for one in (given_, wanted, tolerance)]
    assert is_near(given_, wanted, tolerance) == (abs(scaled[0] - scaled[1]) <= scaled[2])
    assert is_near(wanted + tolerance, wanted, tolerance)
    assert not is_near(wanted + tolerance + Decimal("0.000001"), wanted, tolerance)


def test_no_digit_is_rounded_away() -> None:
    long = "9" * LONGEST
    tiny = "0." + "0" * (LONGEST - 3) + "1"
    assert not is_near(Decimal(long) + 0, Decimal(long), Decimal("-1"))
    assert not is_near(read_number(long), Decimal(long[:-1] + "8"), read_number("0.9999"))
    assert not is_near(read_number(tiny), Decimal(0), Decimal(0))


@pytest.mark.parametrize("text", ["", "1e3", "1,5", "+1", ".5", "1.", " 1", "1 000", "٣", "9" * 41])
def test_packages_write_decimals_in_one_way(text: str) -> None:
    assert read_strict(text) is None
