"""Handing on a learner's document: only with a word of whom and why, which the learner reads."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.sharing import pages
from assessments.sharing.disclosing import take_document
from assessments.sharing.files import give
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.pages import render

router = APIRouter()
TEMPLATE = "sharing/take.html"


@router.get("/record/{learner_number}/disclosures", name="record-disclosures")
@allowed(Permission.KEEP_RECORD)
async def handed_on(request: Request, learner_number: str, page: str = "1") -> Response:
    found = await read(request, pages.learner_disclosures_page, learner_number, page_number(page))
    return render(request, "sharing/disclosures.html", found)


@router.get("/record/{learner_number}/documents/{number}", name="record-document")
@allowed(Permission.KEEP_RECORD)
async def ask(request: Request, learner_number: str, number: str) -> Response:
    return render(request, TEMPLATE, await read(request, pages.take_page, learner_number, number))


@router.post("/record/{learner_number}/documents/{number}", name="take-document")
@allowed(Permission.KEEP_RECORD)
async def take(request: Request, learner_number: str, number: str) -> Response:
    form = await read_form(request)
    said, ending = (text(form, "to"), text(form, "why")), text(form, "file")
    try:
        found = await write(request, take_document, learner_number, number, ending, said)
    except Invalid as error:
        page = await read(request, pages.take_page, learner_number, number)
        again = replace(page, to=said[0], why=said[1], errors=error.fields)
        return render(request, TEMPLATE, again, status=error.status)
    return await give(request, found, ending)
