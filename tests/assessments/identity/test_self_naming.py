"""A text that names its author is noticed however the name is written, and little else is."""

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.identity.self_naming import Author, named_in

ADA = Author(("Ada Łukasz O'Brien-Núñez",), ("ada.nunez@example.org", "info@example.org"), "FW-12345")
LI = Author(("Li Wu", "Li"))
WANG = Author(("王伟",))


@pytest.mark.parametrize(
    "text",
    [
        "Written by Ada Núñez",
        "written by ada nunez.",
        "NÚÑEZ, ADA",
        "Nun\u0303ez\nAda",
        "adanunez-report.pdf",
        "https://example.org/~Ada_Łukasz",
        "lukasz ada",
    ],
)
def test_a_whole_name_counts_however_it_is_written(text: str) -> None:
    assert named_in(text, ADA) == ("Ada Łukasz O'Brien-Núñez",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ada's notes", ("Ada",)),
        ("I asked Brien about it", ("Brien",)),
        ("ada is a language", ()),
        ("Adamant and Canada", ()),
        ("Mail ADA.NUNEZ@example.org", ("ada.nunez@example.org",)),
        ("info is what we need", ()),
        ("see INFO@example.org", ("info@example.org",)),
        ("my number: fw-12345", ("FW-12345",)),
        ("FW-123456, XFW-12345", ()),
        ("", ()),
    ],
)
def test_parts_addresses_and_numbers(text: str, found: tuple[str, ...]) -> None:
    assert [one for one in named_in(text, ADA) if one in found] == list(found)
    assert bool(named_in(text, ADA)) == bool(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [("Li said so", ("Li",)), ("I like limits", ()), ("List of lists", ()), ("wu li", ("Li Wu",)), ("Will Lise", ())],
)
def test_short_names_count_as_whole_words_only(text: str, found: tuple[str, ...]) -> None:
    assert named_in(text, LI) == found


def test_an_address_that_is_one_name_counts_as_that_name_does() -> None:
    author = Author(("Ada Brook",), ("ada@example.org", "a.brook@example.org"))
    assert named_in("ada is a language", author) == ()
    assert named_in("ask a.brook", author) == ("a.brook@example.org",)


def test_scripts_without_words_are_searched_through() -> None:
    assert named_in("这是王伟的报告", WANG) == ("王伟",)
    assert named_in("这是报告", WANG) == ()


def test_names_of_files_need_no_capitals() -> None:
    assert named_in("brien_week1.docx", ADA, running=False) == ("Brien",)
    assert named_in("canada_week1.docx", ADA, running=False) == ()


_PART = st.text(string.ascii_lowercase, min_size=3, max_size=10)
_OTHERS = st.text("бгджзйклцчшщ \n.,-_0123456789", max_size=60)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_PART, min_size=2, max_size=4, unique=True),
    st.randoms(use_true_random=False),
    st.sampled_from((str.lower, str.upper, str.title)),
    st.sampled_from((" ", "  ", ", ", "-", "_", ".", "\n")),
    st.tuples(_OTHERS, _OTHERS),
    st.sampled_from(("NFC", "NFD")),
)
def test_two_parts_of_a_name_are_found_in_any_order_and_case(parts, mix, case, between, around, form) -> None:  # type: ignore[no-untyped-def]
    author = Author((" ".join(part.capitalize().replace("a", "á") for part in parts),))
    two = mix.sample(parts, 2)
    text = f"{around[0]} {case(between.join(two))} {around[1]}"
    assert named_in(unicodedata.normalize(form, text.replace("a", "á")), author) == author.names


@settings(max_examples=100, deadline=None)
@given(st.lists(_PART, min_size=1, max_size=3), _PART, _OTHERS)
def test_a_name_inside_a_longer_word_is_none(parts: list[str], more: str, around: str) -> None:
    author = Author((" ".join(part.capitalize() for part in parts),))
    text = f"{around} Q{parts[0]}{more}q {around}"
    whole = {parts[0] + parts[-1], parts[-1] + parts[0]}
    if f"q{parts[0]}{more}q" not in whole | set(parts):
        assert named_in(text, author) == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.text(max_size=30), st.booleans())
def test_any_text_and_any_name_can_be_asked_about(text: str, name: str, running: bool) -> None:  # noqa: FBT001
    found = named_in(text, Author((name,), (f"{name}@x.example",), name), running=running)
    assert len(found) == len(set(found)) <= 3 + len(name)
