"""The pages of grading terms and of the institution's holidays."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.terms import holidays
from assessments.terms.forms import typed_form
from assessments.terms.service import TermsMoved, keep_terms, terms_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere, allowed_everywhere
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.pages import address, redirect, render

router = APIRouter()
TERMS, HOLIDAYS = "terms/terms.html", "terms/holidays.html"


@router.get("/staff/cohorts/{cohort_id}/grading", name="grading-terms")
@allowed(Permission.RUN_COHORT)
async def terms(request: Request, cohort_id: str) -> Response:
    return render(request, TERMS, await read(request, terms_page, cohort_id))


@router.post("/staff/cohorts/{cohort_id}/grading", name="grading-terms-send")
@allowed(Permission.RUN_COHORT)
async def keep(request: Request, cohort_id: str) -> Response:
    typed = typed_form(await read_form(request))
    try:
        earlier = await write(request, keep_terms, cohort_id, typed)
    except (Invalid, TermsMoved) as error:
        wrong = error.fields if isinstance(error, Invalid) else None
        page = await read(request, terms_page, cohort_id, typed, wrong)
        return render(request, TERMS, page, status=error.status)
    note = (
        n_(
            "The terms are kept. {count} decision is promised earlier than before.",
            "The terms are kept. {count} decisions are promised earlier than before.",
            earlier,
        )
        if earlier
        else _("The terms are kept.")
    )
    return redirect(request, address(request, "grading-terms", cohort_id=cohort_id), note=note)


@router.get("/staff/holidays", name="holidays")
@allowed_anywhere(Permission.RUN_COHORT)
async def listing(request: Request, page: str = "1") -> Response:
    return render(request, HOLIDAYS, await read(request, holidays.holidays_page, page_number(page)))


@router.post("/staff/holidays", name="holidays-add")
@allowed_everywhere(Permission.RUN_COHORT)
async def add(request: Request) -> Response:
    typed = text(await read_form(request), "days")
    try:
        added = await write(request, holidays.add_holidays, typed)
    except Invalid as error:
        page = await read(request, holidays.holidays_page, 1, typed, error.fields["days"])
        return render(request, HOLIDAYS, page, status=422)
    note = n_("{count} day is added.", "{count} days are added.", added) if added else _("These are holidays already.")
    return redirect(request, address(request, "holidays"), note=note)


@router.post("/staff/holidays/remove", name="holidays-remove")
@allowed_everywhere(Permission.RUN_COHORT)
async def remove(request: Request) -> Response:
    await write(request, holidays.remove_holiday, text(await read_form(request), "day"))
    return redirect(request, address(request, "holidays"), note=_("Removed. Promises made before stay as they are."))
