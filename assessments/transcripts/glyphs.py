"""The letters that the shipped fonts have, read from the fonts' own character maps.

`python -m assessments.transcripts.glyphs` writes anew the table that `fourweek.letters` asks.
"""

import struct
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from fourweek.letters.printing import Characters

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Noto Sans": ("NotoSans-Regular", "NotoSans-Bold"),
    "Noto Sans Arabic": ("NotoSansArabic-Regular", "NotoSansArabic-Bold"),
    "Noto Sans Hebrew": ("NotoSansHebrew-Regular", "NotoSansHebrew-Bold"),
    "Noto Sans Thai": ("NotoSansThai-Regular", "NotoSansThai-Bold"),
    "Noto Sans SC": ("NotoSansSC-Regular",),
    "Noto Sans TC": ("NotoSansTC-Regular",),
    "Noto Sans JP": ("NotoSansJP-Regular",),
    "Noto Sans KR": ("NotoSansKR-Regular",),
}
"""Files by family, in the order in which a letter is looked for. Headings in Noto Serif fall back on these."""
_SEGMENTS, _WHOLE = 4, 12


def coverage() -> Mapping[str, Characters]:
    """What all weights of each family have."""
    return {family: Characters.of(frozenset.intersection(*map(_of_file, names))) for family, names in FAMILIES.items()}


def read_characters(font: bytes) -> frozenset[int]:
    """All code points in a TrueType font's Unicode map (`cmap` subtable of format 12, else 4; OpenType 1.9 `cmap`)."""
    tables = _subtables(font, _table(font, b"cmap"))
    if _WHOLE in tables:
        return frozenset(_groups(font, tables[_WHOLE]))
    if _SEGMENTS in tables:
        return frozenset(_segments(font, tables[_SEGMENTS]))
    raise ValueError("The font has no Unicode map.")


def _of_file(name: str) -> frozenset[int]:
    return read_characters(files("assessments").joinpath("fonts", f"{name}.ttf").read_bytes())


def _table(font: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * count, 16):
        name, _checksum, offset, _length = struct.unpack_from(">4sIII", font, at)
        if name == tag:
            return int(offset)
    raise ValueError("The font has no character map.")


def _subtables(font: bytes, cmap: int) -> dict[int, int]:
    """Where the map of each format begins."""
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    starts = [cmap + int(struct.unpack_from(">I", font, cmap + 8 + 8 * index)[0]) for index in range(count)]
    return {int(struct.unpack_from(">H", font, start)[0]): start for start in starts}


def _groups(font: bytes, start: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, start + 12)
    for first, last, _glyph in struct.iter_unpack(">III", font[start + 16 : start + 16 + 12 * groups]):
        yield from range(first, last + 1)


def _segments(font: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, start + 6)
    count = doubled // 2
    ends, starts, shifts, offsets = (
        struct.unpack_from(f">{count}H", font, start + 14 + part * doubled + (2 if part else 0)) for part in range(4)
    )
    places = start + 16 + 3 * doubled
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if offsets[index]:
                at = places + 2 * index + offsets[index] + 2 * (point - first)
                (glyph,) = struct.unpack_from(">H", font, at)
            if glyph and (glyph + shifts[index]) % 0x10000:
                yield point


def _write_table() -> None:
    lines = [f"{family}: {characters}" for family, characters in coverage().items()]
    target = Path(str(files("fourweek.letters").joinpath("printable.txt")))
    target.write_text("\n".join([*lines, ""]), "ascii")


if __name__ == "__main__":
    _write_table()
