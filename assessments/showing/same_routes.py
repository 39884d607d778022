"""The list of files that more than one person handed in."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.showing.same_files import ADDRESS, same_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere
from fourweek.edge import read
from fourweek.pages import render

router = APIRouter()


@router.get(ADDRESS, name="same-files")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def index(request: Request, page: str = "") -> Response:
    return render(request, "showing/same.html", await read(request, same_page, page_number(page)))
