"""The page where a learner gets dates of their own."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts.extensions import service
from courses.cohorts.extensions.forms import typed_form
from fourweek.edge import read, read_form, signed_in, write
from fourweek.errors import Invalid
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}/enrolments/{enrolment_id}")


@router.get("/extension", name="extension")
@signed_in
async def extension(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    page = await read(request, service.extension_page, cohort_id, enrolment_id)
    return render(request, "cohorts/extension.html", page)


@router.post("/extension", name="extension-send")
@signed_in
async def grant(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    typed = typed_form(await read_form(request))
    try:
        await write(request, service.grant_extension, cohort_id, enrolment_id, typed)
    except Invalid as invalid:
        page = await read(request, service.extension_page, cohort_id, enrolment_id, typed, invalid.fields)
        return render(request, "cohorts/extension.html", page, status=422)
    here = address(request, "extension", cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(request, str(here), note="The extension is granted. A mail tells the learner.")
