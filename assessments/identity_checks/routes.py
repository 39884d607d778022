"""The registrar's page about who a learner is, and about credit that waits."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.holds.office import lift_hold, place_hold
from assessments.identity_checks import pages
from assessments.identity_checks.service import record_check
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/record/{learner_number}/identity", name="record-identity")
@allowed(Permission.KEEP_RECORD)
async def identity(request: Request, learner_number: str, page: str = "1") -> Response:
    found = await read(request, pages.identity_page, learner_number, page_number(page))
    return render(request, "record/identity.html", found)


@router.post("/record/{learner_number}/identity", name="record-check")
@allowed(Permission.KEEP_RECORD)
async def check(request: Request, learner_number: str) -> Response:
    form = await read_form(request)
    typed = (text(form, "method"), text(form, "checked_on"), text(form, "result"), text(form, "note"))
    try:
        lifted = await write(request, record_check, learner_number, typed, house(request).settings.zone)
    except Invalid as error:
        named = dict(zip(("method", "checked_on", "result", "note"), typed, strict=True))
        return await _again(request, learner_number, named, error)
    note = _("Recorded. Credit that waited for it is recorded within minutes.") if lifted else _("Recorded.")
    return redirect(request, address(request, "record-identity", learner_number=learner_number), note=note)


@router.post("/record/{learner_number}/holds", name="hold-credit")
@allowed(Permission.KEEP_RECORD)
async def hold(request: Request, learner_number: str) -> Response:
    form = await read_form(request)
    enrolment, why = text(form, "enrolment"), text(form, "hold_why")
    try:
        await write(request, place_hold, learner_number, enrolment, why)
    except Invalid as error:
        return await _again(request, learner_number, {"enrolment": enrolment, "hold_why": why}, error)
    to = address(request, "record-identity", learner_number=learner_number)
    return redirect(request, to, note=_("The credit is held, and the learner is told."))


@router.post("/record/{learner_number}/holds/{hold_id}", name="release-credit")
@allowed(Permission.KEEP_RECORD)
async def release(request: Request, learner_number: str, hold_id: str) -> Response:
    form = await read_form(request)
    name = f"lift_why_{hold_id}"
    try:
        await write(request, lift_hold, learner_number, hold_id, text(form, name))
    except Invalid as error:
        return await _again(request, learner_number, {name: text(form, name)}, error)
    to = address(request, "record-identity", learner_number=learner_number)
    return redirect(request, to, note=_("The hold is lifted. Credit that waited is recorded within minutes."))


async def _again(request: Request, learner_number: str, typed: Mapping[str, str], error: Invalid) -> Response:
    found = await read(request, pages.identity_page, learner_number, 1)
    again = replace(found, typed=dict(typed), errors=error.fields)
    return render(request, "record/identity.html", again, status=error.status)
