"""The pages of `courses.viewing` that show evidence. Nothing here writes."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.evidence.viewing import assignment_as, evidence_as
from courses.viewing.routes import note
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_in_section
from fourweek.edge import read
from fourweek.files import SAVED_ONLY, file_response
from fourweek.pages import render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}/as/{enrolment_id}/{at}")


@router.get("/modules/{n}/assignments/{key}", name="view-assignment")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def assignment(request: Request, cohort_id: str, enrolment_id: str, at: str, n: int, key: str) -> Response:
    page = await read(request, assignment_as, (cohort_id, enrolment_id, at), n, key)
    note(request, cohort_id, enrolment_id, at)
    return render(request, "viewing/assignment.html", page)


@router.get("/evidence/{evidence_id}", name="view-evidence")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def evidence(request: Request, cohort_id: str, enrolment_id: str, at: str, evidence_id: str) -> Response:
    found = await read(request, evidence_as, (cohort_id, enrolment_id, at), evidence_id)
    note(request, cohort_id, enrolment_id, at)
    return await file_response(request, found, SAVED_ONLY)
