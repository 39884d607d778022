"""The certificates of the seal, for whoever wants to trust it: the one that seals now, and each that ever did."""

from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.seal.keys import published_pem, seals_now
from fourweek.accounts.declaring import public
from fourweek.edge import house
from fourweek.errors import NotFound
from fourweek.settings import Settings

router = APIRouter()
PEM: Final = "application/x-pem-file"
BRIEFLY: Final = {"access-control-allow-origin": "*", "cache-control": "public, max-age=60"}
FOR_EVER: Final = {"access-control-allow-origin": "*", "cache-control": "public, max-age=31536000, immutable"}


@router.get("/issuer/seal.pem", name="seal")
@public
async def current(request: Request) -> Response:
    """The certificate that seals now, with those that vouch for it. NotFound before the first document."""
    return _file(await anyio.to_thread.run_sync(_current, house(request).settings), "seal.pem", BRIEFLY)


@router.get("/issuer/seals/{fingerprint}.pem", name="seal-of")
@public
async def one(request: Request, fingerprint: str) -> Response:
    """The certificate of this fingerprint (SHA-256, hexadecimal), whenever it sealed."""
    found = await anyio.to_thread.run_sync(published_pem, house(request).settings, fingerprint)
    return _file(found, f"seal-{fingerprint}.pem", FOR_EVER)


def _current(settings: Settings) -> bytes | None:
    key = seals_now(settings)
    return key.public_pem() if key else None


def _file(data: bytes | None, name: str, headers: dict[str, str]) -> Response:
    if data is None:
        raise NotFound
    said = headers | {"content-disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=PEM, headers=said)
