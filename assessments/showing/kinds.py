"""How a file is shown in the browser, by its stored media type and its first bytes. Pure.

Nothing of a learner's is ever given to the browser as something that runs: pictures and pages are drawn anew, texts are
escaped, sound and film play from the download, and everything else is a download.
"""

import re
from enum import StrEnum

HEAD = 4096
"""Bytes that are looked at."""


class Way(StrEnum):
    PICTURE = "picture"
    PDF = "pdf"
    TEXT = "text"
    MARKDOWN = "markdown"
    TABLE = "table"
    AUDIO = "audio"
    VIDEO = "video"
    NONE = "none"


_SIGNS: dict[str, tuple[Way, re.Pattern[bytes]]] = {
    "image/png": (Way.PICTURE, re.compile(rb"\x89PNG\r\n\x1a\n")),
    "image/jpeg": (Way.PICTURE, re.compile(rb"\xff\xd8\xff")),
    "image/gif": (Way.PICTURE, re.compile(rb"GIF8[79]a")),
    "image/webp": (Way.PICTURE, re.compile(rb"RIFF.{4}WEBP", re.S)),
    "application/pdf": (Way.PDF, re.compile(rb".{0,1024}?%PDF-", re.S)),
    "video/mp4": (Way.VIDEO, re.compile(rb".{4}ftyp", re.S)),
    "video/webm": (Way.VIDEO, re.compile(rb"\x1a\x45\xdf\xa3")),
    "audio/mp4": (Way.AUDIO, re.compile(rb".{4}ftyp", re.S)),
    "audio/mpeg": (Way.AUDIO, re.compile(rb"ID3|\xff[\xe2-\xff]")),
    "audio/ogg": (Way.AUDIO, re.compile(rb"OggS")),
    "audio/wav": (Way.AUDIO, re.compile(rb"RIFF.{4}WAVE", re.S)),
}
_TEXTS = {"text/plain": Way.TEXT, "application/json": Way.TEXT, "text/markdown": Way.MARKDOWN, "text/csv": Way.TABLE}
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a text in UTF-16 begins."""


def way_of(media_type: str, head: bytes) -> Way:
    """How a file that begins with `head` is shown; NONE for what does not begin as its media type does."""
    if media_type in _TEXTS:
        return _TEXTS[media_type] if b"\0" not in head or head.startswith(WIDE) else Way.NONE
    way, sign = _SIGNS.get(media_type, (Way.NONE, None))
    return way if sign is not None and sign.match(head) else Way.NONE
