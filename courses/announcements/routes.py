"""The pages of a cohort's announcements."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.announcements import queries, service
from courses.announcements.forms import AnnouncementForm, typed_form
from courses.paging import page_number
from courses.typed_markdown import render_typed
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, member
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/cohorts/{cohort_id}/announcements")
PREVIEW = "preview"


@router.get("", name="announcements")
@member
async def announcements(request: Request, cohort_id: str, page: str = "") -> Response:
    found = await read(request, queries.announcements_page, cohort_id, page_number(page))
    return render(request, "announcements/index.html", found)


@router.get("/new", name="announcement-new")
@allowed(Permission.TEACH)
async def new_announcement(request: Request, cohort_id: str) -> Response:
    return render(request, "announcements/form.html", await read(request, service.form_page, cohort_id))


@router.post("/new", name="announcement-new-send")
@allowed(Permission.TEACH)
async def post_announcement(request: Request, cohort_id: str) -> Response:
    form = await read_form(request)
    typed = typed_form(form)
    if text(form, "act") == PREVIEW or typed.problems:
        return await _form_again(request, cohort_id, None, typed, typed.problems)
    try:
        posted = await write(request, service.post_announcement, cohort_id, typed, await render_typed(typed.body))
    except Invalid as invalid:
        return await _form_again(request, cohort_id, None, typed, invalid.fields)
    here = address(request, "announcement", cohort_id=cohort_id, announcement_id=posted)
    return redirect(request, here, note=_("The announcement is posted. Its learners get a mail within a few minutes."))


@router.get("/{announcement_id}", name="announcement")
@member
async def announcement(request: Request, cohort_id: str, announcement_id: str) -> Response:
    found = await read(request, queries.announcement_page, cohort_id, announcement_id)
    return render(request, "announcements/announcement.html", found)


@router.get("/{announcement_id}/edit", name="announcement-edit")
@allowed(Permission.TEACH)
async def edit_page(request: Request, cohort_id: str, announcement_id: str) -> Response:
    found = await read(request, service.form_page, cohort_id, announcement_id)
    return render(request, "announcements/form.html", found)


@router.post("/{announcement_id}/edit", name="announcement-edit-send")
@allowed(Permission.TEACH)
async def edit(request: Request, cohort_id: str, announcement_id: str) -> Response:
    form = await read_form(request)
    typed = typed_form(form)
    if text(form, "act") == PREVIEW or typed.problems:
        return await _form_again(request, cohort_id, announcement_id, typed, typed.problems)
    html = await render_typed(typed.body)
    try:
        await write(request, service.edit_announcement, cohort_id, announcement_id, typed, html)
    except Invalid as invalid:
        return await _form_again(request, cohort_id, announcement_id, typed, invalid.fields)
    here = address(request, "announcement", cohort_id=cohort_id, announcement_id=announcement_id)
    return redirect(request, here, note=_("The announcement is changed."))


@router.get("/{announcement_id}/withdraw", name="announcement-withdraw")
@allowed(Permission.TEACH)
async def withdraw_page(request: Request, cohort_id: str, announcement_id: str) -> Response:
    found = await read(request, service.withdraw_page, cohort_id, announcement_id)
    return render(request, "announcements/withdraw.html", found)


@router.post("/{announcement_id}/withdraw", name="announcement-withdraw-send")
@allowed(Permission.TEACH)
async def withdraw(request: Request, cohort_id: str, announcement_id: str) -> Response:
    reason = text(await read_form(request), "reason").strip()
    try:
        await write(request, service.withdraw_announcement, cohort_id, announcement_id, reason)
    except Invalid as invalid:
        error = invalid.fields["reason"]
        found = await read(request, service.withdraw_page, cohort_id, announcement_id, reason, error)
        return render(request, "announcements/withdraw.html", found, status=422)
    note = _("The announcement is withdrawn. Letters that had left cannot be called back.")
    return redirect(request, address(request, "announcements", cohort_id=cohort_id), note=note)


async def _form_again(
    request: Request, cohort_id: str, announcement_id: str | None, typed: AnnouncementForm, errors: Mapping[str, str]
) -> Response:
    """The form with what was typed: what is wrong with it, or how it will look."""
    preview = "" if errors else await render_typed(typed.body)
    found = await read(request, service.form_page, cohort_id, announcement_id, typed, errors, preview)
    return render(request, "announcements/form.html", found, status=422 if errors else 200)
