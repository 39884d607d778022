"""The table of everybody's dates, as a page and for spreadsheets."""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts.grid import queries
from courses.cohorts.grid.table import grid_csv
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read
from fourweek.pages import render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}")


@router.get("/dates", name="cohort-dates")
@allowed(Permission.RUN_COHORT)
async def dates(
    request: Request, cohort_id: str, q: str = "", section: str = "", differs: str = "", page: str = "1"
) -> Response:
    chosen = (q, section, bool(differs))
    shown = await read(request, queries.grid_page, cohort_id, chosen, page_number(page))
    return render(request, "cohorts/grid.html", shown)


@router.get("/dates.csv", name="cohort-dates-csv")
@allowed(Permission.RUN_COHORT)
async def dates_csv(request: Request, cohort_id: str, q: str = "", section: str = "", differs: str = "") -> Response:
    titles, learners = await read(request, queries.grid_table, cohort_id, (q, section, bool(differs)))
    data = await anyio.to_thread.run_sync(grid_csv, titles, learners)
    headers = {"content-disposition": f'attachment; filename="dates-{cohort_id}.csv"', "cache-control": "no-store"}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)
