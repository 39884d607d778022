"""The pages of those who run cohorts."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts import service, staff
from courses.cohorts.forms import MOST_FIELDS, CohortForm, typed_form
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere, allowed_for_course
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/staff/cohorts", name="staff-cohorts")
@allowed_anywhere(Permission.RUN_COHORT)
async def cohorts(request: Request, page: str = "1") -> Response:
    return render(request, "cohorts/index.html", await read(request, staff.cohorts_page, page_number(page)))


@router.get("/staff/cohorts/new", name="cohort-new")
@allowed_for_course(Permission.RUN_COHORT)
async def new_cohort(request: Request) -> Response:
    return render(request, "cohorts/new.html", await read(request, staff.new_cohort_page))


@router.post("/staff/cohorts/new", name="cohort-new-send")
@allowed_for_course(Permission.RUN_COHORT)
async def plan_cohort(request: Request) -> Response:
    """Show the dates first; keep the cohort once those very dates were shown."""
    form = await read_form(request, max_fields=MOST_FIELDS)
    typed = typed_form(form)
    if text(form, "act") != "create" or typed.seen != typed.fingerprint():
        return await _shown(request, typed)
    try:
        cohort_id = await write(request, service.create_cohort, typed)
    except Invalid:
        return await _shown(request, typed)
    return redirect(request, address(request, "staff-cohort", cohort_id=cohort_id), note=_("The cohort is planned."))


@router.get("/staff/cohorts/{cohort_id}", name="staff-cohort")
@allowed(Permission.RUN_COHORT)
async def cohort(request: Request, cohort_id: str) -> Response:
    return render(request, "cohorts/cohort.html", await read(request, staff.staff_cohort_page, cohort_id))


async def _shown(request: Request, typed: CohortForm) -> Response:
    page = await read(request, staff.new_cohort_page, typed)
    return render(request, "cohorts/new.html", page, status=422 if page.errors else 200)
