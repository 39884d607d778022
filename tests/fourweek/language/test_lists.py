"""Words in a row: as the Unicode consortium's tables have them, and each in its own direction."""

from collections.abc import Callable, Iterable
from typing import Literal

import pytest
from babel.lists import format_list

from fourweek.language import speaking
from fourweek.language.lists import all_of, any_of, in_a_row, quoted

LOCALES = {"en": "en_GB", "es": "es", "ar": "ar"}
WORDS = {"en": ("one", "two", "three"), "es": ("uno", "dos", "tres"), "ar": ("واحد", "اثنان", "ثلاثة")}


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize(("join", "style"), [(all_of, "standard"), (any_of, "or")])
@pytest.mark.parametrize("code", LOCALES)
def test_a_list_is_that_of_its_language(
    code: str, join: Callable[[Iterable[object]], str], style: Literal["standard", "or"], count: int
) -> None:
    words = WORDS[code][:count]
    with speaking(code):
        assert join(words) == format_list(words, style, LOCALES[code])


def test_facts_stand_apart_by_the_comma_of_the_language() -> None:
    said = []
    for code, words in WORDS.items():
        with speaking(code):
            said.append(in_a_row(words))
    assert said == ["one, two, three", "uno, dos, tres", "واحد، اثنان، ثلاثة"]


def test_nothing_makes_no_words() -> None:
    assert [join(()) for join in (in_a_row, all_of, any_of)] == ["", "", ""]


@pytest.mark.parametrize(
    ("join", "last", "said"),
    [
        (all_of, "Integridad", "Bombas e Integridad"),
        (all_of, "“Historia”", "Bombas e “Historia”"),
        (all_of, "Hierro", "Bombas y Hierro"),
        (any_of, "Obras", "Bombas u Obras"),
        (any_of, "8 horas", "Bombas u 8 horas"),
    ],
)
def test_spanish_gives_way_before_its_own_sound(join: Callable[[Iterable[object]], str], last: str, said: str) -> None:
    with speaking("es"):
        assert join(("Bombas", last)) == said


def test_latin_words_between_arabic_ones_keep_the_order_of_the_page() -> None:
    with speaking("ar"):
        assert in_a_row(("Pumps", "مضخات", "Valves")) == "\u2068Pumps\u2069، مضخات، \u2068Valves\u2069"


def test_words_stand_in_the_quotation_marks_of_the_language() -> None:
    said = []
    for code in WORDS:
        with speaking(code):
            said.append(quoted("Pumps"))
    assert said == ["“Pumps”", "«Pumps»", "«\u2068Pumps\u2069»"]
