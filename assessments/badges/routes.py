"""What badges say, whoever earned them, for people and for machines."""

from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import JSONResponse, Response

from assessments.badges import queries
from assessments.badges.addresses import achievement_url, picture_url
from assessments.badges.contexts import CREDENTIALS_V2, OPEN_BADGES
from assessments.badges.document import achievement_object
from assessments.badges.issuer_addresses import all_bases, noted, served_base
from assessments.badges.negotiation import json_asked
from assessments.badges.pages import achievement_page
from assessments.badges.snapshot import AchievementShown
from assessments.credit.rules import Mode
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import public
from fourweek.edge import house, read
from fourweek.errors import NotFound
from fourweek.pages import render

router = APIRouter()

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "vary": "Accept"}


@router.get("/achievements/{achievement_id}", name="achievement")
@public
async def achievement(request: Request, achievement_id: str) -> Response:
    settings = house(request).settings
    found, known = await read(request, _achievement, achievement_id, Mode(settings.ceu_rule))
    media_type = json_asked(request.headers.get("accept", ""))
    if not media_type:
        page = achievement_page(found, settings.institution)
        return render(request, "badges/achievement.html", page, headers={"vary": "Accept, Accept-Language, Cookie"})
    base = served_base(request.headers.get("host", ""), "", all_bases(settings, known)) or settings.public_url
    facts = found.facts(achievement_url(base, found.id), picture_url(base, found.id))
    return linked_data(achievement_object(facts), media_type)


def linked_data(thing: dict[str, Any], media_type: str) -> Response:
    """A thing of a credential by itself, with the contexts that say what its words mean."""
    return JSONResponse({"@context": [CREDENTIALS_V2, OPEN_BADGES], **thing}, media_type=media_type, headers=FOR_ALL)


def _achievement(
    conn: Connection, _visitor: Visitor, achievement_id: str, ceu: Mode
) -> tuple[AchievementShown, tuple[str, ...]]:
    """The achievement, and the addresses under which it may be asked for."""
    found = queries.achievement_shown(conn, achievement_id, ceu)
    if found is None:
        raise NotFound
    return found, noted(conn)
