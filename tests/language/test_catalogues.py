"""The catalogues hold what is said, with the values and markup of each sentence; a learner's way is whole in each."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from tests.language.catalogues import TRANSLATED, Key, compiled, forms_in, read, source, words_of
from tests.language.gathering import Said, all_said
from tests.language.ways import on_the_learners_way

VALUE = re.compile(r"\{[a-z_0-9]+\}|%\([a-z_0-9]+\)s")
TAG = re.compile(r"</?[a-z]+")
COUNTS = frozenset({"{count}", "%(count)s", "%(number)s", "{days}"})
"""What a plural form may leave out where it says the count itself: "one file"."""


@cache
def _said() -> tuple[Said, ...]:
    return tuple(all_said())


@cache
def _catalog(code: str) -> Catalog:
    return read(code)


def _translated(code: str) -> Iterator[tuple[Key, Message, list[str]]]:
    for key, message in words_of(_catalog(code)).items():
        if any(forms_in(message.string)):
            yield key, message, forms_in(message.string)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_what_is_said_and_nothing_else(code: str) -> None:
    kept, said = set(words_of(_catalog(code))), {one.key for one in _said()}
    assert (sorted(said - kept)[:5], sorted(kept - said)[:5]) == ([], []), "run `python -m tests.language`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_compiled_catalogue_is_that_of_its_source(code: str) -> None:
    assert source(code).with_suffix(".mo").read_bytes() == compiled(_catalog(code)), "run `python -m tests.language`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_learners_way_is_whole(code: str) -> None:
    there = {key for key, _message, said in _translated(code) if all(said)}
    wanted = {one.key: one.place for one in _said() if on_the_learners_way(one.place)}
    assert sorted((place, key) for key, place in wanted.items() if key not in there)[:10] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_values_and_markup_are_those_of_the_sentence(code: str) -> None:
    wrong = []
    for key, message, said in _translated(code):
        english = list(message.id) if isinstance(message.id, tuple | list) else [message.id]
        values = set(VALUE.findall(" ".join(english)))
        may_go = COUNTS if len(english) > 1 else frozenset()
        for words in said:
            found = set(VALUE.findall(words))
            tags = Counter(TAG.findall(words))
            if (
                not found <= values
                or not values - may_go <= found
                or tags not in map(Counter, map(TAG.findall, english))
            ):
                wrong.append((key, words))
    assert wrong == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_sentence_that_is_translated_has_all_its_forms(code: str) -> None:
    assert [key for key, _message, said in _translated(code) if not all(said)] == []
