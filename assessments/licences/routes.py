"""A professional's licences: list, one with its estimate, adding, changing, renewing, removing."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.licences import form_pages, pages, service
from assessments.licences.forms import LicenceForm
from courses.paging import page_number
from fourweek.accounts.declaring import own, signed_in
from fourweek.edge import greet, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/licences", name="licences")
@signed_in
async def licences(request: Request, page: str = "1") -> Response:
    return render(request, "licences/licences.html", await read(request, pages.licences_page, page_number(page)))


@router.get("/licences/new", name="licence-boards")
@signed_in
async def boards(request: Request, board: str = "") -> Response:
    if board:
        return render(request, "licences/form.html", await read(request, form_pages.new_page, board))
    await greet(request)
    return render(request, "licences/boards.html", form_pages.board_choices())


@router.post("/licences/new", name="licence-add")
@signed_in
async def add(request: Request) -> Response:
    form = _typed(await read_form(request))
    try:
        made = await write(request, service.add_licence, form)
    except Invalid as error:
        shown = form_pages.form_page(form, errors=error.fields)
        return render(request, "licences/form.html", shown, status=error.status)
    return redirect(
        request, address(request, "licence", licence_id=made), note=_("The licence is here. Check its window.")
    )


@router.get("/licences/{licence_id}", name="licence")
@own
async def licence(request: Request, licence_id: str, page: str = "1") -> Response:
    found = await read(request, pages.licence_page, licence_id, page_number(page))
    return render(request, "licences/licence.html", found)


@router.get("/licences/{licence_id}/change", name="licence-change")
@own
async def change_form(request: Request, licence_id: str) -> Response:
    return render(request, "licences/form.html", await read(request, form_pages.change_page, licence_id))


@router.post("/licences/{licence_id}/change", name="licence-change-send")
@own
async def change(request: Request, licence_id: str) -> Response:
    form = _typed(await read_form(request))
    try:
        await write(request, service.change_licence, licence_id, form)
    except Invalid as error:
        shown = form_pages.form_page(form, licence_id, error.fields)
        return render(request, "licences/form.html", shown, status=error.status)
    return _back(request, licence_id, _("The licence was changed."))


@router.post("/licences/{licence_id}/renew", name="licence-renew")
@own
async def renew(request: Request, licence_id: str) -> Response:
    form = await read_form(request)
    try:
        await write(request, service.renew_licence, licence_id, text(form, "ends_on"), text(form, "shown"))
    except Invalid as error:
        found = await read(request, pages.licence_page, licence_id, 1)
        again = replace(found, next_end=text(form, "ends_on")[:40], errors=error.fields)
        return render(request, "licences/licence.html", again, status=error.status)
    return _back(request, licence_id, _("The next window has begun here. What was left over is carried into it."))


@router.post("/licences/{licence_id}/switch", name="licence-switch")
@own
async def switch(request: Request, licence_id: str) -> Response:
    form = await read_form(request)
    await write(request, service.switch_licence, licence_id, text(form, "switch"), on=text(form, "on") == "1")
    return _back(request, licence_id, _("That is changed."))


@router.post("/licences/{licence_id}/remove", name="licence-remove")
@own
async def remove(request: Request, licence_id: str) -> Response:
    await read_form(request)
    await write(request, service.remove_licence, licence_id)
    return redirect(request, address(request, "licences"), note=_("The licence was removed."))


def _typed(form: FormData) -> LicenceForm:
    return LicenceForm.typed(form)


def _back(request: Request, licence_id: str, note: str) -> Response:
    return redirect(request, address(request, "licence", licence_id=licence_id), note=note)
