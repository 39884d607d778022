import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from assessments.badges.baking import KEYWORD, MAX_PNG_BYTES, BakingError, bake, extract
from assessments.badges.plain import write_json
from tests.assessments.badges import factory


def _picture(**save: object) -> bytes:
    buffer = io.BytesIO()
    Image.radial_gradient("L").save(buffer, "PNG", **save)
    return buffer.getvalue()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _with_chunk(png: bytes, chunk: bytes) -> bytes:
    return png[:33] + chunk + png[33:]


def _kinds(png: bytes) -> list[bytes]:
    kinds, place = [], 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        kinds.append(png[place + 4 : place + 8])
        place += length + 12
    return kinds


PICTURE = _picture()
STORED = write_json(factory.signed().credential)


def test_baked_badge_comes_out_byte_for_byte() -> None:
    assert extract(bake(PICTURE, STORED)) == STORED


def test_picture_without_badge_has_none() -> None:
    assert extract(PICTURE) is None


def test_baked_picture_still_shows_the_same() -> None:
    before, after = Image.open(io.BytesIO(PICTURE)), Image.open(io.BytesIO(bake(PICTURE, STORED)))
    assert before.tobytes() == after.tobytes()


def test_badge_is_one_uncompressed_international_text() -> None:
    baked = bake(PICTURE, STORED)
    assert _kinds(baked).count(b"iTXt") == 1
    assert b"iTXt" + KEYWORD.encode() + b"\0\0\0\0\0" + STORED in baked
    image = Image.open(io.BytesIO(baked))
    assert isinstance(image, PngImagePlugin.PngImageFile)
    assert image.text == {KEYWORD: STORED.decode()}


def test_baking_again_replaces_the_badge_and_keeps_the_rest() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Title", "Reliable Services")
    once = bake(_picture(pnginfo=info), b'{"first": 1}')
    twice = bake(once, STORED)
    assert extract(twice) == STORED
    assert _kinds(twice).count(b"iTXt") == 1
    assert bake(twice, b'{"first": 1}') == once
    assert b"tEXtTitle\0Reliable Services" in twice


def test_two_badges_in_one_picture_are_refused() -> None:
    twice = _with_chunk(bake(PICTURE, STORED), _chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0\0\0{}"))
    with pytest.raises(BakingError, match="more than one"):
        extract(twice)
    assert extract(bake(twice, STORED)) == STORED


def test_compressed_badge_is_refused_and_never_unpacked() -> None:
    bomb = zlib.compress(b"0" * 10_000_000)
    with pytest.raises(BakingError, match="compressed"):
        extract(_with_chunk(PICTURE, _chunk(b"iTXt", KEYWORD.encode() + b"\0\1\0\0\0" + bomb)))


@pytest.mark.parametrize(
    ("chunk", "sentence"),
    [
        (_chunk(b"tEXt", KEYWORD.encode() + b"\0{}"), "kind of text chunk"),
        (_chunk(b"zTXt", KEYWORD.encode() + b"\0\0"), "kind of text chunk"),
        (_chunk(b"iTXt", KEYWORD.encode() + b"\0\0\0en"), "cut off"),
        (_chunk(b"iTXt", KEYWORD.encode() + b"\0"), "compressed"),
    ],
)
def test_badge_in_another_form_is_refused(chunk: bytes, sentence: str) -> None:
    with pytest.raises(BakingError, match=sentence):
        extract(_with_chunk(PICTURE, chunk))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not a PNG"),
        (b"GIF89a", "not a PNG"),
        (PICTURE[:8], "cut off"),
        (PICTURE[:20], "cut off"),
        (PICTURE[:-6], "cut off"),
        (PICTURE[:8] + struct.pack(">I", 2**31) + b"IHDR", "cut off"),
        (PICTURE[:40] + b"?" + PICTURE[41:], "damaged"),
        (PICTURE[:8] + _chunk(b"IEND", b""), "damaged"),
        (PICTURE[:33] + _chunk(b"teSt", b"") * 20_001, "more parts"),
        (PICTURE + b"\0" * MAX_PNG_BYTES, "larger"),
    ],
)
def test_hostile_picture_is_refused_in_words(data: bytes, sentence: str) -> None:
    for work in (extract, lambda png: bake(png, STORED)):
        with pytest.raises(BakingError, match=sentence):
            work(data)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(PICTURE) - 1), st.binary(max_size=6))
def test_damage_anywhere_is_an_error_or_changes_nothing(place: int, rubbish: bytes) -> None:
    damaged = PICTURE[:place] + rubbish + PICTURE[place + len(rubbish) :]
    try:
        assert extract(damaged) is None
    except BakingError:
        assert damaged != PICTURE
