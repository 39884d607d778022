"""Which letters of a name a second pair of eyes should see."""

import pytest

from assessments.names.scripts import drawn_alike, flags


@pytest.mark.parametrize(
    "name",
    [
        "Żaneta Wójcik",
        "Nguyễn Thị Ánh",
        "محمد علي",
        "山田 太郎",
        "ヤマダ タロウ",
        "김민준",
        "Ελένη",
        "Олена",
        "O’Brien-Łoś",
    ],
)
def test_names_of_one_script_are_not_flagged(name: str) -> None:
    assert flags(name) == ()


def test_two_scripts_beside_each_other_are_said() -> None:
    assert flags("Ελένη (Eleni)") == ("Written in 2 scripts: Greek, Latin.",)
    assert flags("山田 Taro") == ("Written in 2 scripts: East Asian, Latin.",)


def test_a_letter_of_another_script_in_a_word_is_pointed_at() -> None:
    mixed, several = flags("Аlice Brook")
    assert mixed == "One word mixes scripts: А (U+0410 Cyrillic capital letter a)."
    assert several == "Written in 2 scripts: Cyrillic, Latin."


def test_a_word_that_only_looks_latin_is_pointed_at() -> None:
    first, _ = flags("Сара Brook") if len(flags("Сара Brook")) == 2 else ("", "")
    assert first.startswith("A word looks Latin and is not: С (U+0421")
    assert drawn_alike("Сара Brook") == "Capa Brook"
    assert drawn_alike("Аlice Brook") == "Alice Brook"
