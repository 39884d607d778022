"""Which names documents can print, and what is said beside a field where they cannot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourweek.language import speaking
from fourweek.letters.printing import Characters, missing_glyphs, names_ok

NAMES = (
    "Amara Okonkwo-Lindqvist",
    "Łucja Wąż-Śniegocka Źdźbło",
    "Ελευθερία Παπαδοπούλου",
    "Юлия Щербакова-Ёлкина",
    "Ґанна Їжакевич",
    "Nguyễn Thị Ngọc Quỳnh Ưu",
    "देवनागरी श्रीवास्तव",
    "محمد بن عبد الله",
    "ہما گیلانی",
    "פרח שָׁלוֹם־כהן",
    "ศิรินทร์ ใจดี",
    "李明",
    "陳大文",
    "山田 たかし・タカシ",
    "김민준",
    "𠮷野 髙橋",
    "Ñandú O’Brien “Ace” – 2·3…",
    "A\u202eb\u200d",
    "",
)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_shipped_scripts_have_all_their_letters(name: str) -> None:
    assert (missing_glyphs(name), names_ok(name)) == ("", "")


@pytest.mark.parametrize(
    ("name", "missing"), [("ქეთი Keti", "ქეთი"), ("Ann 😀😀", "😀"), ("\ue000", "\ue000"), ("தமிழ்", "தமிழ்")]
)
def test_missing_letters_are_named_once_each(name: str, missing: str) -> None:
    assert missing_glyphs(name) == missing


def test_what_is_said_names_each_letter_and_at_most_eight() -> None:
    said = "Transcripts cannot print 😀 (U+1F600): write this with other letters."
    assert names_ok("Ann 😀") == said
    with speaking("es"):
        assert names_ok("Ann 😀") == "Los expedientes no pueden imprimir 😀 (U+1F600): escríbelo con otras letras."
    assert names_ok("ქართველი").count("U+") == 8
    assert "and others" in names_ok("აბგდევზთი")


@settings(max_examples=50)
@given(st.frozensets(st.integers(0, 200), max_size=30))
def test_characters_hold_what_they_were_made_of_and_read_back(points: frozenset[int]) -> None:
    made = Characters.of(points)
    assert Characters.read(str(made)) == made
    assert {point for point in range(202) if chr(point) in made} == points
