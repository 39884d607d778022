import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.badges.baking import BakingError
from assessments.badges.picture import BadgePicture, draw_svg
from assessments.badges.plain import write_json
from assessments.badges.svg_baking import MAX_SVG_BYTES, NAMESPACE, bake_svg, extract_svg
from tests.assessments.badges import factory

PICTURE = draw_svg(BadgePicture(title="Cause & <Effect>", institution="Harbour Institute")).encode()
STORED = write_json(factory.signed().credential)
JWT = "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"
OPEN = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{NAMESPACE}">'


def _svg(body: str, *, before: str = "", start: str = OPEN) -> bytes:
    return f"{before}{start}{body}</svg>".encode()


def test_baked_badge_comes_out_byte_for_byte_in_both_forms() -> None:
    assert extract_svg(bake_svg(PICTURE, document=STORED)) == STORED
    assert extract_svg(bake_svg(PICTURE, jwt=JWT)) == JWT.encode()
    assert extract_svg(PICTURE) is None


def test_badge_is_the_first_child_of_the_picture_and_nothing_else_changes() -> None:
    baked = bake_svg(PICTURE, document=STORED)
    opened, rest = PICTURE.split(b">", 1)
    declared = f' xmlns:openbadges="{NAMESPACE}">'.encode()
    element = b"\n<openbadges:credential><![CDATA[" + STORED + b"]]></openbadges:credential>"
    assert baked == opened + declared + element + rest
    assert b'<openbadges:credential verify="' + JWT.encode() + b'">' in bake_svg(PICTURE, jwt=JWT)


def test_baking_again_replaces_the_badge() -> None:
    once = bake_svg(PICTURE, document=b'{"first": 1}')
    for again in (bake_svg(once, document=STORED), bake_svg(bake_svg(once, jwt=JWT), document=STORED)):
        assert extract_svg(again) == STORED
        assert again.count(b"<openbadges:credential") == again.count(b"xmlns:openbadges") == 1


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=0x20, codec="utf-8"), min_size=1), st.sampled_from(["", "]]>", "]]"]))
def test_any_text_that_xml_knows_survives_and_any_other_is_refused(text: str, end: str) -> None:
    document = f'{{"name":"{text}{end}"}}'.encode()
    try:
        assert extract_svg(bake_svg(PICTURE, document=document)) == document
    except BakingError:
        assert any(character in "\x7f\ufffe\uffff\x85\u2028" or 0x7F <= ord(character) <= 0x9F for character in text)


def test_picture_carries_one_credential_in_one_form() -> None:
    for forms in ({}, {"document": STORED, "jwt": JWT}):
        with pytest.raises(ValueError, match="one credential"):
            bake_svg(PICTURE, **forms)  # type: ignore[arg-type]


def test_escaped_json_and_space_around_it_are_read_as_well() -> None:
    assert extract_svg(_svg("<openbadges:credential>\n{&quot;a&quot;:1}</openbadges:credential>")) == b'\n{"a":1}'
    assert extract_svg(_svg(f'<openbadges:credential verify="{JWT}"/><g/>')) == JWT.encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not an SVG"),
        (b"\x89PNG\r\n\x1a\n", "not an SVG"),
        (b"<svg></svg>", "not an SVG"),
        (b'<html xmlns="http://www.w3.org/2000/svg"/>', "not an SVG"),
        (PICTURE[:-9], "damaged"),
        (PICTURE + b"<g/>", "damaged"),
        (b"\xff\xfe" + PICTURE.decode().encode("utf-16-le"), "UTF-8"),
        (PICTURE.decode().encode("utf-16-le"), "UTF-8"),
        (_svg("", before='<?xml version="1.0" encoding="ISO-8859-1"?>'), "UTF-8"),
        (_svg("&e;", before='<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">'), "entity"),
        (_svg("&e;", before='<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "document type"),
        (_svg("&e;", before='<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY e "&a;&a;">]>'), "document type"),
        (_svg("<openbadges:credential>{}</openbadges:credential>" * 2), "more than one"),
        (_svg("<g/><openbadges:credential>{}</openbadges:credential>"), "not where"),
        (_svg("<g><openbadges:credential>{}</openbadges:credential></g>"), "not where"),
        (_svg("<openbadges:credential><g>{}</g></openbadges:credential>"), "not where"),
        (_svg("<openbadges:credential> </openbadges:credential>"), "empty"),
        (_svg(f'<openbadges:credential verify="{JWT}">{{}}</openbadges:credential>'), "two ways"),
        (_svg('<openbadges:credential verify="https://example.org/badge"/>'), "no signed badge"),
        (_svg('<openbadges:credential verify=""/>'), "no signed badge"),
        (_svg("<g>" * 300 + "</g>" * 300), "more parts"),
        (_svg(f'<g xmlns:a="{"x" * 1000}"/>'), "name as long"),
        (PICTURE + b" " * MAX_SVG_BYTES, "larger"),
    ],
)
def test_hostile_picture_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(BakingError, match=sentence):
        extract_svg(data)
    if b"<openbadges:" not in data:
        with pytest.raises(BakingError, match=sentence):
            bake_svg(data, document=STORED)


def test_badge_in_disorder_is_replaced_by_baking() -> None:
    twice = _svg("<g/>" + "<openbadges:credential>{}</openbadges:credential>" * 2)
    assert extract_svg(bake_svg(twice, document=STORED)) == STORED


def test_prefix_used_for_something_else_cannot_be_baked() -> None:
    other = _svg("<g/>", start='<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="urn:other">')
    assert extract_svg(other) is None
    with pytest.raises(BakingError, match="prefix"):
        bake_svg(other, document=STORED)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PICTURE) - 1), st.binary(max_size=6))
def test_damage_anywhere_is_an_error_or_changes_nothing(place: int, rubbish: bytes) -> None:
    damaged = PICTURE[:place] + rubbish + PICTURE[place + len(rubbish) :]
    try:
        assert extract_svg(damaged) is None
    except BakingError:
        assert damaged != PICTURE
