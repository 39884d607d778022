"""Giving work to graders, the graders of a cohort, and stating a conflict."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.allocation import giving, service
from assessments.allocation.people import people_page
from courses.paging import page_number, query
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere, allowed_in_part, allowed_in_section
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()
GIVING, PEOPLE = "allocation/giving.html", "allocation/people.html"
GRADERS = "/staff/cohorts/{cohort_id}/graders"


@router.get("/grading/allocation", name="allocation")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def work(request: Request, cohort: str = "", held_by: str = "", page: str = "1") -> Response:
    return render(request, GIVING, await read(request, giving.giving_page, cohort, held_by, page_number(page)))


@router.post("/grading/allocation", name="allocation-give")
@allowed_in_part(Permission.REVIEW_GRADES)
async def give(request: Request) -> Response:
    form = await read_form(request)
    cohort, held_by, number = text(form, "cohort"), text(form, "held_by"), page_number(text(form, "page"))
    ticked, grader = [one for one in form.getlist("submission") if isinstance(one, str)], text(form, "grader")
    try:
        if text(form, "act") == "take-back":
            words = (await write(request, giving.take_back, cohort, ticked)).taken_back
        else:
            words = (await write(request, giving.give, cohort, ticked, grader)).given
    except Invalid as error:
        page = await read(request, giving.giving_page, cohort, held_by, number)
        page = replace(page, error=" ".join(error.fields.values()), grader=grader, ticked=frozenset(ticked))
        return render(request, GIVING, page, status=422)
    here = address(request, "allocation") + query(cohort=cohort, held_by=held_by, page=number)
    return redirect(request, here, note=words)


@router.get(GRADERS, name="cohort-graders")
@allowed(Permission.RUN_COHORT)
async def people(request: Request, cohort_id: str, page: str = "1") -> Response:
    return render(request, PEOPLE, await read(request, people_page, cohort_id, page_number(page)))


@router.post(GRADERS + "/sections", name="section-graders")
@allowed(Permission.RUN_COHORT)
async def sections(request: Request, cohort_id: str) -> Response:
    form = await read_form(request)
    typed = {name: text(form, name) for name in ("section", "section_grader")}
    chosen = typed["section"], typed["section_grader"]
    if text(form, "act") == "remove":
        await write(request, service.remove_section_grader, cohort_id, *chosen)
        return _back(request, cohort_id, _("Taken off the section. What they were given stays theirs."))
    try:
        await write(request, service.add_section_grader, cohort_id, *chosen)
    except Invalid as error:
        return await _again(request, cohort_id, typed, error)
    return _back(request, cohort_id, _("They grade this section now."))


@router.post(GRADERS + "/conflicts", name="conflicts")
@allowed(Permission.RUN_COHORT)
async def keep_apart(request: Request, cohort_id: str) -> Response:
    form = await read_form(request)
    typed = {name: text(form, name).strip() for name in ("grader", "person", "reason")}
    try:
        await write(request, service.keep_apart, cohort_id, typed["grader"], typed["person"], typed["reason"])
    except Invalid as error:
        return await _again(request, cohort_id, typed, error)
    return _back(request, cohort_id, _("Kept. Their work goes to other graders."))


@router.post(GRADERS + "/conflicts/end", name="conflict-end")
@allowed(Permission.RUN_COHORT)
async def end(request: Request, cohort_id: str) -> Response:
    form = await read_form(request)
    await write(request, service.end_conflict, cohort_id, text(form, "conflict"))
    return _back(request, cohort_id, _("Ended. They may judge this learner's work again."))


@router.post("/grading/{submission_id}/conflict", name="grading-conflict")
@allowed_in_section(Permission.GRADE)
async def own_conflict(request: Request, submission_id: str) -> Response:
    reason = text(await read_form(request), "reason").strip()
    await write(request, service.state_own, submission_id, reason)
    return redirect(request, address(request, "grading"), note=_("Noted. This learner's work goes to other graders."))


async def _again(request: Request, cohort_id: str, typed: dict[str, str], error: Invalid) -> Response:
    page = await read(request, people_page, cohort_id, 1, typed, error.fields)
    return render(request, PEOPLE, page, status=422)


def _back(request: Request, cohort_id: str, note: str) -> Response:
    return redirect(request, address(request, "cohort-graders", cohort_id=cohort_id), note=note)
