"""Whatever two colours an institution has, its pages can be read; the ones our sheet was drawn with change nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fourweek.colours import contrast, hex_colour, parse_colour
from fourweek.livery.oklch import to_colour, to_oklch
from fourweek.livery.palette import PAPERS, TONES, Palette, palette, seal_alone, taken_for
from fourweek.livery.sheet import own_palette, written
from tests.templates.test_static import LINES, TEXT, tokens

COLOURS = st.tuples(*(st.integers(0, 255),) * 3).map(hex_colour)
HARD = ["#000000", "#ffffff", "#ffff00", "#00ff00", "#0000ff", "#ff0000", "#00ffff", "#ff00ff", "#808080", "#1d3d70"]
SEEN = [*LINES, ("seal", "paper"), ("seal", "sheet")]


def weak(found: Palette) -> dict[tuple[str, str, str], float]:
    """What cannot be read or seen, over the tokens of the sheet."""
    low = {}
    for scheme, own in (("light", found.light), ("dark", found.dark)):
        colours = tokens(scheme) | own
        for pairs, least in ((TEXT, 7.0), (SEEN, 3.0)):
            for one, other in pairs:
                ratio = contrast(parse_colour(colours[one]), parse_colour(colours[other]))
                if ratio < least:
                    low[scheme, one, other] = round(ratio, 2)
    return low


@given(COLOURS, COLOURS | st.just(""))
@settings(max_examples=150, deadline=None)
def test_any_two_colours_can_be_read(colour: str, accent: str) -> None:
    assert weak(palette(colour, accent)) == {}


@pytest.mark.parametrize("colour", HARD)
@pytest.mark.parametrize("accent", ["", "#ffffff", "#101010"])
def test_colours_at_the_edges_can_be_read(colour: str, accent: str) -> None:
    assert weak(palette(colour, accent)) == {}
    assert weak(seal_alone(accent or colour)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("red", range(0, 256, 15))
def test_colours_of_a_fine_grid_can_be_read(red: int) -> None:
    for green in range(0, 256, 15):
        for blue in range(0, 256, 15):
            assert weak(palette(hex_colour((red, green, blue)), "")) == {}


@given(COLOURS)
def test_a_colour_comes_back_from_oklch(colour: str) -> None:
    assert hex_colour(to_colour(to_oklch(parse_colour(colour)))) == colour


def test_a_colour_that_can_be_read_is_taken_as_it_is() -> None:
    found = palette("#7a0019", "#b27f1e")
    assert (found.light["accent"], found.light["seal"]) == ("#7a0019", "#b27f1e")
    assert taken_for("#7a0019") == ""


def test_a_colour_that_was_moved_much_is_told_of() -> None:
    assert taken_for("#f5c518") == palette("#f5c518", "").light["accent"] != ""


def test_our_own_colour_changes_nothing_and_a_second_one_the_seal_alone() -> None:
    assert own_palette("#1f4e79", "", ours="#1f4e79") is None
    found = own_palette("#1F4E79", "#b27f1e", ours="#1f4e79")
    assert found is not None
    assert (set(found.light), set(found.dark)) == ({"seal"}, {"seal", "focus"})


def test_the_sheet_names_each_token_for_light_and_dark() -> None:
    assert written(Palette({"seal": "#111111"}, {"focus": "#222222"})) == (
        ":root {\n  --seal: #111111;\n}\n\n@media (prefers-color-scheme: dark) {\n:root {\n  --focus: #222222;\n}\n}\n"
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_grounds_are_those_of_the_sheet(scheme: str) -> None:
    colours = tokens(scheme)
    assert PAPERS[scheme] == (colours["paper"], colours["sheet"])
    assert TONES[scheme] == (colours["good-tint"], colours["warn-tint"], colours["bad-tint"])
