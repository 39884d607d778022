"""Badges for everybody: the page of an award, its file, its picture, what it says, and who issued it."""

from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, JSONResponse, Response

from assessments.badges import queries, shown
from assessments.badges.addresses import achievement_url, issuer_profile, picture_url
from assessments.badges.contexts import CREDENTIALS_V2, OPEN_BADGES
from assessments.badges.desk import BadgeDesk
from assessments.badges.document import achievement_object, profile_object
from assessments.badges.keys import load_keys
from assessments.badges.multikey import did_document
from assessments.badges.negotiation import json_asked
from assessments.badges.pages import IssuerPage, MyBadgesPage, achievement_page
from assessments.badges.picture import BadgePicture
from assessments.badges.pictures import drawn, read_picture
from assessments.badges.snapshot import AchievementShown
from courses.paging import page_number, pager, query
from fourweek.accounts.access import Visitor
from fourweek.edge import cookie, house, public, read, signed_in
from fourweek.errors import NotFound
from fourweek.pages import render, render_for_guests
from fourweek.storage.aside import read_aside

router = APIRouter()

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "vary": "Accept"}
UNLISTED: Final = {"x-robots-tag": "noindex", "cache-control": "no-cache", "vary": "Accept, Cookie"}
PICTURE: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "x-robots-tag": "noindex"}


@router.get("/badges", name="my-badges")
@signed_in
async def my_badges(request: Request, page: str = "1") -> Response:
    number = page_number(page)
    badges, total = await read(request, shown.my_badges, number)
    return render(request, "badges/mine.html", MyBadgesPage(badges, pager(number, total, lambda n: query(page=n))))


@router.get("/badges/{slug}", name="badge")
@public
async def badge(request: Request) -> Response:
    slug: str = request.path_params["slug"]  # as it is: the framework's parameters would cost as much as the answer
    media_type = json_asked(request.headers.get("accept", ""))
    if media_type:
        found = await read(request, shown.signed_record, slug)
        return Response(found.document, media_type=media_type, headers=FOR_ALL)
    return await (_page(request, slug) if cookie(request) else _page_for_guests(request, slug))


async def _page_for_guests(request: Request, slug: str) -> Response:
    """The same bytes for every guest, kept; the desk says whether they may still be shown."""
    state = await desk(request).standing(slug)
    kept = await desk(request).kept(slug, state)
    if not kept.html:
        kept.html = render_for_guests(request, "badges/badge.html", kept.page)
    return HTMLResponse(kept.html, headers=UNLISTED)


async def _page(request: Request, slug: str) -> Response:
    state = shown.standing(await read(request, shown.state, slug))
    kept = await desk(request).kept(slug, state)
    return render(request, "badges/badge.html", kept.page, headers=UNLISTED)


@router.get("/badges/{slug}/credential.json", name="badge-file")
@public
async def credential(request: Request, slug: str) -> Response:
    found = await read(request, shown.signed_record, slug)
    headers = FOR_ALL | {"content-disposition": 'attachment; filename="badge.json"', "x-robots-tag": "noindex"}
    return Response(found.document, media_type="application/ld+json", headers=headers)


@router.get("/badges/{slug}/badge.png", name="badge-picture")
@public
async def badge_picture(request: Request, slug: str) -> Response:
    found = await read(request, shown.signed_record, slug)
    data = await read_aside(read_picture, house(request).store, found.picture_sha256)
    return Response(data, media_type="image/png", headers=PICTURE)


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


def desk(request: Request) -> BadgeDesk:
    """The process's desk, made at the first request for a badge."""
    state = request.app.state
    if not hasattr(state, "badge_desk"):
        state.badge_desk = BadgeDesk(house(request))
    found: BadgeDesk = state.badge_desk
    return found


def _linked_data(thing: dict[str, Any], media_type: str) -> Response:
    return JSONResponse({"@context": [CREDENTIALS_V2, OPEN_BADGES], **thing}, media_type=media_type, headers=FOR_ALL)


def _achievement(conn: Connection, _visitor: Visitor, achievement_id: str) -> AchievementShown:
    found = queries.achievement_shown(conn, achievement_id)
    if found is None:
        raise NotFound
    return found
