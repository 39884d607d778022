"""What changed in a text: nothing is lost, nothing is made up, and no text takes long."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.evidence.differences import Fate, Piece, differences
from assessments.evidence.rules import LONGEST_TEXT

TEXTS = st.lists(st.sampled_from(["up", "down", "up.", "Why?", "\n", "\n\n", "\t", "é", "\u202e", " "]), max_size=60)
SECONDS = 5  # of processor time, many times what it takes


def _words(pieces: tuple[Piece, ...], *fates: Fate) -> list[str]:
    return " ".join(piece.text for piece in pieces if piece.fate in fates).split()


@given(before=TEXTS.map(" ".join), after=TEXTS.map(" ".join))
def test_both_texts_can_be_read_from_what_changed(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert _words(pieces, Fate.SAME, Fate.REMOVED) == before.split()
    assert _words(pieces, Fate.SAME, Fate.ADDED) == after.split()
    assert all(piece.text for piece in pieces)


@given(text=TEXTS.map(" ".join))
def test_nothing_changed_in_the_same_text(text: str) -> None:
    assert differences(text, text) == ((Piece(Fate.SAME, text),) if text else ())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", []),
        ("", "New.", [("added", "New.")]),
        ("Old.", "", [("removed", "Old.")]),
        ("It held up.", "It held well up.", [("same", "It held "), ("added", "well "), ("same", "up.")]),
        ("One.\nTwo.\nThree.", "One.\nThree.", [("same", "One.\n"), ("removed", "Two.\n"), ("same", "Three.")]),
        ("One two.", "One  two.", [("same", "One  two.")]),
    ],
)
def test_words_that_changed(before: str, after: str, said: list[tuple[str, str]]) -> None:
    assert [(piece.fate.value, piece.text) for piece in differences(before, after)] == said


def _many(words: int, kinds: int, seed: int) -> str:
    draw = random.Random(seed)  # noqa: S311
    return " ".join(str(draw.randrange(kinds)) for _ in range(words))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * (LONGEST_TEXT // 2), "b a " * (LONGEST_TEXT // 4)),
        ("a. " * (LONGEST_TEXT // 3), "b. a. " * (LONGEST_TEXT // 6)),
        ("a\n" * (LONGEST_TEXT // 2), "b\na\n" * (LONGEST_TEXT // 4)),
        ("a" * LONGEST_TEXT, "b" * LONGEST_TEXT),
        (_many(40_000, 100, 1), _many(40_000, 100, 2)),
        (_many(999, 60, 1), _many(999, 60, 2)),
        (_many(999, 999, 1), _many(999, 999, 2)),
        (_many(20_000, 20, 1).replace(" 7 ", ".\n"), _many(20_000, 20, 2).replace(" 7 ", ".\n")),
    ],
)
def test_longest_texts_take_no_long_time(before: str, after: str) -> None:
    begun = time.process_time()
    pieces = differences(before, after)
    assert time.process_time() - begun < SECONDS
    assert _words(pieces, Fate.SAME, Fate.ADDED) == after.split()
