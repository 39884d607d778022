"""Coaching: asking for it on the assignment's page, and the lead's pages."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from assessments.coaching.asking import ask
from assessments.coaching.errors import Closed
from assessments.coaching.pages import ADDRESS, list_page, talk_page
from assessments.coaching.service import Closing, begin, close
from assessments.evidence.access import Where
from assessments.evidence.pages import assignment_page
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_anywhere, allowed_in_section, enrolled
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.pages import redirect, render

router = APIRouter()


@router.post("/cohorts/{cohort_id}/modules/{number}/assignments/{key}/coaching", name="coaching-ask")
@enrolled
async def ask_for_it(request: Request, cohort_id: str, number: int, key: str) -> Response:
    form = await read_form(request)
    where, wish = Where(cohort_id, number, key), text(form, "wish")
    try:
        await write(request, ask, where, wish)
    except Invalid as error:
        page = await read(request, assignment_page, where)
        typed = page.coaching and replace(page.coaching, typed=wish, error=error.fields["wish"])
        return render(request, "evidence/assignment.html", replace(page, coaching=typed), status=422)
    return redirect(request, where.path, note=_("Sent. The people who lead the course have been told."))


@router.get(ADDRESS, name="coaching")
@allowed_anywhere(Permission.REVIEW_GRADES)
async def listing(request: Request, part: str = "", page: str = "") -> Response:
    return render(request, "coaching/list.html", await read(request, list_page, part, page_number(page)))


@router.post(ADDRESS, name="coaching-begin")
@allowed_in_section(Permission.REVIEW_GRADES)
async def begin_one(request: Request) -> Response:
    form = await read_form(request)
    begun = await write(request, begin, text(form, "enrolment"), text(form, "key"))
    return redirect(request, f"{ADDRESS}/{begun}")


@router.get(ADDRESS + "/{coaching_id}", name="coaching-talk")
@allowed_in_section(Permission.REVIEW_GRADES)
async def talk(request: Request, coaching_id: str) -> Response:
    return render(request, "coaching/talk.html", await read(request, talk_page, coaching_id))


@router.post(ADDRESS + "/{coaching_id}", name="coaching-close")
@allowed_in_section(Permission.REVIEW_GRADES)
async def close_it(request: Request, coaching_id: str) -> Response:
    form = await read_form(request)
    typed = Closing(text(form, "answer"), text(form, "extra"), text(form, "reason"))
    try:
        await write(request, close, coaching_id, typed)
    except (Invalid, Closed) as error:
        page = await read(request, talk_page, coaching_id)
        errors = tuple(error.fields.items()) if isinstance(error, Invalid) else ()
        shown = replace(page, typed_answer=typed.answer, typed_extra=typed.extra, typed_reason=typed.reason)
        shown = replace(shown, errors=errors, is_clash=isinstance(error, Closed))
        return render(request, "coaching/talk.html", shown, status=error.status)
    return redirect(request, ADDRESS, note=_("Closed. The learner has been told."))
