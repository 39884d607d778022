"""The headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload) as values. Pure."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from fourweek.errors import Refused
from fourweek.light import dataclass

VERSION = "1.0.0"
PIECE_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,expiration,checksum,termination"
ALGORITHMS = ("sha256", "sha1")
_WHOLE = re.compile("[0-9]{1,18}")
_KEY = re.compile(r"[!-+\x2d-~]+")


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a piece must hash to."""

    algorithm: str
    digest: bytes

    def fits(self, made: "hashlib._Hash") -> bool:
        return hmac.compare_digest(made.digest(), self.digest)

    def begin(self) -> "hashlib._Hash":
        return hashlib.new(self.algorithm, usedforsecurity=False)


def said(largest: int) -> dict[str, str]:
    """What OPTIONS answers; `largest` is the largest file in bytes."""
    return {
        "tus-version": VERSION,
        "tus-extension": EXTENSIONS,
        "tus-max-size": str(largest),
        "tus-checksum-algorithm": ",".join(ALGORITHMS),
    }


def whole(headers: Mapping[str, str], name: str) -> int:
    """A number of bytes. Raises Refused for anything else."""
    given = headers.get(name, "")
    if not _WHOLE.fullmatch(given):
        raise Refused(f"The header {name.title()} is no number of bytes.")
    return int(given)


def checksum(headers: Mapping[str, str]) -> Checksum | None:
    """What Upload-Checksum says, None without one. Raises Refused for what cannot be checked."""
    given = headers.get("upload-checksum")
    if given is None:
        return None
    algorithm, _, encoded = given.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Refused(f"Checksums are taken in {' or '.join(ALGORITHMS)}.")
    return Checksum(algorithm, _decoded(encoded))


def metadata(headers: Mapping[str, str]) -> dict[str, str]:
    """Upload-Metadata: names and what they stand for; a value that is no UTF-8 is read as well as it can be."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in headers.get("upload-metadata", "").split(","))):
        key, _, encoded = pair.partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise Refused("The header Upload-Metadata is not what the protocol says.")
        found[key] = _decoded(encoded).decode(errors="replace")
    return found


def instant(at: datetime) -> str:
    """An instant as HTTP writes it (RFC 9110, 5.6.7)."""
    return format_datetime(at, usegmt=True)


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("A header holds what is no base64.") from None
