import io
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assessments.badges.picture import BadgePicture, can_be_set, draw_png, draw_svg
from assessments.badges.picture.fitting import fit, text_width
from assessments.badges.picture.icons import ICONS, Ink, draw_icon
from assessments.badges.picture.png import render_png
from assessments.badges.picture.scene import compose
from assessments.badges.picture.shapes import Line
from fourweek.colours import WHITE, contrast, deepen, mix, parse_colour
from tests.assessments.badges import icon_sheet

SVG = "{http://www.w3.org/2000/svg}"
RELIABLE = BadgePicture(title="Running Reliable Services", institution="Harbour Institute", note="2.4 CEU")
LONG = BadgePicture(
    title="Version Control with Git for Research Software and Data Teams in Practice",
    institution="The Polytechnic University of Applied Sciences and Engineering",
)


def _lines(picture: BadgePicture) -> list[Line]:
    return [shape for shape in compose(picture) if isinstance(shape, Line)]


def _titles(picture: BadgePicture) -> list[Line]:
    return [line for line in _lines(picture) if line.bold and line.text != "Microcredential"]


def test_png_is_600_square_and_clear_around_the_medal() -> None:
    image = Image.open(io.BytesIO(draw_png(RELIABLE)))
    assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (600, 600))
    corners = [image.getpixel(place) for place in ((0, 0), (599, 0), (0, 599), (599, 599))]
    assert [pixel[3] for pixel in corners if isinstance(pixel, tuple)] == [0, 0, 0, 0]
    assert image.getpixel((300, 590)) == (*parse_colour("#1f4e79"), 255)


def test_same_picture_gives_the_same_bytes_and_another_does_not() -> None:
    assert draw_png(RELIABLE) == draw_png(RELIABLE)
    assert draw_png(RELIABLE) != draw_png(BadgePicture(title="Git", institution="Harbour Institute", note="2.4 CEU"))


def test_picture_says_title_institution_and_note() -> None:
    assert " ".join(line.text for line in _lines(RELIABLE)) == "Running Reliable Services Harbour Institute 2.4 CEU"


def test_long_title_is_broken_and_set_smaller_but_said_whole() -> None:
    titles = _titles(LONG)
    assert " ".join(line.text for line in titles) == LONG.title
    assert {line.size for line in titles} < {26, 28, 30, 32, 34}


def test_word_that_fits_no_line_is_parted_with_a_hyphen_and_said_whole() -> None:
    word = "Elektrizitätsversorgungsunternehmensführung"
    *first, last = [line.text for line in _titles(BadgePicture(title=word, institution="TU"))]
    assert first
    assert all(text.endswith("-") for text in first)
    assert "".join(text.removesuffix("-") for text in (*first, last)) == word


@pytest.mark.parametrize("title", ["Надёжные сервисы", "Αξιόπιστες υπηρεσίες", "Đặng Thị Hoà: Kỹ", "C++ & 4 % µ-ª"])
def test_latin_greek_and_cyrillic_titles_are_written(title: str) -> None:
    assert can_be_set(title)
    assert " ".join(line.text for line in _titles(BadgePicture(title=title, institution="X"))) == title


@pytest.mark.parametrize("title", ["信頼できる", "خدمات", "שירותים", "विश्वसनीय", "บริการ", "Git 入門", "🚀", "—"])
def test_title_in_other_letters_leaves_the_icon_alone_and_no_empty_boxes(title: str) -> None:
    picture = BadgePicture(title=title, institution="Harbour Institute", icon="book")
    assert not can_be_set(title)
    assert [line.text for line in _lines(picture)] == ["Harbour Institute", "Microcredential"]
    assert f"Badge: {title}, Harbour Institute" in draw_svg(picture)


def test_signs_that_the_font_lacks_are_left_out_of_a_title_that_can_be_said() -> None:
    picture = BadgePicture(title="Safe ✓ and 🚀 ❤\ufe0f fast", institution="X")
    assert " ".join(line.text for line in _titles(picture)) == "Safe and fast"


@pytest.mark.parametrize("icon", ICONS)
def test_every_icon_is_its_own_and_keeps_to_its_square(icon: str) -> None:
    ink = Ink(dark=(0, 0, 0), light=(0, 0, 0), accent=(0, 0, 0), paper=(0, 0, 0))
    box = Image.open(io.BytesIO(render_png(draw_icon(icon, ink, x=300, y=300, scale=4)))).getbbox()
    assert box is not None
    assert min(box[:2]) >= 88
    assert max(box[2:]) <= 512
    scenes = {name: compose(replace(RELIABLE, icon=name)) for name in ICONS}
    assert [name for name, scene in scenes.items() if scene == scenes[icon]] == [icon]


def test_the_docs_show_and_name_every_icon() -> None:
    assert icon_sheet.PLACE.read_text(encoding="utf-8") == icon_sheet.sheet()
    page = (icon_sheet.PLACE.parent / "course-package.md").read_text(encoding="utf-8")
    assert [icon for icon in ICONS if f"`{icon}`" not in page] == []


def test_badge_without_an_icon_bears_the_star_and_without_an_accent_a_lighter_tone() -> None:
    assert compose(RELIABLE) == compose(replace(RELIABLE, icon="star")) == compose(replace(RELIABLE, icon="unknown"))
    gold = draw_svg(replace(RELIABLE, accent="#e0a526"))
    assert "#e0a526" in gold
    assert "#e0a526" not in draw_svg(RELIABLE)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_every_line_stays_inside_the_medal(title: str, institution: str) -> None:
    for line in _lines(BadgePicture(title=title, institution=institution)):
        assert line.width <= 2 * (226**2 - (min(abs(line.y - 300), 226)) ** 2) ** 0.5 or line.y > 480
        assert line.width == pytest.approx(text_width(line.text, line.size, bold=line.bold))


def test_svg_is_well_formed_and_says_what_it_shows() -> None:
    picture = BadgePicture(title="Cause & <Effect>", institution='The "Harbour"')
    root = ET.fromstring(draw_svg(picture))  # noqa: S314 (our own text)
    assert root.tag == f"{SVG}svg"
    assert root.get("aria-label") == 'Badge: Cause & <Effect>, The "Harbour"'
    assert [text.text for text in root.iter(f"{SVG}text")] == [
        "Cause &",
        "<Effect>",
        'The "Harbour"',
        "Microcredential",
    ]
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "circle", "path", "polygon", "rect", "text"
    }  # fmt: skip


def test_png_and_svg_show_the_same_shapes() -> None:
    root = ET.fromstring(draw_svg(RELIABLE))  # noqa: S314 (our own text)
    assert len(list(root)) - 1 == len(compose(RELIABLE))


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_white_text_can_be_read_on_every_colour_of_a_school(colour: tuple[int, int, int]) -> None:
    assert contrast(deepen(colour), WHITE) >= 7


def test_colours_mix_and_parse() -> None:
    assert mix((0, 0, 0), WHITE, 0.5) == (128, 128, 128)
    assert parse_colour("#1F4e79") == (31, 78, 121)
    for wrong in ("1f4e79", "#1f4", "blue", "#1f4e79;"):
        with pytest.raises(ValueError, match="colour"):
            parse_colour(wrong)


def test_word_too_long_for_any_size_is_cut_with_an_ellipsis() -> None:
    fitted = fit("x" * 100, lambda *_: 200.0, (30, 20), 2, bold=False)
    assert fitted.lines[0].endswith("…")
    assert all(text_width(line, fitted.size, bold=False) <= 200 for line in fitted.lines)
