import pytest
from pydantic import ValidationError

from fourweek.colours import VISIBLE, contrast, deepen, parse_colour
from fourweek.settings import Settings


@pytest.mark.parametrize(("colour", "accent"), [("#1f4e79", "#e0a526"), ("#f5c518", "#ffffff"), ("#000000", "#808080")])
def test_second_colour_that_is_seen_on_the_first_is_taken(colour: str, accent: str) -> None:
    settings = Settings(institution_colour=colour, institution_accent=accent)
    assert contrast(parse_colour(settings.institution_accent), deepen(parse_colour(colour))) >= VISIBLE


@pytest.mark.parametrize(
    ("accent", "words"), [("#333333", "too close"), ("#1f4e79", "too close"), ("gold", "must be a colour")]
)
def test_second_colour_that_nobody_would_see_is_refused_in_words(accent: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(institution_accent=accent)
