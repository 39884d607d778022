"""What badges say, whoever earned them, and who issues them, for people and for machines."""

from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from assessments.badges import queries
from assessments.badges.addresses import achievement_url, issuer_profile, picture_url
from assessments.badges.contexts import CREDENTIALS_V2, OPEN_BADGES
from assessments.badges.document import achievement_object, profile_object
from assessments.badges.keys import load_keys
from assessments.badges.multikey import did_document
from assessments.badges.negotiation import json_asked
from assessments.badges.pages import IssuerPage, achievement_page
from assessments.badges.picture import BadgePicture
from assessments.badges.pictures import drawn
from assessments.badges.snapshot import AchievementShown
from fourweek.accounts.access import Visitor
from fourweek.edge import house, public, read
from fourweek.errors import NotFound
from fourweek.pages import render

router = APIRouter()

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "vary": "Accept"}
PICTURE: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "x-robots-tag": "noindex"}


@router.get("/achievements/{achievement_id}", name="achievement")
@public
async def achievement(request: Request, achievement_id: str) -> Response:
    found, settings = await read(request, _achievement, achievement_id), house(request).settings
    media_type = json_asked(request.headers.get("accept", ""))
    if not media_type:
        page = achievement_page(found, settings.institution)
        return render(request, "badges/achievement.html", page, headers={"vary": "Accept, Cookie"})
    facts = found.facts(achievement_url(settings.public_url, found.id), picture_url(settings.public_url, found.id))
    return _linked_data(achievement_object(facts), media_type)


@router.get("/achievements/{achievement_id}/picture.png", name="achievement-picture")
@public
async def achievement_picture(request: Request, achievement_id: str) -> Response:
    found, settings = await read(request, _achievement, achievement_id), house(request).settings
    picture = BadgePicture(title=found.name, institution=settings.institution, colour=settings.institution_colour)
    return Response(await drawn(picture), media_type="image/png", headers=PICTURE)


@router.get("/issuer", name="issuer")
@public
async def issuer(request: Request) -> Response:
    settings = house(request).settings
    profile = issuer_profile(settings)
    media_type = json_asked(request.headers.get("accept", ""))
    if media_type:
        return _linked_data(profile_object(profile), media_type)
    ring = await anyio.to_thread.run_sync(load_keys, settings)
    keys = tuple(key.multibase for key in ring.public)
    page = IssuerPage(profile.name, profile.description, profile.email, profile.url, profile.id, keys)
    return render(request, "badges/issuer.html", page, headers={"vary": "Accept, Cookie"})


@router.get("/.well-known/did.json", name="did")
@public
async def did(request: Request) -> Response:
    settings = house(request).settings
    ring = await anyio.to_thread.run_sync(load_keys, settings)
    return JSONResponse(did_document(settings.public_url, ring.public), headers=FOR_ALL)


def _linked_data(thing: dict[str, Any], media_type: str) -> Response:
    return JSONResponse({"@context": [CREDENTIALS_V2, OPEN_BADGES], **thing}, media_type=media_type, headers=FOR_ALL)


def _achievement(conn: Connection, _visitor: Visitor, achievement_id: str) -> AchievementShown:
    found = queries.achievement_shown(conn, achievement_id)
    if found is None:
        raise NotFound
    return found
