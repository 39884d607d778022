"""Credit from elsewhere: the list, one more, a table, a certificate, taking one out."""

import anyio.to_thread
from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.stated import pages, service
from assessments.stated.access import certificate_of
from assessments.stated.forms import StatedFacts, StatedForm, read_stated
from assessments.stated.intake import MOST_BYTES, kept_certificate
from assessments.stated.table import MOST_BYTES as MOST_TABLE
from assessments.stated.table import DayOrder, Table, read_table, template
from assessments.uploads.limits import need_upload
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, own, signed_in
from fourweek.edge import greet, house, read, read_form, write
from fourweek.errors import Invalid
from fourweek.files import SAVED_ONLY, StoredFile, file_response
from fourweek.language import _
from fourweek.multipart import Arrived
from fourweek.pages import address, redirect, render
from fourweek.scanning.waiting import note_arrived
from fourweek.spreadsheets import NotATable, decoded
from fourweek.storage.aside import read_aside
from fourweek.uploads import THREADS, arriving

router = APIRouter()
AT = "/licences/elsewhere"


@router.get(AT, name="stated")
@signed_in
async def stated(request: Request, page: str = "1") -> Response:
    return render(request, "stated/stated.html", await read(request, pages.stated_page, page_number(page)))


@router.get(f"{AT}/new", name="stated-new")
@signed_in
async def new(request: Request) -> Response:
    await greet(request)
    return render(request, "stated/form.html", pages.StatedFormPage())


@router.post(f"{AT}/new", name="stated-add")
@signed_in
async def add(request: Request) -> Response:
    """The file is kept before the row that names it: what no row names is removed after a day."""
    visitor = await greet(request)
    ours = house(request)
    await need_upload(request)
    async with arriving(request, ours.store, MOST_BYTES, ours.settings.form_limit) as body:
        form = StatedForm.typed(dict(body.fields))
        files = [one for one in body.files if one.name]
        try:
            facts = read_stated(form, visitor.now.school.date())
            certificate = await kept_certificate(ours.store, files[0]) if files else None
            await note_arrived(ours, [certificate.sha256] if certificate else [])
        except Invalid as error:
            shown = pages.StatedFormPage(form, error.fields)
            return render(request, "stated/form.html", shown, status=error.status)
    made = await write(request, service.state, [facts], certificate)
    note = _("It is in the list, stated by you.") if made else _("That stands in the list already.")
    return redirect(request, address(request, "stated"), note=note)


@router.get(f"{AT}/table", name="stated-table")
@signed_in
async def table_form(request: Request) -> Response:
    await greet(request)
    return render(request, "stated/table.html", pages.TablePage())


@router.post(f"{AT}/table", name="stated-table-send")
@signed_in
async def table(request: Request) -> Response:
    """Look at a table; take it in once what it would do was shown. What was shown comes back as it was."""
    visitor = await greet(request)
    ours = house(request)
    await need_upload(request)
    async with arriving(request, ours.store, MOST_TABLE, ours.settings.form_limit) as body:
        typed = dict(body.fields)
        order = next((one for one in DayOrder if one == typed.get("order")), DayOrder.ISO)
        try:
            fresh = await _text(body.files)
            text = fresh or typed.get("table", "")
            found = read_table(text, visitor.now.school.date(), order)
        except NotATable as wrong:
            return render(request, "stated/table.html", pages.TablePage(error=str(wrong), order=order), status=422)
    was_shown = not fresh and typed.get("shown") == order
    if typed.get("act") == "import" and was_shown and not found.wrong:
        return await _import(request, found)
    shown = await read(request, pages.table_page, found, text, order)
    return render(request, "stated/table.html", shown, status=422 if found.wrong else 200)


@router.get(f"{AT}/template.csv", name="stated-template")
@signed_in
async def example(request: Request) -> Response:
    await greet(request)
    headers = {"content-disposition": 'attachment; filename="credit-from-elsewhere.csv"'}
    return Response(template(), media_type="text/csv; charset=utf-8", headers=headers)


@router.get(f"{AT}/{{stated_id}}/certificate", name="stated-certificate")
@own | allowed(Permission.KEEP_RECORD)
async def certificate(request: Request, stated_id: str) -> Response:
    sha256, name = await read(request, certificate_of, stated_id)
    size = await read_aside(house(request).store.size, sha256)
    file = StoredFile(sha256, size, "application/octet-stream", name)
    return await file_response(request, file, SAVED_ONLY)


@router.post(f"{AT}/{{stated_id}}/remove", name="stated-remove")
@own
async def remove(request: Request, stated_id: str) -> Response:
    await read_form(request)
    await write(request, service.remove_stated, stated_id)
    return redirect(
        request, address(request, "stated"), note=_("It is out of the list. Documents made before stay as they are.")
    )


async def _text(files: list[Arrived]) -> str:
    """The text of the chosen file, "" where none was chosen. Raises NotATable."""
    chosen = next((one for one in files if one.name), None)
    if chosen is None:
        return ""
    if chosen.too_large:
        raise NotATable(_("The file is larger than 256 KB. Send it in parts; what is here already is not added twice."))
    data = await anyio.to_thread.run_sync(chosen.spooled.read_bytes, limiter=THREADS)
    return decoded(data)


async def _import(request: Request, found: Table) -> Response:
    facts: list[StatedFacts] = [one for _, one in found.rows]
    made = await write(request, service.state, facts)
    note = _("{made} new; {count} stood in the list already.", made=made, count=len(facts) - made)
    return redirect(request, address(request, "stated"), note=note)
