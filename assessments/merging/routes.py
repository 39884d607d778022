"""Merges: proposing one, the queue, and the decision."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.merging import pages
from assessments.merging.service import decide, propose
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/record/{learner_number}/merge", name="new-merge")
@allowed(Permission.KEEP_RECORD)
async def new(request: Request, learner_number: str, gone: str = "") -> Response:
    found = await read(request, pages.new_page, learner_number, gone)
    return render(request, "record/merge_new.html", found, status=422 if found.errors else 200)


@router.post("/record/{learner_number}/merge", name="propose-merge")
@allowed(Permission.KEEP_RECORD)
async def proposed(request: Request, learner_number: str) -> Response:
    form = await read_form(request)
    gone, why = text(form, "gone").strip(), text(form, "why")
    try:
        merge_id = await write(request, propose, learner_number, gone, why)
    except Invalid as error:
        found = await read(request, pages.new_page, learner_number, gone)
        again = replace(found, why=why, errors=error.fields)
        return render(request, "record/merge_new.html", again, status=error.status)
    note = _("Proposed. Nothing is changed until another registrar approves it.")
    return redirect(request, address(request, "merge", merge_id=merge_id), note=note)


@router.get("/merges", name="merges")
@allowed(Permission.KEEP_RECORD)
async def queue(request: Request, show: str = "", page: str = "1") -> Response:
    found = await read(request, pages.queue_page, show, page_number(page), house(request).settings)
    return render(request, "record/merges.html", found)


@router.get("/merges/{merge_id}", name="merge")
@allowed(Permission.KEEP_RECORD)
async def merge(request: Request, merge_id: str) -> Response:
    found = await read(request, pages.merge_page, merge_id, house(request).settings)
    return render(request, "record/merge.html", found)


@router.post("/merges/{merge_id}", name="decide-merge")
@allowed(Permission.KEEP_RECORD)
async def decided(request: Request, merge_id: str) -> Response:
    form = await read_form(request)
    approve, why = text(form, "verdict") == "approve", text(form, "why")
    try:
        await write(request, decide, merge_id, approve, why)
    except Invalid as error:
        found = await read(request, pages.merge_page, merge_id, house(request).settings)
        again = replace(found, why_typed=why, errors=error.fields)
        return render(request, "record/merge.html", again, status=error.status)
    note = _("The accounts are one, and the learner is told.") if approve else _("Nothing was changed.")
    return redirect(request, address(request, "merge", merge_id=merge_id), note=note)
