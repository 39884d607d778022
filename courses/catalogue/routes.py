"""The public pages of the catalogue."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.catalogue import queries
from courses.catalogue.filters import read_filters
from courses.catalogue.listing import catalogue_page
from courses.coursework import coursework
from courses.paging import page_number
from fourweek.accounts.declaring import public
from fourweek.edge import read
from fourweek.files import FOR_ALL, file_response
from fourweek.pages import address, from_htmx, redirect, render

router = APIRouter()


@router.get("/courses", name="courses")
@public
async def catalogue(request: Request, page: str = "1") -> Response:
    filters = read_filters(request.query_params)
    if filters.errors and from_htmx(request):  # what is wrong stands beside its field: in the page, not in a part of it
        return redirect(request, address(request, "courses") + filters.address())
    found = await read(request, catalogue_page, filters, page_number(page))
    return render(request, "catalogue/courses.html", found, status=422 if filters.errors else 200, block="found")


@router.get("/courses/{code}", name="course")
@public
async def course(request: Request, code: str, cohorts: str = "1") -> Response:
    page = await read(request, queries.course_page, code, coursework(request), page_number(cohorts))
    return render(request, "catalogue/course.html", page)


@router.api_route("/courses/{code}/files/{path:path}", methods=["GET", "HEAD"], name="course-file")
@public
async def course_file(request: Request, code: str, path: str) -> Response:
    return await file_response(request, await read(request, queries.public_file, code, path), FOR_ALL)
