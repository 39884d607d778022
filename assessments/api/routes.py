"""The interface for programs, version 1. What is public may be read from any site; errors are problems (RFC 9457)."""

from functools import lru_cache
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from assessments.api import own_routes, queries, shapes
from assessments.api.answers import FOR_ALL, OWN, answers, as_json
from assessments.api.badges import ROOT, achievement_of, issuer_of
from assessments.api.checking import FILES, JSON, answer_shape, read_request, refuse_other_media
from assessments.api.description import description
from assessments.badges.issuer_addresses import noted
from assessments.badges.keys import load_keys
from assessments.badges.queries import achievement_shown
from assessments.credit.rules import Mode
from assessments.verify.routes import answered
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import by_address, public
from fourweek.edge import cookie_name, house, read
from fourweek.errors import NotFound

router = APIRouter(prefix=ROOT)

VERIFY_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "JSON that names what is to be checked, or the file itself, at most 2 MiB.",
        "content": {
            JSON: {"schema": shapes.VerifyRequest.model_json_schema()},
            **{kind: {"schema": {"type": "string", "format": "binary"}} for kind in FILES},
        },
    }
}


@router.post(
    "/verify",
    name="api-verify",
    summary="Check a badge or a document",
    responses=answers(shapes.VerifyAnswer, "One verdict, and each check", 413, 415, 422, 429, 503),
    openapi_extra=VERIFY_BODY,
)
@public
async def verify(request: Request) -> Response:
    """Says what `/verify` says. Kept is only that something was tried, and nothing is fetched from anywhere."""
    kind = request.headers.get("content-type", "")
    refuse_other_media(kind)
    data = await request.body()
    given, asked = await anyio.to_thread.run_sync(read_request, data, kind)
    return as_json(answer_shape(await answered(request, given, asked), house(request).settings), OWN)


@router.get(
    "/badges/{slug}",
    name="api-badge",
    summary="A badge",
    responses=answers(shapes.Badge, "What it says and how it stands", 404, 410),
)
@by_address
async def badge(request: Request, slug: str) -> Response:
    """The facts of a badge as its page shows them, and where its signed files are."""
    return as_json(await read(request, queries.badge, slug, house(request).settings))


@router.get(
    "/badges/{slug}/status",
    name="api-badge-status",
    summary="How a badge stands now",
    responses=answers(shapes.BadgeStatus, "Whether it holds, and since when and why it does not", 404, 410),
)
@by_address
async def badge_status(request: Request, slug: str) -> Response:
    """From the record, at this moment. Revocations are seen here at once."""
    return as_json(await read(request, queries.status, slug))


@router.get(
    "/achievements/{achievement_id}",
    name="api-achievement",
    summary="What a badge says",
    responses=answers(shapes.Achievement, "Criteria, credit and rubric", 404),
)
@public
async def achievement(request: Request, achievement_id: str) -> Response:
    """What it takes to earn a badge: criteria, credit, and the rubric with all its levels."""
    return as_json(await read(request, _achievement, achievement_id, house(request).settings))


@router.get(
    "/issuer",
    name="api-issuer",
    summary="Who issues",
    responses=answers(shapes.Issuer, "Names and keys"),
)
@public
async def issuer(request: Request) -> Response:
    """Who issues the badges, under which names, and with which keys."""
    settings = house(request).settings
    bases = await read(request, _base_urls)
    ring = await anyio.to_thread.run_sync(load_keys, settings)
    return as_json(issuer_of(settings, bases, ring))


@router.get("/openapi.json", name="api-description", include_in_schema=False)
@public
async def openapi(request: Request) -> Response:
    """The description of all this, as OpenAPI 3.1."""
    settings = house(request).settings
    said = _described(settings.institution, settings.public_url, cookie_name(settings))
    return Response(said, media_type=JSON, headers=FOR_ALL)


@lru_cache(maxsize=8)
def _described(institution: str, site: str, cookie: str) -> bytes:
    return description(router, institution=institution, site=site, cookie=cookie)


def _achievement(conn: Connection, _visitor: Visitor, achievement_id: str, settings: Any) -> shapes.Achievement:
    found = achievement_shown(conn, achievement_id, Mode(settings.ceu_rule))
    if found is None:
        raise NotFound
    return achievement_of(found, settings)


def _base_urls(conn: Connection, _visitor: Visitor) -> tuple[str, ...]:
    return noted(conn)


router.routes.extend(own_routes.router.routes)
