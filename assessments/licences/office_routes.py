"""The registrar's pages of licences."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.licences import office
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()
AT = "/record/{learner_number}/licences"


@router.get(AT, name="record-licences")
@allowed(Permission.KEEP_RECORD)
async def licences(request: Request, learner_number: str, page: str = "1") -> Response:
    found = await read(request, office.licences_of_learner, learner_number, page_number(page))
    return render(request, "licences/office_list.html", found)


@router.get(f"{AT}/{{licence_id}}", name="record-licence")
@allowed(Permission.KEEP_RECORD)
async def licence(request: Request, learner_number: str, licence_id: str, page: str = "1") -> Response:
    """Written, since who saw a number is noted with it."""
    found = await write(request, office.look_at, learner_number, licence_id, page_number(page))
    return render(request, "licences/office.html", found)


@router.post(f"{AT}/{{licence_id}}", name="record-licence-checked")
@allowed(Permission.KEEP_RECORD)
async def checked(request: Request, learner_number: str, licence_id: str) -> Response:
    typed = text(await read_form(request), "checked_on")
    try:
        await write(request, office.note_check, learner_number, licence_id, typed)
    except Invalid as error:
        found = await read(request, office.office_page, learner_number, licence_id, 1)
        again = replace(found, checked_on=typed[:40], error=error.fields["checked_on"])
        return render(request, "licences/office.html", again, status=error.status)
    to = address(request, "record-licences", learner_number=learner_number)
    return redirect(request, to, note=_("That the board was asked is noted, and stands on documents made from now on."))
