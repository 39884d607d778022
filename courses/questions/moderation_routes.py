"""Acts on a question: the answer, closing, hiding."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.questions import moderation
from courses.questions.access import Spot
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, own
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/cohorts/{cohort_id}/modules/{n}/questions/{question_id}")


@router.post("/answer", name="question-answer")
@own | allowed(Permission.TEACH)
async def answer(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    reply_id = text(await read_form(request), "reply")
    await write(request, moderation.mark_answer, Spot(cohort_id, n, question_id, reply_id))
    note = _("That reply is marked as the answer.") if reply_id else _("The question waits for an answer again.")
    return _back(request, cohort_id, n, question_id, note)


@router.post("/close", name="question-close")
@own | allowed(Permission.TEACH)
async def close(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    closed = text(await read_form(request), "closed") == "1"
    await write(request, moderation.set_closed, Spot(cohort_id, n, question_id), closed=closed)
    note = _("The question takes no more replies.") if closed else _("The question takes replies again.")
    return _back(request, cohort_id, n, question_id, note)


@router.get("/hide", name="question-hide")
@allowed(Permission.TEACH)
async def hide_page(request: Request, cohort_id: str, n: int, question_id: str, reply: str = "") -> Response:
    page = await read(request, moderation.hide_page, Spot(cohort_id, n, question_id, reply))
    return render(request, "questions/hide.html", page)


@router.post("/hide", name="question-hide-send")
@allowed(Permission.TEACH)
async def hide(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    form = await read_form(request)
    spot, reason = Spot(cohort_id, n, question_id, text(form, "reply")), text(form, "reason").strip()
    try:
        await write(request, moderation.hide, spot, reason)
    except Invalid as invalid:
        error = invalid.fields["reason"]
        page = await read(request, moderation.hide_page, spot, reason, error)
        return render(request, "questions/hide.html", page, status=422)
    return _back(request, cohort_id, n, question_id, _("It is hidden. Its author sees your reason."))


@router.post("/show", name="question-show")
@allowed(Permission.TEACH)
async def show(request: Request, cohort_id: str, n: int, question_id: str) -> Response:
    reply_id = text(await read_form(request), "reply")
    await write(request, moderation.show_again, Spot(cohort_id, n, question_id, reply_id))
    return _back(request, cohort_id, n, question_id, _("It is shown to everybody again."))


def _back(request: Request, cohort_id: str, n: int, question_id: str, note: str) -> Response:
    here = address(request, "question", cohort_id=cohort_id, n=n, question_id=question_id)
    return redirect(request, here, note=note)
