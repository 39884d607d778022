"""The registrar's pages about awards."""

from dataclasses import replace
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.awards import office_pages
from assessments.awards.office_pages import Act
from assessments.awards.office_queries import Chosen
from assessments.badges.pictures import read_picture
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid, NotFound
from fourweek.language import N_, _
from fourweek.pages import address, redirect, render
from fourweek.storage.aside import read_aside

router = APIRouter()

TYPES: Final = {
    "badge.json": "application/ld+json",
    "badge.jwt": "text/plain",
    "badge.png": "image/png",
    "badge.svg": "image/svg+xml",
}
DONE: Final = {
    Act.REVOKE: N_("The badge is revoked, from now on and everywhere it is checked."),
    Act.REINSTATE: N_("The badge holds again. It is being signed anew."),
    Act.WITHDRAW: N_("The badge is withdrawn. Its address says so from now on."),
}


@router.get("/awards", name="awards")
@allowed(Permission.KEEP_RECORD)
async def awards(request: Request, q: str = "", show: str = "", page: str = "1") -> Response:
    settings = house(request).settings
    found = await read(request, office_pages.awards_page, Chosen.of(q, show), page_number(page), settings)
    return render(request, "record/awards.html", found)


@router.get("/awards/{award_id}", name="award")
@allowed(Permission.KEEP_RECORD)
async def award(request: Request, award_id: str, forms: str = "1", acts: str = "1") -> Response:
    numbers = (page_number(forms), page_number(acts))
    found = await read(request, office_pages.award_page, award_id, numbers, house(request).settings)
    return render(request, "record/award.html", found)


@router.get("/awards/{award_id}/{act}", name="award-act")
@allowed(Permission.KEEP_RECORD)
async def ask(request: Request, award_id: str, act: str) -> Response:
    found = await read(request, office_pages.act_page, award_id, act, house(request).settings)
    return render(request, "record/award_act.html", found)


@router.post("/awards/{award_id}/{act}", name="do-award-act")
@allowed(Permission.KEEP_RECORD)
async def do(request: Request, award_id: str, act: str) -> Response:
    reason = text(await read_form(request), "reason")
    try:
        done = await write(request, office_pages.do, award_id, act, reason)
    except Invalid as error:
        found = await read(request, office_pages.act_page, award_id, act, house(request).settings)
        again = replace(found, reason=reason, errors=error.fields)
        return render(request, "record/award_act.html", again, status=error.status)
    note = _(DONE[office_pages.known_act(act)]) if done else _("That was done already.")
    return redirect(request, address(request, "award", award_id=award_id), note=note)


@router.get("/awards/{award_id}/forms/{number}/{name}", name="award-file")
@allowed(Permission.KEEP_RECORD)
async def form_file(request: Request, award_id: str, number: str, name: str) -> Response:
    """One file of one signed form, exactly as it was served while it was the newest."""
    if name not in TYPES or not (number.isascii() and number.isdigit() and len(number) < 9):
        raise NotFound
    form = await read(request, office_pages.signed_form, award_id, int(number))
    stored = {"badge.png": form.picture_sha256, "badge.svg": form.svg_sha256}
    kept = {"badge.json": form.document, "badge.jwt": form.jwt.encode("ascii")}
    digest = stored.get(name, "")
    data = await read_aside(read_picture, house(request).store, digest) if digest else kept.get(name, b"")
    if not data:
        raise NotFound
    stem, _dot, ending = name.partition(".")
    disposition = f'attachment; filename="{stem}-{number}.{ending}"'
    headers = {"content-disposition": disposition, "cache-control": "private, no-store", "vary": "Cookie"}
    return Response(data, media_type=TYPES[name], headers=headers)
