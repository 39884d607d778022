"""The registrar's pages about people's data: copies asked for by letter, and wishes to be erased."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.erasure.service import ask_for, decide
from assessments.personal import office_pages as pages
from assessments.personal.routes import sent
from assessments.personal.service import begin_copy_for
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/record/{learner_number}/data", name="record-data")
@allowed(Permission.KEEP_RECORD)
async def person(request: Request, learner_number: str) -> Response:
    found = await read(request, pages.person_page, learner_number)
    return render(request, "personal/person.html", found)


@router.post("/record/{learner_number}/data/copy", name="record-copy")
@allowed(Permission.KEEP_RECORD)
async def copy(request: Request, learner_number: str) -> Response:
    form = await read_form(request)
    reason = text(form, "reason")
    try:
        wanted = await write(request, begin_copy_for, learner_number, reason, house(request).settings)
    except Invalid as error:
        found = await read(request, pages.person_page, learner_number)
        again = replace(found, reason=reason, errors=error.fields)
        return render(request, "personal/person.html", again, status=error.status)
    return sent(request, wanted)


@router.post("/record/{learner_number}/data/erase", name="record-erase")
@allowed(Permission.KEEP_RECORD)
async def enter(request: Request, learner_number: str) -> Response:
    form = await read_form(request)
    why = text(form, "why")
    try:
        request_id = await write(request, ask_for, learner_number, why)
    except Invalid as error:
        found = await read(request, pages.person_page, learner_number)
        again = replace(found, why=why, errors=error.fields)
        return render(request, "personal/person.html", again, status=error.status)
    to = address(request, "erasure", request_id=request_id)
    return redirect(request, to, note=_("It is entered. Another registrar decides."))


@router.get("/erasures", name="erasures")
@allowed(Permission.KEEP_RECORD)
async def wishes(request: Request, show: str = "", page: str = "1") -> Response:
    found = await read(request, pages.wishes_page, show, page_number(page), house(request).settings)
    return render(request, "personal/wishes.html", found)


@router.get("/erasures/{request_id}", name="erasure")
@allowed(Permission.KEEP_RECORD)
async def wish(request: Request, request_id: str) -> Response:
    found = await read(request, pages.wish_page, request_id, house(request).settings)
    return render(request, "personal/wish.html", found)


@router.post("/erasures/{request_id}", name="decide-erasure")
@allowed(Permission.KEEP_RECORD)
async def judge(request: Request, request_id: str) -> Response:
    form = await read_form(request)
    settings, why, approve = house(request).settings, text(form, "why"), text(form, "decision") == "approve"
    try:
        await write(request, decide, request_id, settings, approve=approve, why=why)
    except Invalid as error:
        found = await read(request, pages.wish_page, request_id, settings)
        again = replace(found, typed=why, errors=error.fields)
        return render(request, "personal/wish.html", again, status=error.status)
    note = _("They can no longer sign in. The worker removes the rest.") if approve else _("The person is told why.")
    return redirect(request, address(request, "erasures"), note=note)
