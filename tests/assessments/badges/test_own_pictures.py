"""Pictures that authors bring: what is taken over, what is refused, and that both forms show the same."""

import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from assessments.badges.baking import bake, extract
from assessments.badges.models import OwnPicture
from assessments.badges.picture import BadgePicture, draw_svg
from assessments.badges.picture.own import Own, read_own
from assessments.badges.picture.svg_allowed import DRAWN, LOOKS, PLACES
from assessments.badges.picture.svg_cleaning import MAX_SVG_BYTES, clean_svg
from assessments.badges.svg_baking import bake_svg, extract_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
PIECES = ("", "<!--x-->", "<x:y xmlns:x='urn:x' onload='a'/>", "<script/>", "<metadata>a</metadata>", "<?php x?>")
DRAWING = (
    f"{OPEN}<defs><linearGradient id='a'><stop offset='1' stop-color='red'/></linearGradient></defs>"
    "<g style='opacity:0.5;fill:url(#a)'><text x='1' y='9'>A &lt; B</text><path d='M1 1L9 9'/></g></svg>"
).encode()
RED = '<rect width="100" height="50" fill="#c00000"/>'


def _svg(body: str, *, start: str = OPEN, before: str = "") -> bytes:
    return f"{before}{start}\n{body}\n</svg>".encode()


def _said(own: Own) -> list[str]:
    return [fault.message for fault in own.faults]


def _png(side: int = 400, height: int = 0, **save: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side, height or side), (0, 90, 40)).save(buffer, "PNG", **save)
    return buffer.getvalue()


def test_svg_becomes_a_clean_one_and_a_png_of_600_that_shows_the_same() -> None:
    own = read_own("badge.svg", _svg(RED))
    assert (own.kind, own.faults, own.notes) == (OwnPicture.SVG, (), ())
    image = Image.open(io.BytesIO(own.png))
    assert (image.format, image.size) == ("PNG", (600, 600))
    assert [image.getpixel(place) for place in ((300, 100), (300, 500))] == [(192, 0, 0, 255), (0, 0, 0, 0)]
    root = ET.fromstring(own.svg.decode())  # noqa: S314 (our own text)
    assert (root.get("width"), root.get("viewBox"), len(list(root))) == ("600", "0 0 100 100", 1)
    assert read_own("badge.svg", _svg(RED)) == own


def test_what_drawing_programs_leave_behind_is_left_out_in_silence() -> None:
    noise = (
        '<!-- made --><metadata><rdf xmlns="urn:rdf">x</rdf></metadata>'
        '<sodipodi:namedview xmlns:sodipodi="urn:sodipodi" pagecolor="#fff"><x/></sodipodi:namedview>'
        '<g inkscape:label="a" xmlns:inkscape="urn:inkscape" class="b" data-c="d"'
        ' style="fill: #c00000; -inkscape-x: 1">'
        '<rect width="100" height="50"/></g>'
    )
    own = read_own("badge.svg", _svg(noise, before='<?xml version="1.0" encoding="UTF-8"?>'))
    assert own.faults == ()
    text = own.svg.decode()
    assert '<g fill="#c00000"><rect width="100" height="50"></rect></g>' in text
    assert not any(word in text for word in ("inkscape", "sodipodi", "metadata", "rdf", "made", "class", "data-"))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<script>alert(1)</script>", "holds a script"),
        ("<style>@import 'https://example.org/a.css';</style>", "holds a style sheet"),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "foreign content"),
        ("<image href='https://example.org/a.png'/>", "holds a picture inside"),
        ("<a href='https://example.org'><rect/></a>", "holds a link"),
        ("<g id='a'/><use href='#a'/>", "used again by reference"),
        ("<rect><animate attributeName='x' dur='1s'/></rect>", "holds something that moves"),
        ("<rect><set attributeName='x' to='1'/></rect>", "holds something that moves"),
        ("<filter id='f'><feImage href='https://example.org'/></filter>", '"filter", which'),
        ("<rect onload='alert(1)'/>", "holds an event handler (onload)"),
        ("<rect ONCLICK='alert(1)'/>", "holds an event handler (ONCLICK)"),
        ("<rect fill='url(https://example.org/#a)'/>", "refers to something outside"),
        ("<rect fill='url(#a) url(https://example.org)'/>", "refers to something outside"),
        ("<rect style='fill:url(//example.org/a.svg#b)'/>", "refers to something outside"),
        ("<rect style='fill:u\\72l(https://example.org)'/>", "refers to something outside"),
        ("<rect style='filter:url(https://example.org)'/>", "refers to something outside"),
        ("<rect fill='image-set(&quot;https://example.org&quot; 1x)'/>", "refers to something outside"),
        ("<rect fill='src(&quot;https://example.org&quot;)'/>", "refers to something outside"),
        ("<linearGradient href='https://example.org/a.svg#b' id='c'/>", "refers to something outside"),
        (
            "<radialGradient xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='//example.org'/>",
            "refers to something outside",
        ),
        ("<rect href='javascript:alert(1)'/>", "refers to something else (href)"),
        ("<clipPath id='a'><g clip-path='url(#b)'/></clipPath>", "clips what clips"),
        ("<g>" * 100 + "</g>" * 100, "more parts than a badge needs"),
        ("<g/>" * 30_000, "more parts than a badge needs"),
        ("<g style='opacity:0.5'/>" * 600, "clips or sees through more than 500 parts"),
        (f"<path d='{'M0 0' * 60_000}'/>", "longer than a badge needs"),
        ("<rect", "not well-formed"),
        ("&nbsp;", "not well-formed"),
    ],
)
def test_svg_that_acts_moves_or_reaches_out_is_refused_with_its_line(body: str, words: str) -> None:
    own = read_own("badge.svg", _svg(body))
    assert (own.png, own.svg) == (b"", b"")
    assert words in own.faults[0].message
    assert own.faults[0].line in {2, 3, None}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_svg(RED, before="<!DOCTYPE svg>"), "document type"),
        (_svg("&e;", before='<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "document type"),
        (_svg("&b;", before='<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'), "document type"),
        (_svg(RED, before='<?xml-stylesheet href="https://example.org/a.css"?>'), "loads a style sheet"),
        (_svg(RED, start='<svg viewBox="0 0 9 9">'), "SVG namespace"),
        (_svg(RED, start='<html xmlns="http://www.w3.org/2000/svg">').replace(b"</svg>", b"</html>"), "SVG namespace"),
        (_svg(RED, start='<svg xmlns="http://www.w3.org/2000/svg">'), "neither a viewBox"),
        (_svg(RED, start='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'), "as wide as it is high"),
        (_svg(RED, start='<svg xmlns="http://www.w3.org/2000/svg" width="1in" height="90px">'), "neither a viewBox"),
        (_svg(RED).decode().encode("utf-16"), "UTF-8"),
        (b"\x89PNG", "UTF-8"),
        (_svg(" " * MAX_SVG_BYTES), "larger"),
        (_svg(f'<g xmlns:a="{"x" * 1000}"/>'), "name as long"),
    ],
)
def test_file_that_is_no_badge_in_svg_is_refused(data: bytes, words: str) -> None:
    assert any(words in message for message in _said(read_own("badge.svg", data)))


