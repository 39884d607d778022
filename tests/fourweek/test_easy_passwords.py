"""Passwords that are tried first, and those that are not."""

import hashlib
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourweek.accounts import wordlist
from fourweek.accounts.easy_passwords import COMMON, OWN, easy

ABOUT = ("Alice Brook", "alice@example.org", "Test Institute")
FOLDER = Path(wordlist.__file__).parent


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password12345!",
        "P@ssw0rd2026!!",
        "password password password pass",
        "monkey dragon",
        "iloveyou1234",
        "Summer2026!!",
        "1qaz2wsx3edc",
        "qwertyuiopas",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "zxcvbnm,./asdf",
    ],
)
def test_what_is_tried_first_is_easy(password: str) -> None:
    assert easy(password) == COMMON


@pytest.mark.parametrize("password", ["alicebrook2026", "Alice.Brook!1", "test institute 1", "br00k-alice-alice"])
def test_what_says_its_person_is_easy(password: str) -> None:
    assert easy(password, ABOUT) == OWN


@pytest.mark.parametrize(
    "password",
    ["a calm evening by the lake", "correct horse battery staple", "dragon8371926405", "xK9#mQ2$vL7!", "739182645018"],
)
def test_three_words_or_signs_without_order_are_not(password: str) -> None:
    assert easy(password, ABOUT) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_every_text_has_an_answer(password: str, about: list[str]) -> None:
    assert easy(password, about) in {None, COMMON, OWN}


def test_the_longest_password_takes_no_time() -> None:
    began = process_time()
    easy("ab" * 512, ABOUT)
    assert process_time() - began < 0.5


def test_the_list_is_the_one_that_its_source_names() -> None:
    said = (FOLDER / "SOURCES.md").read_text("utf-8")
    assert hashlib.sha256((FOLDER / "passwords.txt").read_bytes()).hexdigest() in said
    assert len(wordlist.common_passwords()) == 30_000
