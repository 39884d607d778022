"""Corrections: an entry and the form that proposes to change it, the queue, and the decision."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.corrections import pages
from assessments.corrections.changes import Typed
from assessments.corrections.deciding import decide
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()
MOST_TYPED = 600


@router.get("/record/{learner_number}/entries/{entry_id}", name="record-entry")
@allowed(Permission.KEEP_RECORD)
async def entry(request: Request, learner_number: str, entry_id: str) -> Response:
    found = await read(request, pages.entry_page, learner_number, entry_id)
    return render(request, "record/entry.html", found)


@router.post("/record/{learner_number}/entries/{entry_id}", name="propose-correction")
@allowed(Permission.KEEP_RECORD)
async def propose(request: Request, learner_number: str, entry_id: str) -> Response:
    typed = _typed(await read_form(request))
    try:
        proposal_id = await write(request, pages.propose_typed, learner_number, entry_id, typed)
    except Invalid as error:
        found = await read(request, pages.entry_page, learner_number, entry_id, typed)
        again = replace(found, errors=error.fields)
        return render(request, "record/entry.html", again, status=error.status)
    note = _("Proposed. Nothing is changed until another registrar approves it.")
    return redirect(request, address(request, "correction", proposal_id=proposal_id), note=note)


@router.get("/corrections", name="corrections")
@allowed(Permission.KEEP_RECORD)
async def queue(request: Request, show: str = "", page: str = "1") -> Response:
    found = await read(request, pages.queue_page, show, page_number(page), house(request).settings)
    return render(request, "record/corrections.html", found)


@router.get("/corrections/{proposal_id}", name="correction")
@allowed(Permission.KEEP_RECORD)
async def proposal(request: Request, proposal_id: str) -> Response:
    found = await read(request, pages.proposal_page, proposal_id, house(request).settings)
    return render(request, "record/correction.html", found)


@router.post("/corrections/{proposal_id}", name="decide-correction")
@allowed(Permission.KEEP_RECORD)
async def decided(request: Request, proposal_id: str) -> Response:
    form = await read_form(request)
    approve, why = text(form, "verdict") == "approve", text(form, "why")
    try:
        await write(request, decide, proposal_id, approve, why)
    except Invalid as error:
        found = await read(request, pages.proposal_page, proposal_id, house(request).settings)
        again = replace(found, why_typed=why, errors=error.fields)
        return render(request, "record/correction.html", again, status=error.status)
    note = _("Approved: the ledger is changed, and the learner is told.") if approve else _("Nothing was changed.")
    return redirect(request, address(request, "correction", proposal_id=proposal_id), note=note)


def _typed(form: FormData) -> Typed:
    def several(name: str) -> list[str]:
        return [str(value)[:MOST_TYPED] for value in form.getlist(name)[:20]]

    rows = pages.rows_of(several("category"), several("minutes"))
    day = text(form, "completed_on")
    return Typed(text(form, "act"), text(form, "code"), text(form, "words"), rows, day)
