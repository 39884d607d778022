"""The registrar's pages."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.record import pages
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read
from fourweek.pages import render

router = APIRouter()
MOST_TYPED = 100


@router.get("/record", name="record-search")
@allowed(Permission.KEEP_RECORD)
async def search(request: Request, q: str = "", page: str = "1") -> Response:
    found = await read(request, pages.search_page, q.strip()[:MOST_TYPED], page_number(page))
    return render(request, "record/search.html", found, block="found")


@router.get("/record/{learner_number}", name="record")
@allowed(Permission.KEEP_RECORD)
async def record(request: Request, learner_number: str, page: str = "1", entries: str = "1") -> Response:
    numbers = (page_number(page), page_number(entries))
    found = await read(request, pages.learner_page, learner_number, house(request).settings, numbers)
    return render(request, "record/learner.html", found)
