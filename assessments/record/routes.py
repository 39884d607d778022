"""The registrar's pages."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.record import pages
from courses.paging import page_number
from fourweek.edge import house, read, read_form, signed_in, text, write
from fourweek.errors import Invalid
from fourweek.pages import address, redirect, render

router = APIRouter()
MOST_TYPED = 100


@router.get("/record", name="record-search")
@signed_in
async def search(request: Request, q: str = "", page: str = "1") -> Response:
    found = await read(request, pages.search_page, q.strip()[:MOST_TYPED], page_number(page))
    return render(request, "record/search.html", found, block="found")


@router.get("/record/{learner_number}", name="record")
@signed_in
async def record(request: Request, learner_number: str, page: str = "1", entries: str = "1") -> Response:
    numbers = (page_number(page), page_number(entries))
    found = await read(request, pages.learner_page, learner_number, house(request).settings, numbers)
    return render(request, "record/learner.html", found)


@router.get("/record/{learner_number}/entries/{entry_id}", name="record-entry")
@signed_in
async def entry(request: Request, learner_number: str, entry_id: str) -> Response:
    found = await read(request, pages.reverse_page, learner_number, entry_id, house(request).settings)
    return render(request, "record/reverse.html", found)


@router.post("/record/{learner_number}/entries/{entry_id}", name="reverse-entry")
@signed_in
async def reverse(request: Request, learner_number: str, entry_id: str) -> Response:
    form = await read_form(request)
    code, words = text(form, "code"), text(form, "words")
    try:
        await write(request, pages.take_back, learner_number, entry_id, (code, words))
    except Invalid as error:
        found = await read(request, pages.reverse_page, learner_number, entry_id, house(request).settings)
        typed = replace(found, code=code, words=words, errors=error.fields)
        return render(request, "record/reverse.html", typed, status=error.status)
    to = address(request, "record", learner_number=learner_number)
    return redirect(request, to, note="The entry was taken back. Both stay in the ledger.")
