"""Where templates and static files are: inside the installed package, else in the checkout."""

import hashlib
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


@cache
def folder(name: str) -> Path:
    """The folder `templates` or `static`."""
    packaged = _PACKAGE / name
    return packaged if packaged.is_dir() else _PACKAGE.parent.parent / name


@cache
def fingerprint(path: str) -> str:
    """First 12 hex digits of the SHA-256 of a static file; raises FileNotFoundError when there is none."""
    return hashlib.sha256((folder("static") / path).read_bytes()).hexdigest()[:12]


def static_url(path: str) -> str:
    """Address of a static file that changes with its content, so that browsers may keep it for ever."""
    return f"/static/{path}?v={fingerprint(path)}"
