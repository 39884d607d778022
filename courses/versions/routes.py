"""The page on which a cohort moves to a newer version of its course."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.coursework import coursework
from courses.paging import page_number
from courses.versions import queries, service
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}/version")


@router.get("", name="cohort-version")
@allowed(Permission.RUN_COHORT)
async def version(request: Request, cohort_id: str, to: str = "", page: str = "1") -> Response:
    shown = await read(request, queries.version_page, cohort_id, coursework(request), to, page_number(page))
    return render(request, "versions/version.html", shown)


@router.post("", name="cohort-version-send")
@allowed(Permission.RUN_COHORT)
async def move(request: Request, cohort_id: str) -> Response:
    form = await read_form(request)
    seen, to, confirmed = text(form, "seen"), text(form, "to"), text(form, "confirmed") == "1"
    try:
        number = await write(
            request, service.move_cohort, cohort_id, seen, to, coursework(request), confirmed=confirmed
        )
    except Invalid as invalid:
        error = invalid.fields["confirmed"]
        shown = await read(request, queries.version_page, cohort_id, coursework(request), to, error=error)
        return render(request, "versions/version.html", shown, status=422)
    here = address(request, "staff-cohort", cohort_id=cohort_id)
    return redirect(request, here, note=_("The cohort is on version {number} now.", number=number))
