"""The addresses from which those who lead take ratings, decisions, appeals and evidence away."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from assessments.exports.access import Exported
from assessments.exports.evidence import evidence_zip
from assessments.exports.pages import begin_export, cohorts_page, export_page
from assessments.exports.queries import Wanted
from assessments.exports.streams import as_csv, as_json
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere
from fourweek.edge import house, read, read_form, text, write
from fourweek.files import disposition
from fourweek.pages import render

router = APIRouter()
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "zip": "application/zip"}


@router.get("/grading/exports", name="exports")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def index(request: Request, page: str = "") -> Response:
    return render(request, "exports/index.html", await read(request, cohorts_page, page_number(page)))


@router.get("/grading/exports/{cohort_id}", name="exports-of")
@allowed(Permission.REVIEW_GRADES)
async def show(request: Request, cohort_id: str, assignment: str = "") -> Response:
    return render(request, "exports/cohort.html", await read(request, export_page, cohort_id, assignment))


@router.post("/grading/exports/{cohort_id}", name="export")
@allowed(Permission.REVIEW_GRADES)
async def export(request: Request, cohort_id: str) -> Response:
    """A file, sent while it is read. An act, and so a POST: who took what away is kept."""
    form = await read_form(request)
    what, assignment = text(form, "what"), text(form, "assignment")
    cohort, visitor = await write(request, begin_export, cohort_id, what, assignment)
    wanted = Wanted(cohort_id, visitor.me.id, assignment, visitor.now.school)
    kind, _dot, ending = what.partition(".")
    name = f"{kind}-{cohort.code}{f'-{assignment}' if assignment else ''}-{wanted.now.date()}.{ending}"
    headers = {"content-disposition": disposition(name, shown=False), "cache-control": "private, no-store"}
    pieces = _pieces(request, kind, ending, wanted, cohort)
    return StreamingResponse(pieces, media_type=MEDIA_TYPES[ending], headers=headers)


def _pieces(request: Request, kind: str, ending: str, wanted: Wanted, cohort: Exported) -> AsyncIterator[bytes]:
    ours = house(request)
    if ending == "zip":
        return evidence_zip(ours, wanted, cohort)
    return as_csv(ours.db, kind, wanted) if ending == "csv" else as_json(ours.db, kind, wanted, cohort)
