"""The address of the comment bank. It stands before /grading/{submission_id} among the routers."""

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.remarks import bank
from assessments.remarks.pages import bank_page
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere, allowed_in_part, own
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import redirect, render

router = APIRouter()
BANK, PAGE = "/grading/comments", "grading/comments.html"


@router.get(BANK, name="grading-comments")
@allowed_anywhere(Permission.GRADE)
async def show(request: Request, course: str = "", words: str = "", page: int = 1) -> Response:
    return render(request, PAGE, await read(request, bank_page, course, words, page))


@router.post(BANK, name="grading-comment-add")
@allowed_in_part(Permission.GRADE)
async def add(request: Request) -> Response:
    """A comment for any criterion of a course."""
    form = await read_form(request)
    course, typed = text(form, "course"), text(form, "text").strip()
    try:
        await write(request, bank.add_for_course, course, typed)
    except Invalid as error:
        found = await read(request, bank_page, course)
        return render(request, PAGE, replace(found, typed=typed, errors=error.fields), status=422)
    return redirect(request, f"{BANK}?{urlencode({'course': course})}", note=_("Kept in the comment bank."))


@router.post(BANK + "/{comment_id}", name="grading-comment-act")
@own | allowed(Permission.REVIEW_GRADES)
async def act(request: Request, comment_id: str) -> Response:
    """Edit, remove or share a comment, by the button that was pressed."""
    form = await read_form(request)
    pressed, typed = text(form, "act"), text(form, "text").strip()
    if pressed in {"share", "unshare"}:
        await write(request, bank.share, comment_id, shared=pressed == "share")
        shared, own_now = _("Shared with everybody who grades the course."), _("Only its owner sees it now.")
        said = shared if pressed == "share" else own_now
        return redirect(request, BANK, note=said)
    if pressed == "remove":
        await write(request, bank.remove, comment_id)
        return redirect(request, BANK, note=_("Removed from the bank. Where it was used, it stays."))
    try:
        await write(request, bank.edit, comment_id, typed)
    except Invalid as error:
        found = await read(request, bank_page)
        return render(request, PAGE, replace(found, typed=typed, at=comment_id, errors=error.fields), status=422)
    return redirect(request, BANK, note=_("Changed in the bank. Where it was used, it stays as it was."))
