"""How uploads are answered: the headers of tus on everything, and refusals as JSON that the page's script can show."""

import base64
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import Any

from fastapi import Request
from starlette.responses import JSONResponse, Response

from assessments.uploads.errors import OtherOffset, OtherVersion
from assessments.uploads.protocol import VERSION, instant
from assessments.uploads.service import KEPT_FOR
from fourweek.edge import check_token, cookie, form_token
from fourweek.errors import FourweekError, SignInNeeded, StaleForm, TooMany
from fourweek.language import _

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
Endpoint = Callable[..., Awaitable[Response]]


def tus(endpoint: Endpoint) -> Endpoint:
    """An endpoint of the protocol. What changes something needs the form's token in its header, as our forms do."""

    @wraps(endpoint)
    async def answer(request: Request, **address: Any) -> Response:
        try:
            _check(request)
            response = await endpoint(request, **address)
        except FourweekError as error:
            if request.method in SAFE and "tus-resumable" not in request.headers:
                raise
            response = _refusal(request, error)
        response.headers["tus-resumable"] = VERSION
        response.headers["cache-control"] = "no-store"
        return response

    return answer


def offset_headers(upload: Any) -> dict[str, str]:
    """Where an upload stands, from its row."""
    return {
        "upload-offset": str(upload.received),
        "upload-length": str(upload.size),
        "upload-metadata": f"filename {base64.b64encode(upload.file_name.encode()).decode()}",
        "upload-expires": instant(expires(upload.touched_at)),
    }


def expires(touched_at: datetime) -> datetime:
    return touched_at + KEPT_FOR


def _check(request: Request) -> None:
    if request.method not in SAFE:
        _check_token(request)
    elif request.method == "OPTIONS" or "tus-resumable" not in request.headers:
        return
    if request.headers.get("tus-resumable") != VERSION:
        raise OtherVersion


def _check_token(request: Request) -> None:
    try:
        check_token(request)
    except StaleForm:
        if not cookie(request):
            raise SignInNeeded from None
        raise


def _refusal(request: Request, error: FourweekError) -> Response:
    body: dict[str, object] = {"title": _(error.title), "detail": error.message, "advice": error.advice}
    headers: dict[str, str] = {}
    status = error.status
    if isinstance(error, StaleForm):  # signed in anew beside the page: the same person goes on with the new token
        status, body["form_token"] = 403, form_token(request)
    if isinstance(error, OtherOffset):
        headers["upload-offset"] = str(error.offset)
    if isinstance(error, OtherVersion):
        headers["tus-version"] = VERSION
    if status == 503:
        headers["retry-after"] = "3"
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.wait)
    return JSONResponse({"status": status, **body}, status_code=status, headers=headers)
