"""Which characters the shipped fonts can print, read from the fonts' own character maps."""

import struct
from functools import cache
from importlib.resources import files

from assessments.transcripts.text import clean_text

FONTS = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
_INVISIBLE = frozenset("\u200c\u200d")
_SEGMENTED_COVERAGE = 12


def missing_glyphs(text: str) -> str:
    """The characters of `text`, once each in order, that would print as boxes; empty when all can be printed."""
    printable = covered()
    return "".join(dict.fromkeys(char for char in clean_text(text) if char not in printable))


@cache
def covered() -> frozenset[str]:
    """Every character that both weights of the text font have."""
    folder = files("assessments").joinpath("fonts")
    maps = [read_characters(folder.joinpath(name).read_bytes()) for name in FONTS]
    return frozenset.intersection(*maps) | _INVISIBLE


def read_characters(font: bytes) -> frozenset[str]:
    """All characters in a TrueType font's full Unicode map (`cmap` subtable of format 12, OpenType 1.9 `cmap`)."""
    start = _subtable(font, _table(font, b"cmap"))
    (groups,) = struct.unpack_from(">I", font, start + 12)
    found: set[str] = set()
    for first, last, _glyph in struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups]):
        found.update(map(chr, range(first, last + 1)))
    return frozenset(found)


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        name, _checksum, offset, _length = struct.unpack_from(">4sIII", font, at)
        if name == tag:
            return int(offset)
    raise ValueError("The font has no character map.")


def _subtable(font: bytes, cmap: int) -> int:
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        (offset,) = struct.unpack_from(">I", font, at + 4)
        if struct.unpack_from(">H", font, cmap + offset)[0] == _SEGMENTED_COVERAGE:
            return cmap + int(offset)
    raise ValueError("The font has no full Unicode map.")
