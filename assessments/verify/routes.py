"""The page that answers whether a transcript or a badge is what it seems. Open to everybody, changes nothing."""

from typing import Final

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Message

from assessments.verify.judging import judged
from assessments.verify.looking import MOST_BYTES, MOST_TYPED, Given, Kind, given_file, given_text
from assessments.verify.pages import MALFORMED, Answer, VerifyPage, answer
from assessments.verify.queries import known
from fourweek.edge import house, public, read, read_form, text, uploads
from fourweek.errors import TooLarge
from fourweek.pages import render

router = APIRouter()
BODY_LIMIT: Final = MOST_BYTES + 64 * 1024
MOST_EMAIL: Final = 320
TOO_LARGE: Final = "The file is larger than 2 MB: no badge or transcript of ours is."
NO_EMAIL: Final = "That is not an e-mail address. Leave it out to check the badge alone."
HEADERS: Final = {"x-robots-tag": "noindex"}


@router.get("/verify", name="verify")
@public
async def verify(request: Request, code: str = "") -> Response:
    if not code.strip():
        return _show(request, VerifyPage())
    typed = code[:MOST_TYPED]
    return await _page(request, await anyio.to_thread.run_sync(given_text, typed), typed)


@router.post("/verify", name="verify-send")
@public
async def verify_sent(request: Request) -> Response:
    small = _bounded(request)
    try:
        form = await read_form(small, max_files=1, max_fields=10)
        typed, email, files = text(form, "code"), text(form, "email").strip()[:MOST_EMAIL], uploads(form, "file")
        data = await files[0].read(MOST_BYTES + 1) if files else None
    finally:
        await small.close()
    if data is not None and len(data) > MOST_BYTES:
        return _show(request, VerifyPage(typed, email, {"file": TOO_LARGE}, status=TooLarge.status))
    if email and not _is_email(email):
        return _wrong(request, typed, email, email=NO_EMAIL)
    if data is not None:
        return await _page(request, await anyio.to_thread.run_sync(given_file, data), typed, email, "file")
    if not typed.strip():
        return _wrong(request, "", email, code="Type the code, or choose a file.")
    return await _page(request, await anyio.to_thread.run_sync(given_text, typed), typed, email)


async def answered(request: Request, given: Given, email: str = "") -> Answer:
    """The answer to what can be checked: one call to the database, and the same statements whatever is known."""
    settings = house(request).settings
    found = await read(request, known, given)
    report = await judged(given, found, settings, email)
    return answer(given, found, report, settings, asked=bool(email))


async def _page(request: Request, given: Given, typed: str, email: str = "", name: str = "code") -> Response:
    if given.kind is Kind.NOTHING:
        return _wrong(request, typed, email, **{name: given.why})
    found = await answered(request, given, email)
    return _show(request, VerifyPage(typed, email, {}, found, found.status))


def _is_email(text: str) -> bool:
    before, _, after = text.rpartition("@")
    return bool(before and after) and not any(sign.isspace() for sign in text)


def _wrong(request: Request, typed: str, email: str = "", /, **errors: str) -> Response:
    return _show(request, VerifyPage(typed, email, errors, status=MALFORMED))


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
