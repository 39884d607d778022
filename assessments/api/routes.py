"""The interface for programs, version 1. What is public may be read from any site; errors are problems (RFC 9457)."""

from functools import lru_cache
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from assessments.api import queries, shapes
from assessments.api.badges import ROOT, achievement_of, issuer_of
from assessments.api.checking import FILES, JSON, answer_shape, read_request, refuse_other_media
from assessments.api.description import description
from assessments.badges.issuer_addresses import noted
from assessments.badges.keys import load_keys
from assessments.badges.queries import achievement_shown
from assessments.credit.rules import Mode
from assessments.verify.routes import answered
from courses.paging import page_number
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import by_address, public, signed_in
from fourweek.edge import cookie_name, house, read
from fourweek.errors import NotFound

router = APIRouter(prefix=ROOT)

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "no-cache", "x-robots-tag": "noindex"}
OWN: Final = {"cache-control": "no-store", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}


def _answers(shape: type[BaseModel], said: str, *problems: int) -> dict[int | str, dict[str, Any]]:
    content: dict[int | str, dict[str, Any]] = {200: {"model": shape, "description": said}}
    words = {401: "Not signed in", 404: "Not there", 410: "Withdrawn, or its page was taken down"}
    words |= {413: "Too large", 415: "Of a kind that is not taken", 422: "Nothing that can be checked"}
    words |= {429: "Too many checks from this network address; `Retry-After` says when to go on", 503: "Busy"}
    return content | {status: {"model": shapes.Problem, "description": words[status]} for status in problems}


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
    responses=_answers(shapes.VerifyAnswer, "One verdict, and each check", 413, 415, 422, 429, 503),
    openapi_extra=VERIFY_BODY,
)
@public
async def verify(request: Request) -> Response:
    """Says what `/verify` says. Kept is only that something was tried, and nothing is fetched from anywhere."""
    kind = request.headers.get("content-type", "")
    refuse_other_media(kind)
    data = await request.body()
    given, asked = await anyio.to_thread.run_sync(read_request, data, kind)
    return _json(answer_shape(await answered(request, given, asked), house(request).settings), OWN)


@router.get(
    "/badges/{slug}",
    name="api-badge",
    summary="A badge",
    responses=_answers(shapes.Badge, "What it says and how it stands", 404, 410),
)
@by_address
async def badge(request: Request, slug: str) -> Response:
    """The facts of a badge as its page shows them, and where its signed files are."""
    return _json(await read(request, queries.badge, slug, house(request).settings))


@router.get(
    "/badges/{slug}/status",
    name="api-badge-status",
    summary="How a badge stands now",
    responses=_answers(shapes.BadgeStatus, "Whether it holds, and since when and why it does not", 404, 410),
)
@by_address
async def badge_status(request: Request, slug: str) -> Response:
    """From the record, at this moment. Revocations are seen here at once."""
    return _json(await read(request, queries.status, slug))


@router.get(
    "/achievements/{achievement_id}",
    name="api-achievement",
    summary="What a badge says",
    responses=_answers(shapes.Achievement, "Criteria, credit and rubric", 404),
)
@public
async def achievement(request: Request, achievement_id: str) -> Response:
    """What it takes to earn a badge: criteria, credit, and the rubric with all its levels."""
    return _json(await read(request, _achievement, achievement_id, house(request).settings))


@router.get(
    "/issuer",
    name="api-issuer",
    summary="Who issues",
    responses=_answers(shapes.Issuer, "Names and keys"),
)
@public
async def issuer(request: Request) -> Response:
    """Who issues the badges, under which names, and with which keys."""
    settings = house(request).settings
    bases = await read(request, _base_urls)
    ring = await anyio.to_thread.run_sync(load_keys, settings)
    return _json(issuer_of(settings, bases, ring))


@router.get(
    "/me/badges",
    name="api-my-badges",
    summary="One's own badges",
    responses=_answers(shapes.MyBadges, "A page of them, newest first", 401),
    openapi_extra={
        "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}}],
        "security": [{"signIn": []}],
    },
)
@signed_in
async def my_badges(request: Request, page: str = "1") -> Response:
    """The badges of whoever is signed in. The header `Link` leads to the other pages."""
    found = await read(request, queries.mine, page_number(page), house(request).settings)
    return _json(found, OWN | link_header(found, house(request).settings.public_url))


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


def _json(shape: BaseModel, headers: dict[str, str] = FOR_ALL) -> Response:
    return Response(shape.model_dump_json(), media_type=JSON, headers=headers)


def link_header(found: shapes.MyBadges, site: str) -> dict[str, str]:
    """RFC 8288: the pages there are around this one."""
    last = max(1, -(-found.total // found.per_page))
    pages = {"first": 1, "prev": found.page - 1, "next": found.page + 1, "last": last}
    there = {name: number for name, number in pages.items() if 1 <= number <= last}
    links = [f'<{site}{ROOT}/me/badges?page={number}>; rel="{name}"' for name, number in there.items()]
    return {"link": ", ".join(links)}


def _achievement(conn: Connection, _visitor: Visitor, achievement_id: str, settings: Any) -> shapes.Achievement:
    found = achievement_shown(conn, achievement_id, Mode(settings.ceu_rule))
    if found is None:
        raise NotFound
    return achievement_of(found, settings)


def _base_urls(conn: Connection, _visitor: Visitor) -> tuple[str, ...]:
    return noted(conn)