def test_picture_that_the_renderer_breaks_on_is_refused_and_breaks_nothing_else() -> None:
    own = read_own("badge.svg", _svg('<g transform="scale(1e9)"><circle r="1" stroke="red" stroke-width="1e9"/></g>'))
    assert _said(own) == ["The SVG cannot be drawn in a few seconds."]


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=9), st.integers(0, len(DRAWING) - 1), st.sampled_from(PIECES))
def test_what_comes_out_holds_nothing_but_what_is_allowed_and_stays_as_it_is(junk: bytes, at: int, piece: str) -> None:
    clean = clean_svg(DRAWING[:at] + junk + DRAWING[at:].replace(b"<g", piece.encode() + b"<g", 1))
    if clean.faults:
        assert clean.svg == b""
        return
    root = ET.fromstring(clean.svg.decode())  # noqa: S314 (what is tested)
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= DRAWN
    keys = {key for element in root.iter() for key in element.attrib}
    assert keys <= LOOKS | PLACES | {"viewBox", "href", "font-family"}
    assert clean_svg(clean.svg) == clean


def test_text_in_an_svg_is_taken_with_a_warning() -> None:
    own = read_own("badge.svg", _svg('<text x="5" y="50" font-size="20">Care &amp; Repair</text>'))
    assert own.faults == ()
    assert ["turn it into paths" in note.message for note in own.notes] == [True]
    assert b"Care &amp; Repair" in own.svg
    assert Image.open(io.BytesIO(own.png)).getbbox() is not None


def test_our_own_drawing_is_an_svg_that_we_would_take() -> None:
    assert clean_svg(draw_svg(BadgePicture(title="A & B", institution="C", icon="wave")).encode()).faults == ()


def test_png_is_written_anew_without_what_stood_beside_its_pixels() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Avery Hidden")
    own = read_own("badge.png", _png(pnginfo=info, dpi=(72, 72)))
    assert (own.kind, own.faults) == (OwnPicture.PNG, ())
    image = Image.open(io.BytesIO(own.png))
    assert (image.size, image.mode, image.getpixel((0, 0)), image.info) == ((400, 400), "RGBA", (0, 90, 40, 255), {})
    assert b"Avery" not in own.png
    root = ET.fromstring(own.svg.decode())  # noqa: S314 (our own text)
    assert [child.tag.rpartition("}")[2] for child in root] == ["image"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (_png(299), "299 pixels wide; it must be from 300 to 2000"),
        (_png(2001), "2001 pixels wide"),
        (_png(400, 401), "400 by 401 pixels"),
        (_png()[:300], "cannot be read as a PNG"),
        (b"GIF89a", "cannot be read as a PNG"),
        (_png() + b"\0" * 2 * 1024 * 1024, "larger than 2 MB"),
        (_png(save_all=True, append_images=[Image.new("RGB", (400, 400), "red")]), "stands still"),
    ],
)
def test_png_that_is_no_badge_is_refused(data: bytes, words: str) -> None:
    own = read_own("badge.png", data)
    assert (own.png, own.svg) == (b"", b"")
    assert words in _said(own)[0]


@pytest.mark.parametrize(("name", "data"), [("badge.svg", _svg(RED)), ("badge.png", _png())])
def test_both_forms_can_be_baked(name: str, data: bytes) -> None:
    own = read_own(name, data)
    assert extract(bake(own.png, b'{"a":1}')) == b'{"a":1}'
    assert extract_svg(bake_svg(own.svg, document=b'{"a":1}')) == b'{"a":1}'
