"""The one way out for stored files: GET, HEAD, what the browser has already, and a part of a file."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from fastapi import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from fourweek.edge import house
from fourweek.light import dataclass
from fourweek.storage import PIECE
from fourweek.storage.aside import read_aside

SHOWN = ("image/", "text/plain", "application/pdf")
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = f"{CLOSED}; sandbox"
"""For what somebody else made: opened by itself it loads nothing, runs nothing, and stands in nobody's frame."""
_PART = re.compile(r"bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store, `size` bytes, to be served under `name`."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is served: the Cache-Control, and whether kinds that browsers show are shown instead of saved."""

    cache: str
    shown: bool = True

    @property
    def personal(self) -> bool:
        """Whether who asks decides what is answered."""
        return not self.cache.startswith("public")


FOR_ALL = Terms("public, max-age=300")
FOR_READERS = Terms("private, max-age=3600")
NOT_KEPT = Terms("private, no-store")
SAVED_ONLY = Terms("private, no-store", shown=False)


async def file_response(request: Request, file: StoredFile, terms: Terms) -> Response:
    """The file, or the part that was asked for, a piece at a time; 304 where the browser has it.

    Whoever calls has authorised it. Raises NotFound for a file that is not in the store, Busy for a store that is down.
    """
    headers = file_headers(file, terms)
    if has_it(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers={k: v for k, v in headers.items() if k in _OF_304})
    store = house(request).store
    if request.method == "HEAD":
        await read_aside(store.size, file.sha256)
        return Response(headers=headers)
    part = _part(request, headers["etag"], file.size)
    if part is None:
        handle = await read_aside(store.open, file.sha256)
        return StreamingResponse(_pieces(handle, file.size), headers=headers)
    if not part:
        return Response(status_code=416, headers={"content-range": f"bytes */{file.size}"})
    handle = await read_aside(store.open, file.sha256, part)
    headers["content-length"] = str(len(part))
    headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
    return StreamingResponse(_pieces(handle, len(part)), status_code=206, headers=headers)


def copy_response(request: Request, path: Path, file: StoredFile, terms: Terms) -> Response:
    """A file that was made of another one and lies on the disk, served as `file_response` serves those of the store.

    Whoever calls has authorised it; `file` says what the copy is called and its own digest and size.
    """
    headers = file_headers(file, terms)
    if has_it(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers={k: v for k, v in headers.items() if k in _OF_304})
    return FileResponse(path, headers=headers)


def file_headers(file: StoredFile, terms: Terms) -> dict[str, str]:
    """What a file is served with: never run, never sniffed, and saved unless it is of a kind that is shown."""
    shown = terms.shown and file.media_type.startswith(SHOWN)
    charset = "; charset=utf-8" if file.media_type.startswith("text/") else ""
    headers = {
        "content-type": file.media_type + charset,
        "content-length": str(file.size),
        "content-disposition": disposition(file.name, shown=shown),
        "etag": f'"{file.sha256}"',
        "accept-ranges": "bytes",
        "cache-control": terms.cache,
        "x-content-type-options": "nosniff",
    }
    if terms.personal:
        headers["vary"] = "Cookie"
    if not (shown and file.media_type == "application/pdf"):  # no browser shows a PDF in a sandbox
        headers["content-security-policy"] = SANDBOX
    return headers


def disposition(name: str, *, shown: bool) -> str:
    """The Content-Disposition (RFC 6266): a plain name for old readers, the real one beside it."""
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\%;' else "_" for char in name)
    return f"{'inline' if shown else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


_OF_304 = frozenset({"etag", "cache-control", "vary"})


def has_it(sent: str, etag: str) -> bool:
    """If-None-Match (RFC 9110, 13.1.2), compared weakly."""
    tags = {tag.strip().removeprefix("W/") for tag in sent.split(",")}
    return etag in tags or "*" in tags


def _part(request: Request, etag: str, size: int) -> range | None:
    """The part of the file that was asked for, empty where there is none; None for the whole file.

    One range is answered; several, or what cannot be read, may be answered by the whole file (RFC 9110, 14.2).
    """
    asked = _PART.fullmatch(request.headers.get("range", ""))
    if asked is None or request.headers.get("if-range", etag) != etag:
        return None
    first, last, suffix = asked.groups()
    if suffix is not None:
        return range(max(0, size - int(suffix)), size)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(size, int(last) + 1) if last else size)


async def _pieces(handle: BinaryIO, left: int) -> AsyncIterator[bytes]:
    try:
        while left and (piece := await read_aside(handle.read, min(PIECE, left))):
            left -= len(piece)
            yield piece
    finally:
        handle.close()
