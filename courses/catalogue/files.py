"""Serving a stored file in pieces, never whole in memory."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

import anyio.to_thread
from fastapi import Request
from starlette.responses import Response, StreamingResponse

from fourweek.edge import house
from fourweek.storage import pieces

SHOWN = ("image/", "text/plain", "application/pdf")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to serve under `name`; `lasts` says for how many seconds a browser may keep it."""

    sha256: str
    size: int
    media_type: str
    name: str
    public: bool
    lasts: int = 300


async def file_response(request: Request, file: StoredFile) -> Response:
    """The file for GET and HEAD; 304 where the browser has it."""
    cache = f"{'public' if file.public else 'private'}, max-age={file.lasts}"
    headers = file_headers(file.sha256, file.media_type, file.name, cache)
    if f'"{file.sha256}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["content-length"] = str(file.size)
    if request.method == "HEAD":
        return Response(headers=headers, media_type=file.media_type)
    handle = await anyio.to_thread.run_sync(house(request).store.open, file.sha256)
    return StreamingResponse(_closing(handle), headers=headers, media_type=file.media_type)


def _closing(handle: BinaryIO) -> Iterator[bytes]:
    with closing(handle):
        yield from pieces(handle)


def file_headers(sha256: str, media_type: str, name: str, cache: str) -> dict[str, str]:
    """What every file is served with: not run, not sniffed, and saved unless it is of a kind that is shown."""
    shown = media_type.startswith(SHOWN)
    return {
        "etag": f'"{sha256}"',
        "cache-control": cache,
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(name, safe='')}",
    }
