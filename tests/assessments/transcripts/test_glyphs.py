"""The table of printable letters says what the fonts have, and the fonts are the ones that were vendored."""

import hashlib
import struct
from pathlib import Path

import pytest

import assessments
from assessments.transcripts.glyphs import FAMILIES, coverage, read_characters
from fourweek.letters.printing import families

FONTS = Path(assessments.__file__).parent / "fonts"


def rows() -> list[list[str]]:
    lines = (FONTS / "SOURCES.md").read_text("utf-8").splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| Noto")]


def test_table_of_printable_letters_is_what_the_fonts_have() -> None:
    """`python -m assessments.transcripts.glyphs` writes it anew."""
    said, found = families(), coverage()
    assert list(said) == list(found)
    assert [name for name in found if said[name] != found[name]] == []


def test_fonts_are_the_vendored_files() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FONTS.glob("*.ttf")}
    assert found == {row[0]: row[-1] for row in rows()}
    assert {f"{name}.ttf" for names in FAMILIES.values() for name in names} <= set(found)


def test_every_font_comes_with_its_licence() -> None:
    texts = {row[3].partition(", ")[2] for row in rows()}
    assert texts == {path.name for path in FONTS.glob("OFL*.txt")}
    for name in texts:
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / name).read_text("utf-8")


def font(*maps: bytes) -> bytes:
    """A font of nothing but a character map with these subtables."""
    start, records, body = 4 + 8 * len(maps), b"", b""
    for one in maps:
        records += struct.pack(">HHI", 3, 1, start + len(body))
        body += one
    cmap = struct.pack(">HH", 0, len(maps)) + records + body
    return struct.pack(">IHHHH", 0x10000, 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap


SEGMENTS = b"".join(
    (
        struct.pack(">7H", 4, 44, 0, 6, 0, 0, 0),
        struct.pack(">4H", 67, 81, 0xFFFF, 0),  # ends
        struct.pack(">3H", 65, 80, 0xFFFF),  # starts
        struct.pack(">3h", -64, 0, 1),  # shifts
        struct.pack(">5H", 0, 4, 0, 0, 7),  # where the lists begin, and the one list
    )
)
"""Format 4: A to C by a shift, Q by a list of glyphs in which P has none, and the end mark."""


def test_maps_of_both_formats_are_read() -> None:
    groups = struct.pack(">HHIII", 12, 0, 28, 0, 1) + struct.pack(">III", 0x20BB7, 0x20BB8, 5)
    assert read_characters(font(SEGMENTS)) == {65, 66, 67, 81}
    assert read_characters(font(SEGMENTS, groups)) == {0x20BB7, 0x20BB8}


@pytest.mark.parametrize("data", [b"\x00\x01\x00\x00\x00\x00" + b"\x00" * 6, font(struct.pack(">HH", 6, 4))])
def test_read_characters_refuses_what_is_no_font(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no .* map"):
        read_characters(data)
