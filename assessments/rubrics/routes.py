"""The pages of authors about rubrics: the library, and the versions of one."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.rubrics import library, versions
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere
from fourweek.edge import read
from fourweek.pages import render

router = APIRouter()
MOST_TYPED = 100


@router.get("/authoring/rubrics", name="rubrics")
@allowed_anywhere(Permission.PUBLISH_COURSE)
async def rubrics(request: Request, q: str = "", page: str = "1") -> Response:
    found = await read(request, library.library_page, q.strip()[:MOST_TYPED], page_number(page))
    return render(request, "rubrics/library.html", found, block="found")


@router.get("/authoring/courses/{code}/rubrics/{key}", name="rubric")
@allowed(Permission.PUBLISH_COURSE)
async def rubric(request: Request, code: str, key: str, page: str = "1") -> Response:
    return render(
        request, "rubrics/rubric.html", await read(request, versions.rubric_page, code, key, page_number(page))
    )


@router.get("/authoring/courses/{code}/rubrics/{key}/rubric.toml", name="rubric-toml")
@allowed(Permission.PUBLISH_COURSE)
async def rubric_toml(request: Request, code: str, key: str) -> Response:
    text = await read(request, versions.rubric_toml, code, key)
    headers = {
        "content-disposition": f'attachment; filename="rubric-{key}.toml"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    return Response(text, media_type="application/toml; charset=utf-8", headers=headers)
