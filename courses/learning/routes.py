"""Reading: home, a cohort's overview, modules, lessons, files and search."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.coursework import coursework
from courses.learning.files import released_file
from courses.learning.home_page import home_page
from courses.learning.lesson_page import lesson_page, set_mark, set_place
from courses.learning.module_page import locked_page, module_facts, module_page, module_parts
from courses.learning.overview_page import overview_page
from courses.learning.search_page import search_page
from courses.paging import page_number
from fourweek.accounts.declaring import enrolled, member, signed_in
from fourweek.edge import read, read_form, text, write
from fourweek.files import FOR_READERS, file_response
from fourweek.pages import from_htmx, pages, redirect, render

router = APIRouter()
READ = ["GET", "HEAD"]


@router.api_route("/home", methods=READ, name="home")
@signed_in
async def home(request: Request, page: str = "", asked: str = "") -> Response:
    found = await read(request, home_page, coursework(request), page_number(page), page_number(asked))
    return render(request, "learning/home.html", found)


@router.api_route("/cohorts/{cohort_id}", methods=READ, name="cohort")
@member
async def overview(request: Request, cohort_id: str) -> Response:
    page = await read(request, overview_page, coursework(request), cohort_id)
    return render(request, "learning/overview.html", page)


@router.api_route("/cohorts/{cohort_id}/search", methods=READ, name="search")
@member
async def search(request: Request, cohort_id: str, q: str = "", page: str = "") -> Response:
    found = await read(request, search_page, cohort_id, q, page_number(page))
    return render(request, "learning/search.html", found)


@router.api_route("/cohorts/{cohort_id}/modules/{n}", methods=READ, name="module")
@member
async def module(request: Request, cohort_id: str, n: int) -> Response:
    facts = await read(request, module_facts, coursework(request), cohort_id, n)
    if not facts.is_open:
        return render(request, "learning/locked.html", locked_page(facts))
    parts = module_parts(pages(request).env, facts)
    return render(request, "learning/module.html", module_page(facts, parts))


@router.api_route("/cohorts/{cohort_id}/modules/{n}/lessons/{slug}", methods=READ, name="lesson")
@member
async def lesson(request: Request, cohort_id: str, n: int, slug: str) -> Response:
    return render(request, "learning/lesson.html", await read(request, lesson_page, cohort_id, n, slug))


@router.post("/cohorts/{cohort_id}/modules/{n}/lessons/{slug}/read", name="lesson-read")
@enrolled
async def mark(request: Request, cohort_id: str, n: int, slug: str) -> Response:
    form = await read_form(request)
    page = await write(request, set_mark, cohort_id, n, slug, is_read=text(form, "read") != "0")
    if from_htmx(request):
        return render(request, "learning/lesson.html", page, block="mark")
    return redirect(request, f"/cohorts/{cohort_id}/modules/{n}/lessons/{slug}#mark")


@router.post("/cohorts/{cohort_id}/modules/{n}/lessons/{slug}/place", name="lesson-place")
@enrolled
async def keep_place(request: Request, cohort_id: str, n: int, slug: str) -> Response:
    """How far the lesson was read, told by the page's script as it goes."""
    form = await read_form(request)
    await write(request, set_place, cohort_id, n, slug, text(form, "heading"))
    return Response(status_code=204)


@router.api_route("/cohorts/{cohort_id}/modules/{n}/files/{path:path}", methods=READ, name="module-file")
@member
async def file(request: Request, cohort_id: str, n: int, path: str) -> Response:
    found = await read(request, released_file, cohort_id, n, path)
    return await file_response(request, found, FOR_READERS)
