"""Bitstrings of status lists as Bitstring Status List 1.0 writes them. Pure.

Bit 0 is the most significant bit of byte 0. Compressed with gzip, then base64url without padding, after a "u".
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable
from typing import Final

SMALLEST: Final = 131_072
"""Bits that a list has at least: fewer would say too much about whoever is looked up (section 6.1 of the standard)."""

_PREFIX: Final = "u"
_GZIP_WINDOW: Final = 31


class NoBitstringError(ValueError):
    """A text that is no bitstring, or a longer one than is read; says so in a sentence."""


def make_bits(size: int, places: Iterable[int]) -> bytes:
    """`size` bits (a multiple of 8), of which those at `places` are set. Raises ValueError for a place outside."""
    if size <= 0 or size % 8:
        raise ValueError("A list has a whole number of bytes.")
    bits = bytearray(size // 8)
    for place in places:
        if not 0 <= place < size:
            raise ValueError(f"There is no place {place} in a list of {size}.")
        bits[place >> 3] |= 0x80 >> (place & 7)
    return bytes(bits)


def encode(bits: bytes) -> str:
    """The `encodedList` of these bits; the same bits always give the same text."""
    packed = gzip.compress(bits, mtime=0)
    return _PREFIX + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode(text: str, *, most: int) -> bytes:
    """The bits of an `encodedList`, at most `most` of them. Raises NoBitstringError."""
    if not text.startswith(_PREFIX) or "=" in text:
        raise NoBitstringError("The list is not written in base64url.")
    body = text.removeprefix(_PREFIX)
    try:
        packed = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=_GZIP_WINDOW)
        bits = unpacker.decompress(packed, most // 8 + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise NoBitstringError("The list cannot be unpacked.") from None
    if len(bits) * 8 > most:
        raise NoBitstringError(f"The list has more than {most} places.")
    if not unpacker.eof or unpacker.unused_data:
        raise NoBitstringError("The list does not end where it should.")
    return bits
