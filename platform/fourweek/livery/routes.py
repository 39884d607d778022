"""The institution's logo and colours, for everybody; kept for ever where they are asked for by their fingerprint."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.declaring import public
from fourweek.errors import NotFound
from fourweek.livery.wearing import Livery
from fourweek.static_files import FOREVER

router = APIRouter()


@router.get("/institution/colours.css", name="institution-colours")
@public
async def colours(request: Request) -> Response:
    worn = _worn(request)
    if not worn.sheet:
        raise NotFound
    return _given(request, worn.sheet.encode(), "text/css", worn.sheet_fingerprint)


@router.get("/institution/logo", name="institution-logo")
@public
async def logo(request: Request) -> Response:
    found = _worn(request).logo
    if found is None:
        raise NotFound
    return _given(request, found.data, found.media_type, found.fingerprint)


def _worn(request: Request) -> Livery:
    worn: Livery = request.app.state.livery
    return worn


def _given(request: Request, data: bytes, media_type: str, fingerprint: str) -> Response:
    for_ever = request.query_params.get("v") == fingerprint
    kept = FOREVER if for_ever else "public, max-age=300"
    return Response(data, media_type=media_type, headers={"cache-control": kept})
