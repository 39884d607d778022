"""What a link leads to, for whoever has it: open to everybody, found by nobody."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.sharing.errors import NoSuchLink
from assessments.sharing.files import give
from assessments.sharing.opening import Opened, opened
from assessments.sharing.pages import shared_page
from assessments.sharing.tokens import token_hash
from fourweek.accounts.declaring import by_address
from fourweek.edge import house, write
from fourweek.faces import error_response
from fourweek.limits.callers import caller
from fourweek.pages import render

router = APIRouter(prefix="/shared")
UNSEEN: Final = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex", "cache-control": "no-store"}


@router.get("/{token}", name="shared")
@by_address
async def shared(request: Request, token: str) -> Response:
    found = await _opened(request, token, "page")
    if found is None:
        return _nothing(request)
    page = shared_page(found, token, house(request).settings)
    return render(request, "sharing/shared.html", page, headers=UNSEEN)


@router.get("/{token}/document.{ending}", name="shared-file")
@by_address
async def shared_file(request: Request, token: str, ending: str) -> Response:
    found = await _opened(request, token, ending)
    if found is None or ending not in found.document.files:
        return _nothing(request)
    return await give(request, found.document, ending)


async def _opened(request: Request, token: str, what: str) -> Opened | None:
    """Programs that look ahead with HEAD take nothing."""
    logged = what if request.method == "GET" else ""
    return await write(request, opened, token_hash(token), caller(request), logged)


def _nothing(request: Request) -> Response:
    response = error_response(request, NoSuchLink())
    response.headers.update(UNSEEN)
    return response
