"""The page where a cohort is planned like another one."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts.clone import service
from courses.cohorts.clone.forms import typed_form
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_for_course
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/staff/cohorts/{cohort_id}/clone", name="cohort-clone")
@allowed_for_course(Permission.RUN_COHORT)
async def clone(request: Request, cohort_id: str) -> Response:
    return render(request, "cohorts/clone.html", await read(request, service.clone_page, cohort_id))


@router.post("/staff/cohorts/{cohort_id}/clone", name="cohort-clone-send")
@allowed_for_course(Permission.RUN_COHORT)
async def plan_clone(request: Request, cohort_id: str) -> Response:
    """Show first what the new cohort will have; keep it once that very thing was shown."""
    form = await read_form(request)
    typed = typed_form(form)
    made: str | None = None
    if text(form, "act") == "create":
        try:
            made = await write(request, service.clone_cohort, cohort_id, typed)
        except Invalid:
            made = None
    if made is None:
        page = await read(request, service.clone_page, cohort_id, typed)
        return render(request, "cohorts/clone.html", page, status=422 if page.errors else 200)
    return redirect(request, address(request, "staff-cohort", cohort_id=made), note=_("The cohort is planned."))
