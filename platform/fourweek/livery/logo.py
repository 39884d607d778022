"""The logo an operator names: an SVG or a PNG that only draws, taken as it is or refused in one sentence."""

import zlib
from hashlib import sha256
from pathlib import Path
from typing import Final

from fourweek.light import dataclass
from fourweek.svg import read_svg

MOST_BYTES: Final = 256 * 1024
MOST_SIDE: Final = 4000
HEIGHT, WIDTH = 36, 200
"""Pixels of a page that a logo fills at most."""
WORDMARK: Final = 2.0
"""From this many times its height on a logo is taken to hold the name: no name stands beside it."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_DRAWN: Final = (b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND")
"""What of a PNG makes the picture; notes, dates and moving pictures are left out."""


@dataclass(frozen=True, slots=True)
class Logo:
    """`width` and `height` as it stands on a page, so that nothing moves when it arrives."""

    data: bytes
    media_type: str
    width: int
    height: int
    fingerprint: str

    @property
    def says_the_name(self) -> bool:
        return self.width >= WORDMARK * self.height


def read_logo(path: Path) -> Logo:
    """Raises ValueError with a sentence for a file that cannot be a logo."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > MOST_BYTES:
        raise ValueError(f"{path} is larger than {MOST_BYTES // 1024} KB.")
    return _from_png(path, data) if data.startswith(_SIGNATURE) else _from_svg(path, data)


def _from_svg(path: Path, data: bytes) -> Logo:
    if b"<svg" not in data and b":svg" not in data:
        raise ValueError(f"{path} is neither an SVG nor a PNG.")
    size, faults = read_svg(data)
    if faults:
        raise ValueError(f"{path} is refused. {faults[0]}")
    if size is None:
        raise ValueError(f"{path} says no size: its svg element needs a viewBox, or a width and a height.")
    return _logo(data, "image/svg+xml", size)


def _from_png(path: Path, data: bytes) -> Logo:
    try:
        chunks = _chunks(data)
        size = (int.from_bytes(chunks[0][1][:4]), int.from_bytes(chunks[0][1][4:8]))
    except (IndexError, ValueError):
        raise ValueError(f"{path} cannot be read as a PNG.") from None
    if not 0 < min(size) <= max(size) <= MOST_SIDE:
        raise ValueError(f"{path} is {size[0]} by {size[1]} pixels; a side has {MOST_SIDE} at most.")
    plain = b"".join(_packed(kind, body) for kind, body in chunks if kind in _DRAWN)
    return _logo(_SIGNATURE + plain, "image/png", size)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and body of each piece up to the end; raises ValueError where one is cut off or damaged."""
    found: list[tuple[bytes, bytes]] = []
    at = len(_SIGNATURE)
    while not found or found[-1][0] != b"IEND":
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(check) != 4 or zlib.crc32(kind + body) != int.from_bytes(check):
            raise ValueError("damaged")
        found.append((kind, body))
        at += 12 + length
    if found[0][0] != b"IHDR" or b"IDAT" not in [kind for kind, _ in found]:
        raise ValueError("no picture")
    return found


def _packed(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def _logo(data: bytes, media_type: str, size: tuple[int, int]) -> Logo:
    scale = min(HEIGHT / size[1], WIDTH / size[0])
    width, height = (max(round(side * scale), 1) for side in size)
    return Logo(data, media_type, width, height, sha256(data).hexdigest()[:12])
