"""The page that answers whether a transcript or a badge is what it seems. Open to everybody, changes nothing."""

from functools import cache
from typing import Final

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Message

from assessments.verify.looking import MOST_BYTES, MOST_TYPED, Given, Kind, given_file, given_text
from assessments.verify.pages import MALFORMED, VerifyPage, answer
from assessments.verify.queries import known
from fourweek.edge import house, public, read, read_form, text, uploads
from fourweek.errors import TooLarge
from fourweek.pages import render

router = APIRouter()
AT_ONCE: Final = 1
BODY_LIMIT: Final = MOST_BYTES + 64 * 1024
TOO_LARGE: Final = "The file is larger than 2 MB: no badge or transcript of ours is."
HEADERS: Final = {"x-robots-tag": "noindex"}


@router.get("/verify", name="verify")
@public
async def verify(request: Request, code: str = "") -> Response:
    if not code.strip():
        return _show(request, VerifyPage())
    return await _answer(request, given_text(code), code[:MOST_TYPED])


@router.post("/verify", name="verify-send")
@public
async def verify_sent(request: Request) -> Response:
    small = _bounded(request)
    try:
        form = await read_form(small, max_files=1, max_fields=10)
        typed, files = text(form, "code")[:MOST_TYPED], uploads(form, "file")
        data = await files[0].read(MOST_BYTES + 1) if files else None
    finally:
        await small.close()
    if data is not None:
        return await _file(request, data, typed)
    if not typed.strip():
        return _wrong(request, "", code="Type the code, or choose a file.")
    return await _answer(request, given_text(typed), typed)


async def _file(request: Request, data: bytes, typed: str) -> Response:
    if len(data) > MOST_BYTES:
        return _show(request, VerifyPage(typed, {"file": TOO_LARGE}, status=TooLarge.status))
    given = await anyio.to_thread.run_sync(given_file, data, house(request).settings, limiter=_loupe())
    if given.kind is Kind.NOTHING:
        return _wrong(request, typed, file=given.why)
    return await _answer(request, given, typed)


async def _answer(request: Request, given: Given, typed: str) -> Response:
    """The same statement and the same page for what is known and what is not."""
    if given.kind is Kind.NOTHING:
        return _wrong(request, typed, code=given.why)
    found = answer(given, await read(request, known, given), house(request).settings)
    return _show(request, VerifyPage(typed, {}, found, found.status))


def _wrong(request: Request, typed: str, **errors: str) -> Response:
    return _show(request, VerifyPage(typed, errors, status=MALFORMED))


def _show(request: Request, page: VerifyPage) -> Response:
    return render(request, "verify/verify.html", page, status=page.status, headers=HEADERS)


def _bounded(request: Request) -> Request:
    """The request with a body that may hold one small file. Raises TooLarge as soon as more has come."""
    length, got = request.headers.get("content-length", "0"), 0
    if length.isdigit() and int(length) > BODY_LIMIT:
        raise TooLarge(TOO_LARGE)

    async def receive() -> Message:
        nonlocal got
        message = await request.receive()
        got += len(message.get("body", b""))
        if got > BODY_LIMIT:
            raise TooLarge(TOO_LARGE)
        return message

    return Request(request.scope, receive)


@cache
def _loupe() -> anyio.CapacityLimiter:
    """Files are looked at one at a time in a process: checking a signature takes a whole core."""
    return anyio.CapacityLimiter(AT_ONCE)
