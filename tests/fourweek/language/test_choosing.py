"""Which language a request is answered in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from fourweek.language import LANGUAGES
from fourweek.language.choosing import asked_for, chosen


@pytest.mark.parametrize(
    ("accept", "found"),
    [
        ("", ""),
        ("es", "es"),
        ("ES-mx,es;q=0.9,en;q=0.8", "es"),
        ("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5", "en"),
        ("en;q=0.3, ar-EG;q=0.7", "ar"),
        ("en;q=0, ar;q=0.1", "ar"),
        ("es, ar", "es"),
        ("de, fr", ""),
        ("es;q=nan, en;q=0.2", "en"),
        ("es;q=0.12345, en;q=0.2", "en"),
        ("es;level=1, en;q=0.2", "en"),
    ],
)
def test_the_browser_gets_the_first_of_our_languages_that_it_asks_for(accept: str, found: str) -> None:
    assert asked_for(accept) == found


@given(st.text(max_size=400))
def test_whatever_a_browser_asks_for_is_answered(accept: str) -> None:
    assert asked_for(accept) in {"", *LANGUAGES}


@pytest.mark.parametrize(
    ("cookie", "found"),
    [
        ("", ""),
        ("fourweek-language=es", "es"),
        ("a=b; fourweek-language=ar; c=d", "ar"),
        ("fourweek-language=xx", ""),
        ('other={"a": 1}; fourweek-language=es', "es"),
        ("a[b]=c; fourweek-language=es", "es"),
        ('fourweek-language="es', ""),
        ("fourweek-language", ""),
    ],
)
def test_a_cookie_counts_that_names_a_language_of_ours(cookie: str, found: str) -> None:
    assert chosen(Headers({"cookie": cookie})) == found
