"""Location data goes, everything else stays."""

import io
import struct
import tempfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from assessments.evidence.photos import without_place
from assessments.photos.tiff import placeless
from tests.assessments.photos.pictures import (
    GPS,
    MAKER,
    ORIENTATION,
    TITLE_ONLY,
    XMP,
    chunk,
    exif,
    jpeg,
    png,
    segment,
    webp,
    with_chunks,
    with_segments,
)

MADE: dict[str, Callable[..., bytes]] = {".jpg": jpeg, ".jpeg": jpeg, ".png": png, ".webp": webp}
PLACE = (b"GPSLatitude", b"52,31.2N", struct.pack("<II", 52, 1), struct.pack(">II", 52, 1), b"2026:11:22")


def cleaned(data: bytes, ending: str) -> tuple[bool, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spooled"
        path.write_bytes(data)
        found = without_place(path, ending)
        assert list(Path(folder).iterdir()) == [path]
        return found, path.read_bytes()


def says_place(data: bytes) -> bool:
    """By Pillow, and by looking for what the pictures of this test say."""
    with Image.open(io.BytesIO(data)) as picture:
        return bool(picture.getexif().get_ifd(GPS)) or any(words in data for words in PLACE)


@pytest.mark.parametrize("ending", MADE)
def test_place_goes_and_pixels_and_other_metadata_stay(ending: str) -> None:
    before = MADE[ending]()
    assert says_place(before)
    found, after = cleaned(before, ending)
    assert found
    assert not says_place(after)
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert new.getexif()[ORIENTATION] == 6
        assert new.getexif()[MAKER] == "Maker of the camera"
        assert new.getexif().get_ifd(0x8769) == old.getexif().get_ifd(0x8769)
        assert new.info.get("icc_profile") == old.info.get("icc_profile")
        assert new.info.get("Title") == old.info.get("Title")
        assert new.info.get("Comment") == old.info.get("Comment")
        assert new.tobytes() == old.tobytes()


@pytest.mark.parametrize("ending", MADE)
def test_second_time_finds_nothing_and_changes_nothing(ending: str) -> None:
    _, once = cleaned(MADE[ending](), ending)
    assert cleaned(once, ending) == (False, once)


@pytest.mark.parametrize("ending", MADE)
def test_picture_that_says_no_place_stays_byte_for_byte(ending: str) -> None:
    before = MADE[ending](place=False, xmp=TITLE_ONLY)
    assert cleaned(before, ending) == (False, before)


@pytest.mark.parametrize("ending", MADE)
def test_place_in_xmp_alone_goes(ending: str) -> None:
    found, after = cleaned(MADE[ending](place=False), ending)
    assert found
    assert not says_place(after)
    with Image.open(io.BytesIO(after)) as picture:
        picture.load()
        assert picture.getexif()[ORIENTATION] == 6


def test_jpeg_keeps_its_length_so_that_pictures_behind_it_are_found() -> None:
    before = jpeg() + jpeg()
    found, after = cleaned(before, ".jpg")
    assert found
    assert len(after) == len(before)
    behind = after[len(jpeg()) :]
    assert not says_place(after)
    assert not says_place(behind)


def test_place_of_a_film_behind_the_picture_goes() -> None:
    film = b"\0\0\0\x18ftypmp42....udta\0\0\0\x1e\xa9xyz\0\x12\x15\xc7+52.5200+013.4100/more"
    found, after = cleaned(jpeg(place=False, xmp=TITLE_ONLY) + film, ".jpg")
    assert found
    assert b"52.52" not in after
    assert after.endswith(b"/more")


def test_iptc_and_photoshop_blocks_that_name_a_place_go_and_others_stay() -> None:
    head = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0b"
    city, caption = head + b"\x1c\x02\x5a\0\x06Berlin", head + b"\x1c\x02\x78\0\x06Canals"
    plain = jpeg(place=False, xmp=TITLE_ONLY)
    found, after = cleaned(with_segments(plain, segment(0xED, city)), ".jpg")
    assert found
    assert b"Berlin" not in after
    before = with_segments(plain, segment(0xED, caption))
    assert cleaned(before, ".jpg") == (False, before)


def test_xmp_cut_into_segments_inside_a_name_goes() -> None:
    extension = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40
    first, rest = XMP[:150], XMP[150:]
    assert first.endswith(b"<rdf:Descriptio") or b"GPSLat" not in first
    cut = XMP.index(b"GPSLat") + 2
    segments = segment(0xE1, extension + XMP[:cut]), segment(0xE1, extension + XMP[cut:])
    found, after = cleaned(with_segments(jpeg(place=False, xmp=TITLE_ONLY), *segments), ".jpg")
    assert found
    assert b"52,31.2N" not in after
    assert rest not in after


def test_exif_cut_into_two_segments_goes() -> None:
    whole = exif().removeprefix(b"Exif\0\0")
    cut = whole.index(struct.pack("<I", 52)) if struct.pack("<I", 52) in whole else len(whole) // 2
    segments = segment(0xE1, b"Exif\0\0" + whole[:cut]), segment(0xE1, b"Exif\0\0" + whole[cut:])
    bare = Image.new("RGB", (8, 8))
    out = io.BytesIO()
    bare.save(out, "JPEG")
    found, after = cleaned(with_segments(out.getvalue(), *segments), ".jpg")
    assert found
    assert not says_place(after)


def test_png_texts_of_imagemagick_that_name_a_place_go() -> None:
    profile = b"\nexif\n%8d\n" % len(exif()) + exif().hex().encode() + b"\n"
    texts = (
        chunk(b"tEXt", b"Raw profile type exif\0" + profile),
        chunk(b"tEXt", b"exif:GPSLatitude\x0052/1, 31/1, 12/1"),
        chunk(b"tEXt", b"Software\0Kept"),
    )
    found, after = cleaned(with_chunks(png(place=False, xmp=TITLE_ONLY), *texts), ".png")
    assert found
    assert not says_place(after)
    with Image.open(io.BytesIO(after)) as picture:
        assert picture.info["Software"] == "Kept"


def test_webp_keeps_its_book_right_when_a_chunk_goes() -> None:
    _, after = cleaned(webp(), ".webp")
    assert int.from_bytes(after[4:8], "little") + 8 == len(after)
    assert b"XMP " not in after
    with Image.open(io.BytesIO(after)) as picture:
        assert "xmp" not in picture.info
        assert picture.getexif()[ORIENTATION] == 6


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiff_of_both_orders_keeps_its_other_values(order: str) -> None:
    made = Image.Exif()
    made.endian = order
    made[MAKER] = "Maker of the camera"
    made.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0)})
    before = made.tobytes().removeprefix(b"Exif\0\0")
    after = placeless(before)
    assert len(after) == len(before)
    read = Image.Exif()
    read.load(b"Exif\0\0" + after)
    assert not read.get_ifd(GPS)
    assert read[MAKER] == "Maker of the camera"
    assert placeless(after) == after


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".gif", ".pdf", ""])
@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"%PDF-1.7", b"\xff\xd8\xff\xe1"]
)
def test_what_is_no_picture_is_left_alone(ending: str, data: bytes) -> None:
    assert cleaned(data, ending) == (False, data)


