"""Legal holds: the list, placing one, lifting one; and the end of the record's period."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.retention import pages
from assessments.retention.disposing import dispose
from assessments.retention.record_pages import period_page
from assessments.retention.service import hold_cohort, hold_person, lift
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.pages import address, redirect, render

router = APIRouter()


@router.get("/retention", name="retention")
@allowed(Permission.HOLD_EVIDENCE)
async def retention(request: Request, q: str = "", show: str = "", about: str = "", page: str = "1") -> Response:
    chosen, settings = pages.Chosen.of(q, show, about), house(request).settings
    found = await read(request, pages.holds_page, chosen, page_number(page), settings)
    return render(request, "retention/holds.html", found)


@router.get("/retention/new", name="new-hold")
@allowed(Permission.HOLD_EVIDENCE)
async def new(request: Request, q: str = "", cohort: str = "", page: str = "1") -> Response:
    found = await read(request, pages.new_hold_page, q.strip()[:100], page_number(page), cohort)
    return render(request, "retention/new.html", found)


@router.post("/retention", name="place-hold")
@allowed(Permission.HOLD_EVIDENCE)
async def place(request: Request) -> Response:
    form = await read_form(request)
    cohort, typed = text(form, "cohort"), (text(form, "address"), text(form, "reason"))
    try:
        if cohort:
            await write(request, hold_cohort, cohort, typed[1])
        else:
            await write(request, hold_person, *typed)
    except Invalid as error:
        found = await read(request, pages.refused_page, cohort, typed, error.fields)
        return render(request, "retention/new.html", found, status=error.status)
    return redirect(request, address(request, "retention"), note=_("The hold is in force: this evidence stays."))


@router.get("/retention/records", name="record-period")
@allowed(Permission.HOLD_EVIDENCE)
async def period(request: Request, page: str = "1") -> Response:
    found = await read(request, period_page, page_number(page), house(request).settings)
    return render(request, "retention/records.html", found)


@router.post("/retention/records", name="dispose-records")
@allowed(Permission.HOLD_EVIDENCE)
async def dispose_records(request: Request) -> Response:
    form = await read_form(request)
    settings, reason, confirmed = house(request).settings, text(form, "reason"), text(form, "confirmed") == "1"
    try:
        gone = await write(request, dispose, settings.record_kept_years, reason, confirmed=confirmed)
    except Invalid as error:
        found = await read(request, period_page, 1, settings)
        again = replace(found, reason=reason, errors=error.fields)
        return render(request, "retention/records.html", again, status=error.status)
    note = n_(
        "The papers of {count} person are gone. Their ledger stays.",
        "The papers of {count} people are gone. Their ledgers stay.",
        gone,
    )
    return redirect(request, address(request, "record-period"), note=note)


@router.get("/retention/{hold_id}", name="hold")
@allowed(Permission.HOLD_EVIDENCE)
async def hold(request: Request, hold_id: str) -> Response:
    found = await read(request, pages.hold_page, hold_id, house(request).settings)
    return render(request, "retention/hold.html", found)


@router.post("/retention/{hold_id}", name="lift-hold")
@allowed(Permission.HOLD_EVIDENCE)
async def end(request: Request, hold_id: str) -> Response:
    form = await read_form(request)
    try:
        await write(request, lift, hold_id, text(form, "reason"))
    except Invalid as error:
        found = await read(request, pages.hold_page, hold_id, house(request).settings)
        again = replace(found, reason=text(form, "reason"), errors=error.fields)
        return render(request, "retention/hold.html", again, status=error.status)
    note = _("The hold is lifted. What is over its period goes within the hour, unless something else keeps it.")
    return redirect(request, address(request, "retention"), note=note)
