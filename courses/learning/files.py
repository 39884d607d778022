"""Figures and downloads of a module: found for somebody who may read it, then streamed from the store."""

from collections.abc import AsyncIterator
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

import anyio.to_thread
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from courses.learning.access import reader_of_open
from courses.learning.queries import StoredFile, module_file
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound
from fourweek.storage import PIECE, Store

SVG = "image/svg+xml"
SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SHOWN = frozenset({"text/plain", "application/pdf"})
KEPT = "private, max-age=3600"


def released_file(conn: Connection, visitor: Visitor, cohort_id: str, module_number: int, path: str) -> StoredFile:
    """A file of an open module. Raises NotFound for one that is locked or not there. Three statements."""
    found = reader_of_open(conn, visitor, cohort_id, module_number)
    file = None if "\x00" in path else module_file(conn, found.cohort.version_id, module_number, path)
    if file is None:
        raise NotFound
    return file


async def file_response(request: Request, store: Store, file: StoredFile) -> Response:
    """The bytes, a piece at a time; 304 for somebody who has them, headers alone for HEAD."""
    headers = _headers(file)
    if _is_known(request.headers.get("if-none-match", ""), headers["etag"]):
        kept = {name: headers[name] for name in ("etag", "cache-control", "vary")}
        return Response(status_code=304, headers=kept)
    if request.method == "HEAD":
        return Response(headers=headers)
    handle = await anyio.to_thread.run_sync(store.open, file.sha256)
    return StreamingResponse(_pieces(handle), headers=headers)


async def _pieces(handle: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while piece := await anyio.to_thread.run_sync(handle.read, PIECE):
            yield piece
    finally:
        handle.close()


def _headers(file: StoredFile) -> dict[str, str]:
    shown = file.media_type in SHOWN or file.media_type.startswith("image/")
    charset = "; charset=utf-8" if file.media_type.startswith("text/") else ""
    headers = {
        "content-type": file.media_type + charset,
        "content-length": str(file.size),
        "content-disposition": f"{'inline' if shown else 'attachment'}; {_file_name(file.path)}",
        "etag": f'"{file.sha256}"',
        "cache-control": KEPT,
        "vary": "Cookie",
        "x-content-type-options": "nosniff",
    }
    if file.media_type == SVG:
        headers["content-security-policy"] = SVG_POLICY
    return headers


def _file_name(path: str) -> str:
    """RFC 6266: a plain name for old readers, the real one beside it."""
    name = PurePosixPath(path).name
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    return f"filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _is_known(sent: str, etag: str) -> bool:
    """RFC 9110, weak comparison."""
    tags = {tag.strip().removeprefix("W/") for tag in sent.split(",")}
    return etag in tags or "*" in tags
