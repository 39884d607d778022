"""EXIF is a small TIFF (CIPA DC-008, TIFF 6.0): its GPS directory is taken out, the rest stays where it was. Pure."""

import struct
from collections.abc import Iterator

from fourweek.light import dataclass

GPS, EXIF, INTEROP, SUB_DIRECTORIES = 0x8825, 0x8769, 0xA005, 0x014A
# Bytes of a value by its type.
_WIDTHS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_ENTRY = 12
MOST_DIRECTORIES = 50


def placeless(tiff: bytes) -> bytes:
    """The same, of the same length, without a GPS directory; what is no TIFF comes back as it is."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:
        return tiff
    block = _Block(bytearray(tiff), order)
    waiting, seen = [block.number(4, 4)], set[int]()
    while waiting and len(seen) < MOST_DIRECTORIES:
        at = waiting.pop()
        if at not in seen and block.has_directory(at):
            seen.add(at)
            waiting += block.without_gps(at)
    return bytes(block.data)


@dataclass(frozen=True, slots=True)
class _Entry:
    at: int
    tag: int
    kind: int
    count: int
    value: int

    @property
    def length(self) -> int:
        return _WIDTHS.get(self.kind, 1) * self.count


@dataclass(slots=True)
class _Block:
    data: bytearray
    order: str

    def number(self, at: int, width: int) -> int:
        """An unsigned whole number of 2 or 4 bytes; 0 beyond the end."""
        piece = self.data[at : at + width]
        return int(struct.unpack(self.order + {2: "H", 4: "I"}[width], piece)[0]) if len(piece) == width else 0

    def has_directory(self, at: int) -> bool:
        return 8 <= at <= len(self.data) - 2

    def entries(self, directory: int) -> Iterator[_Entry]:
        """As many as there is room for."""
        room = (len(self.data) - directory - 2) // _ENTRY
        for place in range(min(self.number(directory, 2), room)):
            at = directory + 2 + place * _ENTRY
            yield _Entry(at, self.number(at, 2), self.number(at + 2, 2), self.number(at + 4, 4), self.number(at + 8, 4))

    def without_gps(self, directory: int) -> list[int]:
        """Take the pointer to GPS out of a directory, and what it points to; returns where other directories are."""
        found = list(self.entries(directory))
        for entry in reversed([one for one in found if one.tag == GPS]):
            self._blank_directory(entry.value)
            self._drop(directory, entry)
        others = [one.value for one in found if one.tag in {EXIF, INTEROP}]
        for one in found:
            if one.tag == SUB_DIRECTORIES and one.count == 1:
                others.append(one.value)
            elif one.tag == SUB_DIRECTORIES:
                others += [self.number(one.value + 4 * place, 4) for place in range(min(one.count, MOST_DIRECTORIES))]
        return [*others, self.number(directory + 2 + self.number(directory, 2) * _ENTRY, 4)]

    def _blank_directory(self, at: int) -> None:
        if not self.has_directory(at):
            return
        found = list(self.entries(at))
        for entry in found:
            if entry.length > 4:
                self._blank(entry.value, entry.length)
        self._blank(at, 2 + len(found) * _ENTRY + 4)

    def _blank(self, at: int, length: int) -> None:
        """Nothing but zeros; the head of the TIFF is nobody's value."""
        first, last = max(at, 8), min(at + length, len(self.data))
        if first < last:
            self.data[first:last] = bytes(last - first)

    def _drop(self, directory: int, entry: _Entry) -> None:
        """Close the gap: later entries and the pointer to the next directory move up, zeros follow."""
        count = self.number(directory, 2)
        end = min(directory + 2 + count * _ENTRY + 4, len(self.data))
        if end < entry.at + _ENTRY:  # what it pointed to was its own directory, which is blank now
            self._blank(entry.at, _ENTRY)
            return
        self.data[entry.at : end] = self.data[entry.at + _ENTRY : end] + bytes(min(_ENTRY, end - entry.at))
        self.data[directory : directory + 2] = struct.pack(self.order + "H", max(0, count - 1))
