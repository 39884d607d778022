"""Who is behind, stuck or unseen in a cohort: a page, and the same as CSV."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.coursework import coursework
from courses.leading.pages import Chosen, lead_csv, lead_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read
from fourweek.pages import render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}")


@router.get("/progress", name="cohort-progress")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def progress(request: Request, cohort_id: str, page: str = "") -> Response:
    found = await read(
        request, lead_page, coursework(request), cohort_id, chosen=_chosen(request), number=page_number(page)
    )
    return render(request, "leading/progress.html", found)


@router.get("/progress.csv", name="cohort-progress-csv")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def progress_csv(request: Request, cohort_id: str) -> Response:
    data = await read(request, lead_csv, coursework(request), cohort_id, chosen=_chosen(request))
    headers = {
        "content-disposition": f'attachment; filename="progress-{cohort_id}.csv"',
        "cache-control": "no-store",
    }
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


def _chosen(request: Request) -> Chosen:
    asked = request.query_params
    return Chosen(asked.get("show", ""), asked.get("module", ""), asked.get("section", ""), asked.get("sort", ""))
