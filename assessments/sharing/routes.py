"""A learner's own document: who may see what of it, and its links; and what was handed on of their record."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.sharing import pages
from assessments.sharing.choosing import choose
from assessments.sharing.links import end_link, make_link
from assessments.sharing.tokens import new_token, token_hash
from courses.paging import page_number
from fourweek.accounts.declaring import own, signed_in
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()
TEMPLATE = "sharing/document.html"


@router.get("/transcript/disclosures", name="disclosures")
@signed_in
async def disclosures(request: Request, page: str = "1") -> Response:
    found = await read(request, pages.disclosures_page, page_number(page))
    return render(request, "sharing/disclosures.html", found)


@router.get("/transcript/documents/{number}", name="document")
@own
async def document(request: Request, number: str, page: str = "1") -> Response:
    return render(request, TEMPLATE, await _page(request, number, page_number(page)))


@router.post("/transcript/documents/{number}/choices", name="choose-document")
@own
async def chosen(request: Request, number: str) -> Response:
    form = await read_form(request)
    name, lines = (text(form, field) == "1" for field in ("name", "lines"))
    changed = await write(request, choose, number, name_shown=name, lines_shown=lines)
    note = _("Saved: it holds from now on.") if changed else _("Nothing was changed.")
    return redirect(request, address(request, "document", number=number), note=note)


@router.post("/transcript/documents/{number}/links", name="make-share-link")
@own
async def share(request: Request, number: str) -> Response:
    """The address is on this answer alone: no row, no log and no further page ever holds it."""
    form = await read_form(request)
    said = text(form, "note"), text(form, "days").strip()
    token = new_token()
    try:
        await write(request, make_link, number, token_hash(token), said)
    except Invalid as error:
        found = await _page(request, number, 1)
        again = replace(found, note=said[0], days=said[1], errors=error.fields)
        return render(request, TEMPLATE, again, status=error.status)
    path = address(request, "shared", token=token)
    found = await _page(request, number, 1)
    return render(request, TEMPLATE, replace(found, address=f"{house(request).settings.public_url}{path}"))


@router.post("/transcript/documents/{number}/links/{link_id}/end", name="end-share-link")
@own
async def end(request: Request, number: str, link_id: str) -> Response:
    await read_form(request)
    await write(request, end_link, number, link_id)
    note = _("The link is ended. Whoever has it gets nothing any more.")
    return redirect(request, address(request, "document", number=number), note=note)


async def _page(request: Request, number: str, page: int) -> pages.DocumentPage:
    return await read(request, pages.document_page, number, house(request).settings, page)
