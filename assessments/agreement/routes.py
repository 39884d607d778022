"""The addresses of the figures about grading, for leads."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.agreement.pages import agreement_page, figures_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere
from fourweek.edge import read
from fourweek.pages import render

router = APIRouter()


@router.get("/grading/agreement", name="agreement")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def index(request: Request, page: str = "") -> Response:
    return render(request, "agreement/index.html", await read(request, agreement_page, page_number(page)))


@router.get("/grading/agreement/{code}/{key}", name="agreement-of")
@allowed(Permission.REVIEW_GRADES)
async def figures(request: Request, code: str, key: str) -> Response:
    return render(request, "agreement/figures.html", await read(request, figures_page, code, key))