def test_other_name_of_the_same_file_keeps_its_bytes(tmp_path: Path) -> None:
    upload, spooled = tmp_path / "upload", tmp_path / "spooled"
    upload.write_bytes(jpeg())
    spooled.hardlink_to(upload)
    assert without_place(spooled, ".jpg")
    assert upload.read_bytes() == jpeg()
    assert spooled.read_bytes() != jpeg()


BYTES = st.binary(max_size=60)
PIECES = st.one_of(
    st.builds(segment, st.sampled_from([0xE0, 0xE1, 0xED, 0xDA, 0xFE]), BYTES),
    st.builds(lambda cut: segment(0xE1, exif()[:cut]), st.integers(0, 400)),
    st.builds(lambda content: segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0" + content), BYTES),
    st.just(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
    st.sampled_from([b"\xff\xd9", b"\xff\xd8\xff", b"\xff\xff", b"\0", b"\xff\xd0"]),
    BYTES,
)
CHUNKS = st.builds(
    chunk,
    st.sampled_from([b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"IDAT", b"IEND"]),
    st.one_of(
        BYTES, st.just(exif()), st.just(b"XML:com.adobe.xmp\0\0\0\0\0" + XMP), st.just(b"Raw profile type exif\0")
    ),
)


def riff(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


RIFFS = st.builds(
    riff, st.sampled_from([b"VP8X", b"EXIF", b"XMP ", b"VP8L"]), st.one_of(BYTES, st.just(exif()), st.just(XMP))
)
SOUPS = st.one_of(
    st.tuples(st.just(".jpg"), st.lists(PIECES, max_size=6).map(lambda all_: b"\xff\xd8" + b"".join(all_))),
    st.tuples(st.just(".png"), st.lists(CHUNKS, max_size=6).map(lambda all_: b"\x89PNG\r\n\x1a\n" + b"".join(all_))),
    st.tuples(st.just(".webp"), st.lists(RIFFS, max_size=6).map(lambda all_: riff(b"RIFF", b"WEBP" + b"".join(all_)))),
)


# A GPS pointer that leads to its own directory, behind pieces of others.
OWN_DIRECTORY = (
    b"\xff\xd8\xff\xe1\x00MExif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x04\x01\x0f\x00\x02\x00\x00\x00\x14\x00\x00\x00>"
    b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x87i\x00\x04\x00\x00\x00\x01\x00\x00\x00R\x88%\x00\x04\x00\x00"
    b"\x00\x01\x00\x00\x00d\x00\x00\x00\x00Maker o\xff\xe1\x00QExif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x04\x01\x0f"
    b"\x00\x02\x00\x00\x00\x14\x00\x00\x00>\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x87i\x00\x04\x00\x00\x00\x01"
    b"\x00\x00\x00R\x88%\x00\x04\x00\x00\x00\x01\x00\x00\x00d\x00\x00\x00\x00Maker of th\xff\xe1\x00\x10Exif\x00\x00"
    b"MM\x00*\x00\x00\x00\x08"
)


@settings(max_examples=300, deadline=None)
@given(SOUPS, st.integers(0, 40))
@example((".jpg", OWN_DIRECTORY), 0)
def test_soup_of_segments_never_fails_and_has_nothing_to_take_out_twice(soup: tuple[str, bytes], cut: int) -> None:
    ending, data = soup
    data = data[: len(data) - cut]
    found, after = cleaned(data, ending)
    assert found == (after != data)
    assert cleaned(after, ending) == (False, after)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_tiff_of_any_bytes_keeps_its_length(rest: bytes, head: bytes) -> None:
    after = placeless(head + rest)
    assert len(after) == len(head + rest)
    assert after[:4] == head[:4]


def test_long_picture_does_not_sit_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "spooled"
    path.write_bytes(jpeg())
    with path.open("r+b") as handle:
        handle.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    assert without_place(path, ".jpg")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size == 100 * 1024 * 1024
    assert most < 8 * 1024 * 1024
