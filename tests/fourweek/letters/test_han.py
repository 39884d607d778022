"""Which shapes Chinese characters get, and names from right to left among words from left to right."""

import pytest

from fourweek.letters.direction import isolated
from fourweek.letters.han import FAMILIES, han_families


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("Ann", "SC"),
        ("", "SC"),
        ("李明", "SC"),
        ("陈大文", "SC"),
        ("陳大文", "TC"),
        ("沢田", "JP"),
        ("髙橋", "JP"),
        ("李たかし", "JP"),
        ("李민준", "KR"),
        ("㐂", "SC"),
    ],
)
def test_a_name_chooses_its_shapes(name: str, family: str) -> None:
    first, *others = han_families(name)
    assert first == f"Noto Sans {family}"
    assert {first, *others} == set(FAMILIES)


def test_texts_from_right_to_left_are_isolated_wherever_they_stand() -> None:
    given = {"name": "محمد", "page": 3, "lines": [{"title": "Law"}, ["שלום 3", "1"]], "also": ("é", None)}
    found = isolated(given)
    assert found["name"] == "\u2068محمد\u2069"
    assert found["lines"] == [{"title": "Law"}, ["\u2068שלום 3\u2069", "1"]]
    assert (found["page"], found["also"]) == (3, ["é", None])
