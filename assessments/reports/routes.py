"""The registrar's completion reports: choosing a layout, looking, taking out."""

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from assessments.reports import pages
from assessments.reports.columns import cells
from assessments.reports.service import TakenOut, remove_layout, save_layout, take_out
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render
from fourweek.spreadsheets import safe_cell, written

router = APIRouter(prefix="/reports")
LONGEST = 500


@router.get("", name="reports")
@allowed(Permission.KEEP_RECORD)
async def reports(request: Request, page: str = "1", sent: str = "1") -> Response:
    numbers = (page_number(page), page_number(sent))
    return render(
        request, "reports/reports.html", await read(request, pages.reports_page, numbers, house(request).settings)
    )


@router.get("/layouts/new", name="new-report-layout")
@allowed(Permission.KEEP_RECORD)
async def new_layout(request: Request, like: str = "") -> Response:
    found = await read(request, pages.layout_page, like)
    return render(request, "reports/layout.html", replace(found, layout_id=""))


@router.post("/layouts/new", name="add-report-layout")
@allowed(Permission.KEEP_RECORD)
async def add_layout(request: Request) -> Response:
    return await _save(request, "")


@router.get("/layouts/{layout_id}", name="report-layout")
@allowed(Permission.KEEP_RECORD)
async def layout(request: Request, layout_id: str) -> Response:
    return render(request, "reports/layout.html", await read(request, pages.layout_page, layout_id))


@router.post("/layouts/{layout_id}", name="save-report-layout")
@allowed(Permission.KEEP_RECORD)
async def save(request: Request, layout_id: str) -> Response:
    return await _save(request, layout_id)


@router.post("/layouts/{layout_id}/remove", name="remove-report-layout")
@allowed(Permission.KEEP_RECORD)
async def remove(request: Request, layout_id: str) -> Response:
    await read_form(request)
    await write(request, remove_layout, layout_id)
    return redirect(
        request, address(request, "reports"), note=_("The layout is gone. Reports made with it stay noted.")
    )


@router.get("/{layout_id}", name="report")
@allowed(Permission.KEEP_RECORD)
async def report(
    request: Request, layout_id: str, first: str = "", last: str = "", courses: str = "", page: str = "1"
) -> Response:
    values = {"first": first[:LONGEST], "last": last[:LONGEST], "courses": courses[:LONGEST]}
    found = await read(request, pages.report_page, layout_id, values, page_number(page), house(request).settings)
    return render(request, "reports/report.html", found, status=422 if found.errors else 200)


@router.post("/{layout_id}", name="take-report")
@allowed(Permission.KEEP_RECORD)
async def take(request: Request, layout_id: str) -> Response:
    """The report as a table, noted as a disclosure before it leaves."""
    values, settings = _values(await read_form(request)), house(request).settings
    try:
        taken = await write(request, take_out, layout_id, values, settings)
    except Invalid as error:
        found = await read(request, pages.report_page, layout_id, values, 1, settings)
        again = replace(found, errors=found.errors | error.fields)
        return render(request, "reports/report.html", again, status=error.status)
    name = f"completions-{values['first'].strip()}-{values['last'].strip()}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(_table(taken), media_type="text/csv; charset=utf-8", headers=headers)


async def _save(request: Request, layout_id: str) -> Response:
    values = _values(await read_form(request))
    try:
        saved = await write(request, save_layout, layout_id, values)
    except Invalid as error:
        found = await read(request, pages.typed_layout_page, layout_id, values, error.fields)
        return render(request, "reports/layout.html", found, status=error.status)
    return redirect(request, address(request, "report", layout_id=saved), note=_("The layout is kept."))


def _values(form: FormData) -> Mapping[str, str]:
    return {name: text(form, name)[:LONGEST] for name in form}


def _table(taken: TakenOut) -> bytes:
    """Every cell that a spreadsheet would take for a formula stands behind an apostrophe."""
    heads = [safe_cell(column.title) for column in taken.layout.columns]
    rows = ([safe_cell(cell) for cell in cells(taken.layout, one)] for one in taken.completions)
    return written(heads, rows)
