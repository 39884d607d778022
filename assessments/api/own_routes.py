"""The part of the interface about whoever asks: by a token that was made for it, or by a sign-in."""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.api import own, own_shapes, queries, shapes
from assessments.api.answers import OWN, answers, as_json, link_header
from assessments.api.badges import ROOT
from courses.paging import page_number
from fourweek.accounts.declaring import signed_in
from fourweek.edge import house, read
from fourweek.tokens.scopes import TokenScope, by_token

router = APIRouter(prefix=f"{ROOT}/me")
PAGE: Final = {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1, "default": 1}}


def _asked_for(scope: TokenScope) -> dict[str, Any]:
    """What the description says besides: the page that may be asked for, and who may."""
    return {"parameters": [PAGE], "security": [{"token": [scope.value]}, {"signIn": []}]}


@router.get(
    "/badges",
    name="api-my-badges",
    summary="One's own badges",
    responses=answers(shapes.MyBadges, "A page of them, newest first", 401, 403),
    openapi_extra=_asked_for(TokenScope.BADGES),
)
@signed_in
@by_token(TokenScope.BADGES)
async def my_badges(request: Request, page: str = "1") -> Response:
    """The badges of whoever asks. The header `Link` leads to the other pages."""
    return await _page(request, queries.mine, page)


@router.get(
    "/credit",
    name="api-my-credit",
    summary="One's own credit",
    responses=answers(own_shapes.MyCredit, "A page of its lines, newest first, and the total", 401, 403),
    openapi_extra=_asked_for(TokenScope.CREDIT),
)
@signed_in
@by_token(TokenScope.CREDIT)
async def my_credit(request: Request, page: str = "1") -> Response:
    """The lines of the ledger as a transcript shows them. A sealed transcript, and not this, is what proves them."""
    return await _page(request, own.my_credit, page)


@router.get(
    "/courses",
    name="api-my-courses",
    summary="One's own courses and dates",
    responses=answers(own_shapes.MyCourses, "A page of them, those that start last first", 401, 403),
    openapi_extra=_asked_for(TokenScope.COURSES),
)
@signed_in
@by_token(TokenScope.COURSES)
async def my_courses(request: Request, page: str = "1") -> Response:
    """Places in cohorts, each with the dates that hold for whoever asks at this moment."""
    return await _page(request, own.my_courses, page)


@router.get(
    "/cohorts",
    name="api-my-cohorts",
    summary="The cohorts that one serves",
    responses=answers(own_shapes.MyCohorts, "A page of them, those that start last first", 401, 403),
    openapi_extra=_asked_for(TokenScope.COHORTS),
)
@signed_in
@by_token(TokenScope.COHORTS)
async def my_cohorts(request: Request, page: str = "1") -> Response:
    """For graders, leads, instructors and authors; empty for everybody else. Learners are counted, not named."""
    return await _page(request, own.my_cohorts, page)


async def _page(request: Request, reading: Callable[..., Any], typed: str) -> Response:
    settings = house(request).settings
    found = await read(request, reading, page_number(typed), settings)
    return as_json(found, OWN | link_header(found, settings.public_url + request.url.path))
