"""Which files are taken, and whether their first bytes fit their name. A check of plausibility, not a defence:
files are only ever served as a download, under a policy that lets nothing in them run."""

import re

from fourweek.language import _
from fourweek.language.lists import in_a_row

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SIGNS: dict[str, tuple[bytes, ...]] = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".zip": _ZIP,
    ".docx": _ZIP,
    ".xlsx": _ZIP,
    ".pptx": _ZIP,
    ".odt": _ZIP,
    ".ods": _ZIP,
    ".odp": _ZIP,
    ".gz": (b"\x1f\x8b",),
    ".tgz": (b"\x1f\x8b",),
}
_MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".tgz": "application/gzip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
}
_TEXTS = frozenset(
    (
        ".txt",
        ".md",
        ".csv",
        ".tsv",
        ".json",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".log",
        ".tex",
        ".rst",
        ".diff",
        ".patch",
        ".sql",
        ".sh",
        ".py",
        ".ipynb",
        ".js",
        ".ts",
        ".go",
        ".rs",
        ".java",
        ".c",
        ".h",
        ".cpp",
        ".tf",
        ".puml",
        ".dot",
        ".bib",
    )
)
_PAGES = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml"})
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+(?:html|svg)|html|svg|script)\b", re.I | re.S)
# Taken where the course names no endings of its own: documents, pictures and plain text, nothing that runs or renders.
_ASKED_FOR = {".gz", ".tgz", ".webm", ".m4a", ".mp3", ".oga", ".ogg", ".wav"}
USUAL = tuple(sorted(set(_MEDIA_TYPES) - _ASKED_FOR | {".yaml", ".yml", ".toml", ".log", ".py", ".ipynb"}))


def media_type(ending: str) -> str:
    """The media type by a file's ending; what we do not know is just bytes."""
    return _MEDIA_TYPES.get(ending, "text/plain" if ending in _TEXTS else "application/octet-stream")


def wrong_kind(ending: str, head: bytes, accept: tuple[str, ...]) -> str:
    """Why a file with this ending and these first bytes is not taken; "" when it is."""
    if words := not_asked_for(ending, accept):
        return words
    if _plausible(ending, head):
        return ""
    return _("What is in the file does not fit its name: it is no {ending} file.", ending=ending)


def not_asked_for(ending: str, accept: tuple[str, ...]) -> str:
    """Why no file with this ending is taken, whatever is in it; "" where one may be."""
    taken = accept or USUAL
    if ending in taken:
        return ""
    return _("Files of this kind are not asked for here. Taken are: {kinds}.", kinds=in_a_row(taken))


def _plausible(ending: str, head: bytes) -> bool:
    if ending in _PAGES:
        return b"\0" not in head
    text = head.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(text) or text.startswith(_PROGRAMS):
        return False
    if ending == ".pdf":
        return b"%PDF-" in head
    if ending == ".webp":
        return head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    if ending in _SIGNS:
        return head.startswith(_SIGNS[ending])
    return not (ending in _TEXTS and b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")))
