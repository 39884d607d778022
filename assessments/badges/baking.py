"""Baking (Open Badges 3.0, section 5.3): the credential travels inside the badge's PNG picture.

Exactly one uncompressed iTXt chunk of UTF-8 text. The chunk is put in by hand since image libraries lose or compress
it; all other chunks stay byte for byte.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from assessments.badges.sentences import Sentence
from fourweek.language import N_
from fourweek.light import dataclass

KEYWORD: Final = "openbadgecredential"
MAX_PNG_BYTES: Final = 8 * 1024 * 1024
MAX_CHUNKS: Final = 20_000
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_PREFIX: Final = KEYWORD.encode("latin-1") + b"\0"
_UNCOMPRESSED: Final = b"\0\0"
_NO_LANGUAGE: Final = b"\0\0"
_TEXT_CHUNKS: Final = (b"iTXt", b"tEXt", b"zTXt")


class BakingError(ValueError):
    """The picture is no PNG, is damaged, or carries its badge in a way that is not allowed; says so in a sentence."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    kind: bytes
    data: bytes

    @property
    def baked(self) -> bool:
        return self.kind in _TEXT_CHUNKS and self.data.startswith(_PREFIX)

    @property
    def packed(self) -> bytes:
        checksum = zlib.crc32(self.kind + self.data)
        return struct.pack(">I", len(self.data)) + self.kind + self.data + struct.pack(">I", checksum)


def bake(png: bytes, credential: bytes) -> bytes:
    """The picture with this credential (UTF-8 text) in it; a credential baked before is replaced."""
    head, *rest = [chunk for chunk in _chunks(png) if not chunk.baked]
    baked = _Chunk(b"iTXt", _PREFIX + _UNCOMPRESSED + _NO_LANGUAGE + credential)
    return _SIGNATURE + b"".join(chunk.packed for chunk in (head, baked, *rest))


def extract(png: bytes) -> bytes | None:
    """The credential baked into the picture, as it was put in; None if there is none.

    Raises BakingError for a damaged picture, more than one credential, or a compressed one, which is never unpacked.
    """
    baked = [chunk for chunk in _chunks(png) if chunk.baked]
    if not baked:
        return None
    if len(baked) > 1:
        raise BakingError(N_("The picture carries more than one badge, so it is not clear which one counts."))
    return _text(baked[0])


def _text(chunk: _Chunk) -> bytes:
    if chunk.kind != b"iTXt":
        raise BakingError(N_("The badge is not in the kind of text chunk that Open Badges ask for."))
    flags, rest = chunk.data[len(_PREFIX) :][:2], chunk.data[len(_PREFIX) + 2 :]
    if flags != _UNCOMPRESSED:
        raise BakingError(N_("The badge in the picture is compressed, which Open Badges do not allow."))
    parts = rest.split(b"\0", 2)
    if len(parts) < 3:
        raise BakingError(N_("The badge in the picture is cut off."))
    return parts[2]


def _chunks(png: bytes) -> list[_Chunk]:
    """All chunks from IHDR to IEND, each with its checksum checked. What follows IEND is left out."""
    if len(png) > MAX_PNG_BYTES:
        raise BakingError(Sentence(N_("The picture is larger than {most} MiB."), most=MAX_PNG_BYTES // 1024 // 1024))
    if not png.startswith(_SIGNATURE):
        raise BakingError(N_("The file is not a PNG picture."))
    chunks = list(_read_chunks(memoryview(png)))
    if chunks[0].kind != b"IHDR" or chunks[-1].kind != b"IEND":
        raise BakingError(N_("The PNG picture is damaged."))
    return chunks


def _read_chunks(png: memoryview) -> Iterator[_Chunk]:
    place = len(_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        head = png[place : place + 8]
        length = int.from_bytes(head[:4], "big")
        end = place + 12 + length
        if len(head) < 8 or end > len(png):
            raise BakingError(N_("The PNG picture is cut off."))
        kind, data = bytes(head[4:]), bytes(png[place + 8 : end - 4])
        if zlib.crc32(kind + data) != int.from_bytes(png[end - 4 : end], "big"):
            raise BakingError(
                N_("The picture was altered or damaged since it was made: a checksum in it does not fit.")
            )
        yield _Chunk(kind, data)
        if kind == b"IEND":
            return
        place = end
    raise BakingError(N_("The PNG picture has more parts than any picture needs."))
