"""Looking behind a pseudonym, and the list of who did."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.identity.listing import ADDRESS, reveals_page
from assessments.identity.revealing import reveal, whose_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, allowed_in_section
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.pages import address, redirect, render

router = APIRouter()
WHOSE = "/grading/{submission_id}/whose"


@router.get(WHOSE, name="grading-whose")
@allowed_in_section(Permission.REVIEW_GRADES)
async def whose(request: Request, submission_id: str) -> Response:
    return render(request, "identity/whose.html", await read(request, whose_page, submission_id))


@router.post(WHOSE, name="grading-reveal")
@allowed_in_section(Permission.REVIEW_GRADES)
async def show(request: Request, submission_id: str) -> Response:
    reason = text(await read_form(request), "reason")
    try:
        await write(request, reveal, submission_id, reason)
    except Invalid as error:
        page = await read(request, whose_page, submission_id)
        again = replace(page, reason=reason, error=error.fields["reason"])
        return render(request, "identity/whose.html", again, status=error.status)
    return redirect(request, address(request, "grading-whose", submission_id=submission_id))


@router.get(ADDRESS, name="reveals")
@allowed_anywhere(Permission.REVIEW_GRADES, Permission.KEEP_RECORD)
async def index(request: Request, page: str = "") -> Response:
    return render(request, "identity/reveals.html", await read(request, reveals_page, page_number(page)))
