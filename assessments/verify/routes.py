"""The page that answers whether a document or a badge is what it seems. Open to everybody; it only counts tries."""

from dataclasses import replace
from typing import BinaryIO, Final
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.badges.sentences import say
from assessments.verify.judging import NOTHING_ASKED, Asked, judged
from assessments.verify.last_name import LONGEST
from assessments.verify.limits import tries_of
from assessments.verify.looking import MOST_PDF, MOST_TYPED, Given, Kind, given_text, given_upload
from assessments.verify.pages import MALFORMED, Answer, VerifyPage, answer
from assessments.verify.queries import checked
from fourweek.accounts.declaring import public
from fourweek.edge import house, read_form, text, uploads, write
from fourweek.errors import TooLarge, TooMany
from fourweek.language import N_, _
from fourweek.limits.callers import caller
from fourweek.pages import render

router = APIRouter()
BODY_LIMIT: Final = MOST_PDF + 64 * 1024
MOST_EMAIL: Final = 320
TOO_LARGE: Final = N_("The file is larger than any badge (2 MB) or document (24 MB) of ours.")
NO_EMAIL: Final = N_("That is not an e-mail address. Leave it out to check the badge alone.")
HEADERS: Final = {"x-robots-tag": "noindex", "referrer-policy": "no-referrer", "cache-control": "no-store"}


@router.get("/verify", name="verify")
@public
async def verify(request: Request, code: str = "") -> Response:
    if not code.strip():
        return _show(request, VerifyPage())
    typed = code[:MOST_TYPED]
    given = await anyio.to_thread.run_sync(given_text, typed)
    return await _page(request, given, VerifyPage(typed))


@router.post("/verify", name="verify-send")
@public
async def verify_sent(request: Request) -> Response:
    try:
        form = await read_form(request, max_files=1, max_fields=10, most_bytes=BODY_LIMIT)
    except TooLarge:
        raise TooLarge(_(TOO_LARGE)) from None
    files = uploads(form, "file")
    page = VerifyPage(
        text(form, "code"),
        text(form, "email").strip()[:MOST_EMAIL],
        last_name=text(form, "last_name").strip()[:LONGEST],
    )
    if page.email and not _is_email(page.email):
        return _wrong(request, page, email=_(NO_EMAIL))
    if files:
        return await _of_file(request, files[0].file, page)
    if not page.typed.strip():
        return _wrong(request, page, code=_("Type the code, or choose a file."))
    return await _page(request, await anyio.to_thread.run_sync(given_text, page.typed), page)


async def _of_file(request: Request, file: BinaryIO, page: VerifyPage) -> Response:
    given = await anyio.to_thread.run_sync(given_upload, file)
    if given is None:
        return _show(request, replace(page, errors={"file": _(TOO_LARGE)}, status=TooLarge.status))
    return await _page(request, given, page, "file")


async def answered(request: Request, given: Given, asked: Asked = NOTHING_ASKED) -> Answer:
    """The answer to what can be checked: one call to the database, and the same statements whatever is known.

    Raises TooMany, Busy.
    """
    settings = house(request).settings
    tries = tries_of(settings, caller(request), given, asked.last_name)
    found = await write(request, checked, given, tries)
    return answer(given, found, await judged(given, found, settings, asked), asked=bool(asked.email))


async def _page(request: Request, given: Given, page: VerifyPage, name: str = "code") -> Response:
    if given.kind is Kind.NOTHING:
        return _wrong(request, page, **{name: say(given.why)})
    try:
        found = await answered(request, given, Asked(page.email, page.last_name))
    except TooMany as error:
        said = f"{error.message} {error.advice}"
        return _show(request, replace(page, errors={name: said}, status=error.status), wait=error.wait)
    return _show(request, replace(page, answer=found, status=found.status))


def _is_email(text: str) -> bool:
    before, _at, after = text.rpartition("@")
    return bool(before and after) and not any(sign.isspace() for sign in text)


def _wrong(request: Request, page: VerifyPage, /, **errors: str) -> Response:
    return _show(request, replace(page, errors=errors, status=MALFORMED))


def _show(request: Request, page: VerifyPage, wait: int = 0) -> Response:
    host = urlsplit(house(request).settings.public_url).netloc
    headers = HEADERS | ({"retry-after": str(wait)} if wait else {})
    return render(request, "verify/verify.html", replace(page, host=host), status=page.status, headers=headers)
