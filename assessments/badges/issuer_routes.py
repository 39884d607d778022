"""Who issues our badges, for people and for machines: the profile, the DID document, and each RSA key by itself."""

from collections.abc import Set
from typing import Final

import anyio.to_thread
from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from assessments.badges.addresses import issuer_profile, key_url
from assessments.badges.did import did_document
from assessments.badges.document import profile_object
from assessments.badges.issuer_addresses import all_bases, noted, served_base
from assessments.badges.keys import KeyRing, load_keys
from assessments.badges.keys.published import AnyPublicKey
from assessments.badges.keys.turning import signing_now
from assessments.badges.multikey import PublicKey
from assessments.badges.negotiation import json_asked
from assessments.badges.routes import linked_data
from assessments.badges.rsa_keys import RsaPublicKey
from assessments.seal.shown import SealRow, seal_rows
from courses.schedule.words import say_date
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import public
from fourweek.edge import house, read
from fourweek.errors import Gone, NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.pages import render
from fourweek.settings import Settings

router = APIRouter()

KEYS: Final = {"access-control-allow-origin": "*", "cache-control": "public, max-age=60"}
"""Short, so that a revoked key is soon known to be one."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as the issuer's page shows it: its id, and what it does in words."""

    key_id: str
    words: str


@dataclass(frozen=True, slots=True)
class IssuerPage:
    """The institution as an issuer: its names, and every key and certificate that ever signed, the current ones first.

    `keys` sign badges, `seals` documents.
    """

    name: str
    description: str
    email: str
    address: str
    id: str
    keys: tuple[KeyRow, ...]
    seals: tuple[SealRow, ...]


@router.get("/issuer", name="issuer")
@public
async def issuer(request: Request) -> Response:
    settings = house(request).settings
    profile = issuer_profile(settings, await _base(request))
    media_type = json_asked(request.headers.get("accept", ""))
    if media_type:
        return linked_data(profile_object(profile), media_type)
    keys = await anyio.to_thread.run_sync(_rows, settings)
    seals = await anyio.to_thread.run_sync(seal_rows, settings)
    page = IssuerPage(profile.name, profile.description, profile.email, profile.url, profile.id, keys, seals)
    return render(request, "badges/issuer.html", page, headers={"vary": "Accept, Accept-Language, Cookie"})


@router.get("/issuer/keys/{key_id}", name="issuer-key")
@public
async def issuer_key(request: Request, key_id: str) -> Response:
    """One JWK, which is what the `kid` of a token has to lead to."""
    ring = await _keys(request)
    key = next((one for one in ring.published if isinstance(one, RsaPublicKey) and one.key_id == key_id), None)
    if key is None:
        raise NotFound
    if key_id in ring.revoked:
        raise Gone(_("This key was revoked: nothing that it signed holds any more."))
    jwk = key.jwk(key_url(await _base(request), key_id))
    return JSONResponse(jwk, media_type="application/jwk+json", headers=KEYS)


@router.get("/.well-known/did.json", name="did")
@public
async def did(request: Request) -> Response:
    return JSONResponse(did_document(await _base(request), await _keys(request)), headers=KEYS)


@router.get("/did.json", name="did-without-folder")
@public
async def did_without_folder(request: Request) -> Response:
    """For a site in a folder whose proxy takes the folder away."""
    return await did(request)


@router.get("/{folder:path}/did.json", name="did-in-folder")
@public
async def did_in_folder(request: Request, folder: str) -> Response:
    """Where did:web looks for an issuer whose base address has a path."""
    base = await _base(request, folder)
    return JSONResponse(did_document(base, await _keys(request)), headers=KEYS)


async def _base(request: Request, folder: str = "") -> str:
    """The base address, present or earlier, that was asked. Raises NotFound for a folder that is none."""
    known = await read(request, _noted)
    found = served_base(request.headers.get("host", ""), folder, all_bases(house(request).settings, known))
    if found is None:
        raise NotFound
    return found


async def _keys(request: Request) -> KeyRing:
    return await anyio.to_thread.run_sync(load_keys, house(request).settings)


def _noted(conn: Connection, _visitor: Visitor) -> tuple[str, ...]:
    return noted(conn)


def _rows(settings: Settings) -> tuple[KeyRow, ...]:
    ring, signing = load_keys(settings), set(signing_now(settings).values())
    return tuple(KeyRow(key.key_id, _words(ring, key, signing)) for key in ring.published)


def _words(ring: KeyRing, key: AnyPublicKey, signing: Set[str]) -> str:
    kind = _("Ed25519, for files.") if isinstance(key, PublicKey) else _("RSA, for tokens.")
    return f"{kind} {_standing(ring, key, signing)}"


def _standing(ring: KeyRing, key: AnyPublicKey, signing: Set[str]) -> str:
    if revoked := ring.revoked.get(key.key_id):
        return _("Revoked on {day}: nothing that it signed holds any more.", day=say_date(revoked.date()))
    return _("Signs now.") if key.key_id in signing else _("Signed before: what it signed holds.")
