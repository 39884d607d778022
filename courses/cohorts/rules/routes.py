"""The page where the rules of a cohort are changed."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.cohorts.forms import MOST_FIELDS, CohortForm, typed_form
from courses.cohorts.rules import service
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/staff/cohorts/{cohort_id}/rules", name="cohort-rules")
@allowed(Permission.RUN_COHORT)
async def rules(request: Request, cohort_id: str) -> Response:
    return render(request, "cohorts/rules.html", await read(request, service.rules_page, cohort_id))


@router.post("/staff/cohorts/{cohort_id}/rules", name="cohort-rules-send")
@allowed(Permission.RUN_COHORT)
async def change(request: Request, cohort_id: str) -> Response:
    """Show first what moves; keep the rules once that very thing was shown."""
    form = await read_form(request, max_fields=MOST_FIELDS)
    typed = typed_form(form)
    if typed.more:
        return render(request, "cohorts/rules.html", await read(request, service.rules_page, cohort_id, typed))
    if text(form, "act") != "save":
        return await _shown(request, cohort_id, typed)
    try:
        kept = await write(request, service.change_rules, cohort_id, typed)
    except Invalid:
        kept = None
    if kept is None:
        return await _shown(request, cohort_id, typed)
    return redirect(request, address(request, "staff-cohort", cohort_id=cohort_id), note=kept.words)


async def _shown(request: Request, cohort_id: str, typed: CohortForm) -> Response:
    page = await read(request, service.rules_page, cohort_id, typed, preview=True)
    return render(request, "cohorts/rules.html", page, status=422 if page.errors else 200)
