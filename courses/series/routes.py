"""The pages of series: public ones, and those of the authors who write them."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.coursework import coursework
from courses.paging import page_number
from courses.series import queries, service
from courses.series.forms import SeriesForm, typed_form
from courses.series.rules import Move
from courses.typed_markdown import render_typed
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_everywhere, public
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()
PREVIEW = "preview"


@router.get("/series", name="series-list")
@public
async def series_list(request: Request, page: str = "1") -> Response:
    return render(request, "series/index.html", await read(request, queries.series_list_page, page_number(page)))


@router.get("/series/{code}", name="series")
@public
async def series(request: Request, code: str) -> Response:
    return render(request, "series/series.html", await read(request, queries.series_page, code, coursework(request)))


@router.get("/authoring/series", name="written-series")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def written_series(request: Request, page: str = "1") -> Response:
    return render(request, "series/written.html", await read(request, queries.written_series_page, page_number(page)))


@router.get("/authoring/series/new", name="series-new")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def new_series(request: Request) -> Response:
    return render(request, "series/form.html", await read(request, queries.form_page))


@router.post("/authoring/series/new", name="series-new-send")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def create(request: Request) -> Response:
    form = await read_form(request)
    typed = typed_form(form)
    if text(form, "act") == PREVIEW or typed.problems:
        return await _form_again(request, None, typed, typed.problems)
    try:
        await write(request, service.create_series, typed, await render_typed(typed.body))
    except Invalid as invalid:
        return await _form_again(request, None, typed, invalid.fields)
    note = _("The series is kept. Add its courses, then publish it.")
    return redirect(request, address(request, "series-edit", code=typed.code), note=note)


@router.get("/authoring/series/{code}", name="series-edit")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def edit_page(request: Request, code: str) -> Response:
    return render(request, "series/form.html", await read(request, queries.form_page, code))


@router.post("/authoring/series/{code}", name="series-edit-send")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def edit(request: Request, code: str) -> Response:
    form = await read_form(request)
    typed = typed_form(form)
    wrong = {field: words for field, words in typed.problems.items() if field != "code"}
    if text(form, "act") == PREVIEW or wrong:
        return await _form_again(request, code, typed, wrong)
    try:
        await write(request, service.edit_series, code, typed, await render_typed(typed.body))
    except Invalid as invalid:
        return await _form_again(request, code, typed, invalid.fields)
    return redirect(request, address(request, "series-edit", code=code), note=_("The series is changed."))


@router.post("/authoring/series/{code}/courses", name="series-courses")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def order(request: Request, code: str) -> Response:
    form = await read_form(request)
    move = text(form, "act")
    chosen = Move(move) if move in set(Move) else Move.ADD
    try:
        await write(request, service.order_courses, code, text(form, "course"), chosen)
    except Invalid as invalid:
        return await _form_again(request, code, None, invalid.fields)
    return redirect(request, address(request, "series-edit", code=code) + "#courses")


@router.post("/authoring/series/{code}/public", name="series-public")
@allowed_everywhere(Permission.PUBLISH_COURSE)
async def publish(request: Request, code: str) -> Response:
    public_now = text(await read_form(request), "act") == "publish"
    try:
        await write(request, service.publish_series, code, public=public_now)
    except Invalid as invalid:
        return await _form_again(request, code, None, invalid.fields)
    note = _("The series is public.") if public_now else _("The series is not public any more.")
    return redirect(request, address(request, "series-edit", code=code), note=note)


async def _form_again(
    request: Request, code: str | None, typed: SeriesForm | None, errors: Mapping[str, str]
) -> Response:
    """The form with what was typed: what is wrong with it, or how it will look."""
    preview = await render_typed(typed.body) if typed and typed.body and not errors else ""
    found = await read(request, queries.form_page, code, typed, errors, preview)
    return render(request, "series/form.html", found, status=422 if errors else 200)
