"""How metadata is taken out of a file, by its stored media type and its first bytes. Pure."""

from enum import StrEnum

from assessments.showing.kinds import Way, way_of


class Clean(StrEnum):
    """AS_IS holds nothing but what is read in it; of NONE nobody can say what it holds."""

    AS_IS = "as-is"
    PICTURE = "clean-picture"
    PDF = "clean-pdf"
    OFFICE = "clean-office"
    FILM = "clean-film"
    MP3 = "clean-mp3"
    WAV = "clean-wav"
    OGG = "clean-ogg"
    WEBM = "clean-webm"
    ARCHIVE = "clean-archive"
    NONE = "none"


_ZIP = b"PK\x03\x04"
_OFFICE = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
# Tar says so at this place; a file of that ending is just bytes to the rest of the house.
_TAR = slice(257, 262)
_PACKED = {"application/zip": _ZIP, "application/gzip": b"\x1f\x8b"}
_BY_WAY = {
    Way.PICTURE: Clean.PICTURE,
    Way.PDF: Clean.PDF,
    Way.TEXT: Clean.AS_IS,
    Way.MARKDOWN: Clean.AS_IS,
    Way.TABLE: Clean.AS_IS,
}
_BY_MEDIA_TYPE = {
    "video/mp4": Clean.FILM,
    "audio/mp4": Clean.FILM,
    "audio/mpeg": Clean.MP3,
    "audio/wav": Clean.WAV,
    "audio/ogg": Clean.OGG,
    "video/webm": Clean.WEBM,
}


def clean_way(media_type: str, head: bytes) -> Clean:
    """How a file that begins with `head` is cleaned; NONE for what does not begin as its media type does."""
    if media_type.startswith(_OFFICE):
        return Clean.OFFICE if head.startswith(_ZIP) else Clean.NONE
    if media_type in _PACKED:
        return Clean.ARCHIVE if head.startswith(_PACKED[media_type]) else Clean.NONE
    if head[_TAR] == b"ustar":
        return Clean.ARCHIVE
    way = way_of(media_type, head)
    if way in _BY_WAY:
        return _BY_WAY[way]
    return _BY_MEDIA_TYPE.get(media_type, Clean.NONE) if way is not Way.NONE else Clean.NONE
