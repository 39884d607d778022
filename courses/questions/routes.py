"""The pages of a module's questions, and the desk of those who answer them."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.paging import page_number
from courses.questions import reading, service
from courses.questions.access import Spot
from courses.questions.desk import desk_page
from courses.questions.form_pages import ask_page, edit_page
from courses.questions.forms import PostForm, typed_post
from courses.typed_markdown import render_typed
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, member, own
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter()
HERE = "/cohorts/{cohort_id}/modules/{n}/questions"
ONE = HERE + "/{question_id}"
PREVIEW = "preview"


@router.get("/staff/questions", name="staff-questions")
@allowed_anywhere(Permission.TEACH)
async def desk(request: Request, page: str = "", cohorts: str = "") -> Response:
    found = await read(request, desk_page, page_number(page), page_number(cohorts))
    return render(request, "questions/desk.html", found)


@router.get(HERE, name="questions")
@member
async def questions(request: Request, cohort_id: str, n: int, show: str = "", page: str = "") -> Response:
    found = await read(request, reading.questions_page, Spot(cohort_id, n), show, page_number(page))
    return render(request, "questions/index.html", found)


@router.get(HERE + "/new", name="question-new")
@member
async def new_question(request: Request, cohort_id: str, n: int) -> Response:
    return render(request, "questions/form.html", await read(request, ask_page, Spot(cohort_id, n)))


@router.post(HERE + "/new", name="question-new-send")
@member
async def ask(request: Request, cohort_id: str, n: int) -> Response:
    form = await read_form(request)
    typed = typed_post(form)
    problems: Mapping[str, str] = typed.question_problems
    if text(form, "act") != PREVIEW and not problems:
        try:
            asked = await write(request, service.ask, Spot(cohort_id, n), typed, await render_typed(typed.body))
        except Invalid as invalid:
            problems = invalid.fields
        else:
            return redirect(request, asked, note=_("Your question is posted. You get a mail when somebody replies."))
    page = await read(request, ask_page, Spot(cohort_id, n), typed, problems, await _preview(typed, problems))
    return render(request, "questions/form.html", page, status=422 if problems else 200)


@router.get(ONE, name="question")
@member
async def question(request: Request, cohort_id: str, n: int, question_id: str, page: str = "") -> Response:
    found = await read(request, reading.thread_page, Spot(cohort_id, n, question_id), page_number(page))
    return render(request, "questions/thread.html", found)


@router.post(ONE + "/reply", name="question-reply")
@member
async def reply(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    form = await read_form(request)
    typed = typed_post(form)
    problems: Mapping[str, str] = typed.problems
    if text(form, "act") != PREVIEW and not problems:
        html = await render_typed(typed.body)
        try:
            return redirect(request, await write(request, service.reply, Spot(cohort_id, n, question_id), typed, html))
        except Invalid as invalid:
            problems = invalid.fields
    preview = await _preview(typed, problems)
    page = await read(request, reading.thread_page, Spot(cohort_id, n, question_id), None, typed, problems, preview)
    return render(request, "questions/thread.html", page, status=422 if problems else 200)


@router.get(ONE + "/edit", name="question-edit")
@own
async def edit_question_page(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    return render(request, "questions/form.html", await read(request, edit_page, Spot(cohort_id, n, question_id)))


@router.post(ONE + "/edit", name="question-edit-send")
@own
async def edit_question(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    return await _edit(request, Spot(cohort_id, n, question_id))


@router.get(ONE + "/replies/{reply_id}/edit", name="reply-edit")
@own
async def edit_reply_page(request: Request, cohort_id: str, n: int, question_id: str, reply_id: str) -> Response:
    return render(
        request, "questions/form.html", await read(request, edit_page, Spot(cohort_id, n, question_id, reply_id))
    )


@router.post(ONE + "/replies/{reply_id}/edit", name="reply-edit-send")
@own
async def edit_reply(request: Request, cohort_id: str, n: int, question_id: str, reply_id: str) -> Response:
    return await _edit(request, Spot(cohort_id, n, question_id, reply_id))


async def _edit(request: Request, spot: Spot) -> Response:
    form = await read_form(request)
    typed = typed_post(form)
    problems: Mapping[str, str] = typed.problems if spot.reply_id else typed.question_problems
    if text(form, "act") != PREVIEW and not problems:
        html = await render_typed(typed.body)
        try:
            await write(request, service.edit, spot, typed, html)
        except Invalid as invalid:
            problems = invalid.fields
        else:
            here = address(
                request, "question", cohort_id=spot.cohort_id, n=spot.module_number, question_id=spot.question_id
            )
            return redirect(request, here, note=_("The change is kept."))
    preview = await _preview(typed, problems)
    page = await read(request, edit_page, spot, typed, problems, preview)
    return render(request, "questions/form.html", page, status=422 if problems else 200)


async def _preview(typed: PostForm, problems: Mapping[str, str]) -> str:
    """How it will look, where nothing is wrong with it."""
    return "" if problems else await render_typed(typed.body)
