"""Progress by competency: one's own, and a learner's for those who may see their record."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.competencies import progress_pages
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, signed_in
from fourweek.edge import read
from fourweek.pages import render

router = APIRouter()
TEMPLATE = "competencies/progress.html"


@router.get("/me/competencies", name="my-competencies")
@signed_in
async def mine(request: Request, page: str = "1", skills: str = "1") -> Response:
    shown = await read(request, progress_pages.my_progress, page_number(page), page_number(skills))
    return render(request, TEMPLATE, shown)


@router.get("/record/{learner_number}/competencies", name="record-competencies")
@allowed(Permission.KEEP_RECORD)
async def on_record(request: Request, learner_number: str, page: str = "1", skills: str = "1") -> Response:
    numbers = page_number(page), page_number(skills)
    return render(request, TEMPLATE, await read(request, progress_pages.progress_on_record, learner_number, *numbers))


@router.get("/staff/cohorts/{cohort_id}/enrolments/{enrolment_id}/competencies", name="place-competencies")
@allowed(Permission.RUN_COHORT)
async def in_cohort(
    request: Request, cohort_id: str, enrolment_id: str, page: str = "1", skills: str = "1"
) -> Response:
    numbers = page_number(page), page_number(skills)
    shown = await read(request, progress_pages.progress_in_cohort, cohort_id, enrolment_id, *numbers)
    return render(request, TEMPLATE, shown)
