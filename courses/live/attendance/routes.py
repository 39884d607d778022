"""The list of who was at a session, its code, and its sheet."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from courses.live.attendance import pages, service
from courses.live.attendance.rules import Entry
from courses.live.attendance.service import Sheet
from courses.live.models import Presence
from courses.live.service import start_code
from courses.paging import PER_PAGE, page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import read, read_form, text, uploads, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render
from fourweek.spreadsheets import NotATable, decoded

router = APIRouter(prefix="/staff/cohorts/{cohort_id}/sessions/{session_id}/attendance")
PRESENCES = frozenset(Presence)
MOST_FIELDS = 10 + 3 * PER_PAGE


@router.get("", name="attendance")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def attendance(request: Request, cohort_id: str, session_id: str, page: str = "1") -> Response:
    shown = await read(request, pages.list_page, cohort_id, session_id, page_number(page))
    return render(request, "live/attendance.html", shown)


@router.post("", name="attendance-send")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def save(request: Request, cohort_id: str, session_id: str, page: str = "1") -> Response:
    form, number = await read_form(request, max_fields=MOST_FIELDS), page_number(page)
    entries, rest = typed_entries(form), text(form, "act") == "rest"
    try:
        changed = await write(request, service.save_list, cohort_id, session_id, entries, rest_absent=rest)
    except Invalid as invalid:
        shown = await read(request, pages.list_page, cohort_id, session_id, number, entries, invalid.fields)
        return render(request, "live/attendance.html", shown, status=422)
    note = _("Attendance is saved.") if changed else _("Nothing was to be saved.")
    to = address(request, "attendance", cohort_id=cohort_id, session_id=session_id)
    return redirect(request, to + (f"?page={number}" if number > 1 else ""), note=note)


@router.post("/code", name="attendance-code")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def code(request: Request, cohort_id: str, session_id: str) -> Response:
    await read_form(request)
    await write(request, start_code, cohort_id, session_id)
    return redirect(request, address(request, "attendance", cohort_id=cohort_id, session_id=session_id))


@router.get("/sheet.csv", name="attendance-file")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def file(request: Request, cohort_id: str, session_id: str) -> Response:
    people = await read(request, pages.sheet_file, cohort_id, session_id)
    headers = {"content-disposition": 'attachment; filename="attendance.csv"', "cache-control": "no-store"}
    return Response(pages.sheet_bytes(people), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/sheet", name="attendance-sheet")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def sheet(request: Request, cohort_id: str, session_id: str) -> Response:
    return render(request, "live/sheet.html", await read(request, pages.sheet_page, cohort_id, session_id, Sheet()))


@router.post("/sheet", name="attendance-sheet-send")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def take(request: Request, cohort_id: str, session_id: str) -> Response:
    """Show what the sheet comes to; take it once that very thing was shown."""
    form = await read_form(request, max_files=1)
    typed, error = await _typed_sheet(form)
    if text(form, "act") == "take" and typed.seen and not error:
        try:
            changed = await write(request, service.take_sheet, cohort_id, session_id, typed)
        except Invalid:
            pass  # what is wrong, or has changed since it was shown, is shown below
        else:
            to = address(request, "attendance", cohort_id=cohort_id, session_id=session_id)
            return redirect(request, to, note=_("Recorded from the sheet: {count}.", count=changed))
    page = await read(request, pages.sheet_page, cohort_id, session_id, typed, error)
    return render(request, "live/sheet.html", page, status=422 if page.error or page.wrong else 200)


def typed_entries(form: FormData) -> list[Entry]:
    """The rows of the list as they were sent: `p-…` what was chosen, `w-…` what was seen, `r-…` the reason."""
    ids = [name.removeprefix("w-") for name in form if name.startswith("w-")]
    return [_entry(form, enrolment_id) for enrolment_id in ids]


def _entry(form: FormData, enrolment_id: str) -> Entry:
    chosen = text(form, f"p-{enrolment_id}")
    return Entry(
        enrolment_id=enrolment_id,
        presence=Presence(chosen) if chosen in PRESENCES else None,
        reason=" ".join(text(form, f"r-{enrolment_id}").split()),
        was=text(form, f"w-{enrolment_id}"),
    )


async def _typed_sheet(form: FormData) -> tuple[Sheet, str]:
    """The sheet, from the file if one was chosen, and what is wrong with that."""
    typed = Sheet(text(form, "sheet"), " ".join(text(form, "reason").split()), text(form, "seen"))
    try:
        for upload in uploads(form, "file"):
            typed = replace(typed, text=decoded(await upload.read()))
    except NotATable as wrong:
        return typed, str(wrong)
    finally:
        await form.close()
    return typed, "" if typed.text.strip() else _("Choose a file, or type the rows.")
