"""A part of a text file or of a table (RFC 4180), found by where it begins in the file. Pure."""

import csv
import re
from collections.abc import Iterator

from assessments.showing.kinds import WIDE
from fourweek.heaps import composed
from fourweek.light import dataclass

PART = 256 * 1024
"""Bytes that are looked at for one part."""
LINES, ROWS, COLUMNS, CELL = 400, 100, 60, 2000
_DELIMITERS = (",", ";", "\t", "|")
# What turns or hides text, and what no line holds: shown by its number.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A byte of the file, and the number of the line or row that begins there, from 1."""

    at: int = 0
    number: int = 1


BEGINNING = Place()


@dataclass(frozen=True, slots=True)
class TextPart:
    """Lines with their numbers; `next` is where the rest begins. `cut`: there is more that is not shown here."""

    lines: tuple[tuple[int, str], ...]
    next: Place | None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows below `head`, each with its number; `wide`: there are more columns than are shown."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    next: Place | None
    wide: bool = False


def text_part(data: bytes, size: int, place: Place) -> TextPart:
    """The lines in `data`, the file's next bytes from `place` on, of `size` bytes in all."""
    if not place.at and data.startswith(WIDE):
        lines = data.decode("utf-16", "replace").splitlines()
        numbered = tuple(enumerate(map(plain, lines[:LINES]), 1))
        return TextPart(numbered, None, cut=len(lines) > LINES or size > len(data))
    taken, used = _lines(data, whole=place.at + len(data) >= size)
    after = Place(place.at + used, place.number + len(taken)) if place.at + used < size else None
    return TextPart(
        tuple((place.number + i, plain(decoded(line).rstrip("\r\n"))) for i, line in enumerate(taken)), after
    )


def _lines(data: bytes, *, whole: bool) -> tuple[list[bytes], int]:
    """At most so many lines, and their length in bytes; a last one that is not there whole waits for the next part."""
    found = data.split(b"\n")
    ended = [line + b"\n" for line in found[:-1]]
    if found[-1] and (whole or not ended):
        ended.append(found[-1])
    taken = ended[:LINES]
    return taken, sum(map(len, taken))


def table_part(data: bytes, size: int, place: Place, beginning: bytes) -> TablePart | None:
    """The rows in `data`, as in `text_part`; `beginning` are the file's first bytes. None for what is no table."""
    delimiter = _delimiter(beginning)
    try:
        first, used = _rows(beginning, delimiter, 1)
        if not place.at:
            data, place = data[used:], Place(used, 1)
        rows, taken = _rows(data, delimiter, ROWS)
    except csv.Error:
        return None
    after = Place(place.at + taken, place.number + len(rows)) if rows and place.at + taken < size else None
    head = first[0] if first else []
    numbered = tuple((place.number + i, _cells(row)) for i, row in enumerate(rows))
    return TablePart(_cells(head), numbered, after, wide=any(len(row) > COLUMNS for row in (head, *rows)))


def _rows(data: bytes, delimiter: str, most: int) -> tuple[list[list[str]], int]:
    """The first rows that are not empty, and how many bytes they took."""
    used = 0

    def lines() -> Iterator[str]:
        nonlocal used
        for line in data.splitlines(keepends=True):
            used += len(line)
            yield decoded(line)

    rows: list[list[str]] = []
    for row in csv.reader(lines(), delimiter=delimiter):
        if row:
            rows.append(row)
        if len(rows) == most:
            break
    return rows, used


def _delimiter(beginning: bytes) -> str:
    line = decoded(beginning.split(b"\n", 1)[0])
    return max(_DELIMITERS, key=line.count)


def _cells(row: list[str]) -> tuple[str, ...]:
    return tuple(plain(cell[:CELL]) for cell in row[:COLUMNS])


def decoded(line: bytes) -> str:
    """UTF-8, or what Western Europe wrote before it."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def plain(line: str) -> str:
    """The line with every sign that cannot be seen, or that turns text round, shown by its number.

    Composed, but for one that heaps marks: that would take long.
    """
    return _UNSEEN.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", composed(line))
