"""A cohort as one learner sees it at an instant: the same pages under another address, and nothing that writes.

The instant is part of the path, so that the relative links of lessons stay inside the view.
"""

from dataclasses import replace

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.coursework import coursework
from courses.learning.module_page import locked_page, module_page, module_parts
from courses.paging import page_number
from courses.viewing import pages as views
from courses.viewing.access import NOT_AN_INSTANT, NOW, open_view, read_instant, why_page
from courses.viewing.opening import ReasonNeeded
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed_in_section
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.files import NOT_KEPT, file_response
from fourweek.language import _
from fourweek.pages import pages, redirect, render

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/staff/cohorts/{cohort_id}/as/{enrolment_id}")


@router.get("", name="view-as")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def choose(request: Request, cohort_id: str, enrolment_id: str, at: str = "") -> Response:
    """To the view as of the instant that was typed; as of now where none was, or none that can be read.

    Whoever has not said why they look is asked for it first.
    """
    try:
        page = await read(request, views.overview_as, coursework(request), (cohort_id, enrolment_id, NOW))
    except ReasonNeeded:
        return render(request, "viewing/why.html", await read(request, why_page, cohort_id, enrolment_id))
    note(request, cohort_id, enrolment_id, at or NOW)
    if at and page.view and read_instant(at, page.zone) is None:
        page = replace(page, view=replace(page.view, typed=at, problem=_(NOT_AN_INSTANT)))
        return render(request, "learning/overview.html", page, status=422)
    return redirect(request, f"{request.url.path}/{at.replace(' ', 'T') or NOW}")


@router.post("", name="view-open")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def open_it(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    reason = text(await read_form(request), "reason")
    try:
        await write(request, open_view, cohort_id, enrolment_id, reason)
    except Invalid as error:
        page = await read(request, why_page, cohort_id, enrolment_id)
        page = replace(page, reason=reason, error=error.fields["reason"])
        return render(request, "viewing/why.html", page, status=error.status)
    return redirect(request, f"{request.url.path}/{NOW}")


@router.get("/{at}", name="view-overview")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def overview(request: Request, cohort_id: str, enrolment_id: str, at: str) -> Response:
    page = await read(request, views.overview_as, coursework(request), (cohort_id, enrolment_id, at))
    note(request, cohort_id, enrolment_id, at)
    return render(request, "learning/overview.html", page)


@router.get("/{at}/search", name="view-search")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def search(request: Request, cohort_id: str, enrolment_id: str, at: str, q: str = "", page: str = "") -> Response:
    found = await read(request, views.search_as, (cohort_id, enrolment_id, at), q, page_number(page))
    note(request, cohort_id, enrolment_id, at)
    return render(request, "learning/search.html", found)


@router.get("/{at}/announcements", name="view-announcements")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def announcements(request: Request, cohort_id: str, enrolment_id: str, at: str, page: str = "") -> Response:
    found = await read(request, views.announcements_as, (cohort_id, enrolment_id, at), page_number(page))
    note(request, cohort_id, enrolment_id, at)
    return render(request, "announcements/index.html", found)


@router.get("/{at}/announcements/{announcement_id}", name="view-announcement")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def announcement(request: Request, cohort_id: str, enrolment_id: str, at: str, announcement_id: str) -> Response:
    found = await read(request, views.announcement_as, (cohort_id, enrolment_id, at), announcement_id)
    note(request, cohort_id, enrolment_id, at)
    return render(request, "announcements/announcement.html", found)


@router.get("/{at}/modules/{n}/questions", name="view-questions")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def questions(
    request: Request, cohort_id: str, enrolment_id: str, at: str, n: int, show: str = "", page: str = ""
) -> Response:
    found = await read(request, views.questions_as, (cohort_id, enrolment_id, at), n, show, page_number(page))
    note(request, cohort_id, enrolment_id, at)
    return render(request, "questions/index.html", found)


@router.get("/{at}/modules/{n}/questions/{question_id}", name="view-question")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def question(
    request: Request, cohort_id: str, enrolment_id: str, at: str, n: int, question_id: str, page: str = ""
) -> Response:
    found = await read(request, views.thread_as, (cohort_id, enrolment_id, at), n, question_id, page_number(page))
    note(request, cohort_id, enrolment_id, at)
    return render(request, "questions/thread.html", found)


@router.get("/{at}/modules/{n}", name="view-module")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def module(request: Request, cohort_id: str, enrolment_id: str, at: str, n: int) -> Response:
    facts = await read(request, views.module_as, coursework(request), (cohort_id, enrolment_id, at), n)
    note(request, cohort_id, enrolment_id, at)
    if not facts.is_open:
        return render(request, "learning/locked.html", locked_page(facts))
    return render(request, "learning/module.html", module_page(facts, module_parts(pages(request).env, facts)))


@router.get("/{at}/modules/{n}/lessons/{slug}", name="view-lesson")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def lesson(request: Request, cohort_id: str, enrolment_id: str, at: str, n: int, slug: str) -> Response:
    page = await read(request, views.lesson_as, (cohort_id, enrolment_id, at), n, slug)
    note(request, cohort_id, enrolment_id, at)
    return render(request, "learning/lesson.html", page)


@router.get("/{at}/modules/{n}/files/{path:path}", name="view-file")
@allowed_in_section(Permission.RUN_COHORT, Permission.TEACH)
async def file(request: Request, cohort_id: str, enrolment_id: str, at: str, n: int, path: str) -> Response:
    found = await read(request, views.file_as, (cohort_id, enrolment_id, at), n, path)
    return await file_response(request, found, NOT_KEPT)


def note(request: Request, cohort_id: str, enrolment_id: str, at: str) -> None:
    """Opening a view left its audit row; a line in the log says who looked at what through whose eyes."""
    by = request.state.visitor.me.id
    log.info("looked on as a learner", by=by, cohort=cohort_id, enrolment=enrolment_id, at=at[:40])
