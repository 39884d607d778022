"""Static files: kept by browsers for ever when asked for with the fingerprint of their content, and compressed once.

Pages are not compressed. Each holds a form's token beside words that somebody else may choose, and from the length of
such an answer, packed, the token can be guessed (BREACH); what cannot be guessed from is the same for everybody: these.
"""

import gzip
from functools import cache
from pathlib import PurePath
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fourweek import assets
from fourweek.files import has_it
from fourweek.light import dataclass

FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"
"""For an address without the fingerprint of today, whose content may be another tomorrow."""
TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
_WORTH_IT: Final = 0.9
"""Packed content is sent where it is smaller than this share: a font is packed already."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a file, with an ETag of its own; `encoding` is "" or gzip."""

    data: bytes
    etag: str
    encoding: str = ""


class FingerprintedFiles:
    """Answers for the files of `static`. A part of one (Range) is not given: the whole is always a right answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        path = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        if path not in assets.static_paths():
            raise HTTPException(404)
        asked = Headers(scope=scope)
        plain, packed = forms(path)
        form = packed if packed and takes_gzip(asked.get("accept-encoding", "")) else plain
        lasting = QueryParams(scope.get("query_string", b"")).get("v") == assets.fingerprint(path)
        headers = {"cache-control": FOREVER if lasting else A_WHILE, "etag": form.etag}
        if packed:
            headers["vary"] = "Accept-Encoding"
        if has_it(asked.get("if-none-match", ""), form.etag):
            return Response(status_code=304, headers=headers)
        if form.encoding:
            headers["content-encoding"] = form.encoding
        headers["content-length"] = str(len(form.data))
        body = form.data if scope["method"] == "GET" else b""
        return Response(body, headers=headers, media_type=TYPES.get(PurePath(path).suffix, "text/plain"))


@cache
def forms(path: str) -> tuple[Form, Form | None]:
    """A static file as it is, and packed where that is worth it; made once in a process."""
    data, mark = assets.content(path), assets.fingerprint(path)
    packed = gzip.compress(data, 9, mtime=0)
    worth = len(packed) < len(data) * _WORTH_IT
    return Form(data, f'"{mark}"'), Form(packed, f'"{mark}-gzip"', "gzip") if worth else None


def takes_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding takes gzip (RFC 9110, 12.5.3): named with a weight above nothing, or by the star."""
    weights = dict(_weights(accepted))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weights(accepted: str) -> list[tuple[str, float]]:
    found = []
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        found.append((name.strip(), _number(weight.strip().removeprefix("q="))))
    return found


def _number(weight: str) -> float:
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
