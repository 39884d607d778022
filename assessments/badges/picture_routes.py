"""Pictures of what one can earn, as PNG and SVG: of an achievement, of a course as it is taught now, of a package."""

import hashlib
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.badges.pictures import badge_picture, drawn, pictured, pictured_of_course, shown
from assessments.coursework import PreparedAssignments
from courses.catalogue.drafts.queries import my_draft
from courses.catalogue.drafts.reading import readings
from fourweek.accounts.declaring import own, public
from fourweek.edge import house, read
from fourweek.errors import NotFound
from fourweek.files import CLOSED, has_it

router = APIRouter()

FOR_ALL: Final = {"access-control-allow-origin": "*", "cache-control": "public, max-age=300", "x-robots-tag": "noindex"}
FOR_AUTHORS: Final = {"cache-control": "private, no-store"}
ONLY_DRAWS: Final = {
    "content-security-policy": f"{CLOSED}; img-src data:; sandbox",
    "x-content-type-options": "nosniff",
}


@router.get("/achievements/{achievement_id}/picture.png", name="achievement-picture")
@public
async def achievement_png(request: Request, achievement_id: str) -> Response:
    found = await read(request, pictured, achievement_id)
    return _for_all(request, await shown(house(request), found), "image/png")


@router.get("/achievements/{achievement_id}/picture.svg", name="achievement-picture-svg")
@public
async def achievement_svg(request: Request, achievement_id: str) -> Response:
    found = await read(request, pictured, achievement_id)
    return _for_all(request, await shown(house(request), found, svg=True), "image/svg+xml")


@router.get("/courses/{code}/badge.png", name="course-badge")
@public
async def course_badge(request: Request, code: str) -> Response:
    found = await read(request, pictured_of_course, code)
    return _for_all(request, await shown(house(request), found), "image/png")


@router.get("/authoring/drafts/{draft_id}/badge.png", name="draft-badge")
@own
async def draft_badge(request: Request, draft_id: str) -> Response:
    draft = await read(request, my_draft, draft_id)
    work = (await readings(request).read_aside(draft.sha256)).work
    if not isinstance(work, PreparedAssignments):
        raise NotFound
    if work.badge.own:
        png = work.badge.own.png
    else:
        name = work.course.achievement.name
        png = (await drawn(badge_picture(house(request).settings, name, work.badge.icon))).png
    return Response(png, media_type="image/png", headers=FOR_AUTHORS)


def _for_all(request: Request, data: bytes, media_type: str) -> Response:
    headers = {**FOR_ALL, **ONLY_DRAWS, "etag": f'"{hashlib.sha256(data).hexdigest()}"'}
    if has_it(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=media_type, headers=headers)
