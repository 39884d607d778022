"""The page of the calendar address, and the calendar itself."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from courses.calendar.entries import Entry
from courses.calendar.feed import calendar
from courses.calendar.service import calendar_page, make_address, revoke_address
from courses.coursework import coursework
from fourweek.accounts.declaring import by_address, signed_in
from fourweek.accounts.service import digest
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import NotFound
from fourweek.files import has_it
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/calendar")
FORMAT = "1"
"""Part of every ETag; to be changed with the way calendars are written."""


@router.get("", name="calendar")
@signed_in
async def page(request: Request) -> Response:
    return render(request, "calendar/calendar.html", await read(request, calendar_page))


@router.post("", name="calendar-make")
@signed_in
async def make(request: Request) -> Response:
    replaces = text(await read_form(request), "replaces")
    token = secrets.token_urlsafe(32)
    made = await write(request, make_address, digest(token), replaces)
    path = address(request, "calendar-file", token=token)
    shown = replace(made, address=f"{house(request).settings.public_url}{path}")
    return render(request, "calendar/calendar.html", shown)


@router.post("/revoke", name="calendar-revoke")
@signed_in
async def revoke(request: Request) -> Response:
    await read_form(request)
    await write(request, revoke_address)
    note = _("Your calendar address is revoked. Calendars that used it get nothing from it any more.")
    return redirect(request, address(request, "calendar"), note=note)


@router.get("/{token}.ics", name="calendar-file")
@by_address
async def calendar_file(request: Request, token: str) -> Response:
    settings = house(request).settings
    try:
        entries = await read(request, calendar, coursework(request), digest(token), settings.language)
    except NotFound:
        return PlainTextResponse(_("There is no such calendar.") + "\n", 404, {"cache-control": "no-store"})
    headers = {
        "etag": _etag(entries, settings.institution, settings.public_url),
        "cache-control": "private, no-cache",
        "x-robots-tag": "noindex",
        "content-disposition": 'inline; filename="calendar.ics"',
    }
    if has_it(request.headers.get("if-none-match", ""), headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = await anyio.to_thread.run_sync(_write, entries, settings.institution, settings.public_url)
    return Response(body, media_type="text/calendar", headers=headers)


def _write(entries: Sequence[Entry], name: str, base_url: str) -> bytes:
    from courses.calendar.writing import write_calendar  # noqa: PLC0415 heavy: a start loads no library for it

    return write_calendar(entries, name, base_url)


def _etag(entries: Sequence[Entry], *around: str) -> str:
    """Known before anything is written: the file follows from these values alone."""
    return f'"{sha256(repr((FORMAT, around, *entries)).encode()).hexdigest()[:32]}"'
