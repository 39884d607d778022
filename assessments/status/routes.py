"""Status lists for everybody who checks a badge."""

from typing import Final

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.badges.keys import load_keys
from assessments.badges.negotiation import JWT_TYPE, TEXT_TYPE, file_asked
from assessments.status.lists import FRESH_SECONDS, etag, kept_form, list_token, signed_list, stored_list
from fourweek.accounts.declaring import public
from fourweek.clock import real_time
from fourweek.edge import House, house
from fourweek.errors import NotFound

router = APIRouter()

MEDIA_TYPE: Final = "application/vc+ld+json"
FOR_ALL: Final = {
    "access-control-allow-origin": "*",
    "cache-control": f"public, max-age={FRESH_SECONDS}",
    "vary": "Accept",
    "x-robots-tag": "noindex",
}
SIGNERS: Final = anyio.CapacityLimiter(1)
_MOST_DIGITS: Final = 9


@router.get("/status/{number}", name="status-list")
@public
async def status_list(request: Request, number: str) -> Response:
    if not (number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS):
        raise NotFound
    here, media_type = house(request), file_asked(request.headers.get("accept", "")) or MEDIA_TYPE
    data = await _current(here, int(number))
    if media_type in (JWT_TYPE, TEXT_TYPE):
        data = (await anyio.to_thread.run_sync(list_token, data, here.settings, limiter=SIGNERS)).encode("ascii")
    headers = FOR_ALL | {"etag": etag(data)}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)


async def _current(here: House, number: int) -> bytes:
    """The list as it is kept, or signed now; one at a time, so that whoever waits takes what was kept meanwhile."""
    now = real_time()
    ring = await anyio.to_thread.run_sync(load_keys, here.settings)
    found = await here.db.read(stored_list, number)
    document = kept_form(found, ring.signing, now)
    if document is not None:
        return document
    return await anyio.to_thread.run_sync(signed_list, here.db, here.settings, number, now, limiter=SIGNERS)
