"""Where templates and static files are: inside the installed package, else in the checkout."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).resolve().parent
JOINED: Final[Mapping[str, tuple[str, ...]]] = {
    "css/base.css": tuple(f"css/{name}.css" for name in ("tokens", "app", "parts", "forms", "data", "prose")),
    "css/work.css": ("css/evidence.css", "css/uploads.css"),
    "js/work.js": ("js/kept.js", "js/evidence.js"),
}
"""Files that are made of others, in this order: what one page always needs comes by one request."""
_LINK: Final = re.compile(r'url\("\.\./([^"]+)"\)')
_REMARKS: Final = {".css": re.compile(r"/\*.*?\*/\n?", re.DOTALL), ".js": re.compile(r"^[ \t]*//.*\n", re.MULTILINE)}
"""What our own sheets and scripts say to their authors: a seventh of what would come over the line."""


@cache
def folder(name: str) -> Path:
    """The folder `templates` or `static`."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / name


@cache
def static_paths() -> frozenset[str]:
    """Every static file by its path below `static`, and those that are joined of others."""
    static = folder("static")
    return frozenset(path.relative_to(static).as_posix() for path in static.rglob("*") if path.is_file()) | set(JOINED)


def content(path: str) -> bytes:
    """What a static file holds; raises FileNotFoundError when there is none.

    Our own sheets and scripts go without their comments. Addresses in sheets are those of `static_url`, so that a font
    is kept for ever as well.
    """
    if path in JOINED:
        return b"\n".join(content(part) for part in JOINED[path])
    data = (folder("static") / path).read_bytes()
    return _bare(path, data.decode()).encode() if path.startswith(("css/", "js/")) else data


def _bare(path: str, text: str) -> str:
    bare = _REMARKS[Path(path).suffix].sub("", text)
    return _LINK.sub(lambda found: f'url("{static_url(found[1])}")', bare) if path.endswith(".css") else bare


@cache
def fingerprint(path: str) -> str:
    """First 12 hex digits of the SHA-256 of a static file; raises FileNotFoundError when there is none."""
    return hashlib.sha256(content(path)).hexdigest()[:12]


def static_url(path: str) -> str:
    """Address of a static file that changes with its content, so that browsers may keep it for ever."""
    return f"/static/{path}?v={fingerprint(path)}"
