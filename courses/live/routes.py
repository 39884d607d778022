"""Live sessions: the pages of those who plan and hold them, and of learners."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from courses.coursework import coursework
from courses.live import attending, learner, service, staff
from courses.live.forms import typed_form
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_anywhere, enrolled, member
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.pages import address, redirect, render

router = APIRouter()
OF_COHORT = "/staff/cohorts/{cohort_id}/sessions"
ONE = OF_COHORT + "/{session_id}"


@router.get("/cohorts/{cohort_id}/sessions", name="sessions")
@member
async def sessions(request: Request, cohort_id: str, page: str = "1") -> Response:
    shown = await read(request, learner.sessions_page, cohort_id, page_number(page))
    return render(request, "live/sessions.html", shown)


@router.get("/cohorts/{cohort_id}/sessions/{session_id}", name="session")
@member
async def session(request: Request, cohort_id: str, session_id: str) -> Response:
    shown = await read(request, learner.session_page, cohort_id, session_id)
    return render(request, "live/session.html", shown)


@router.post("/cohorts/{cohort_id}/sessions/{session_id}/attend", name="attend")
@enrolled
async def attend(request: Request, cohort_id: str, session_id: str) -> Response:
    """Type the code of the session. A wrong one is counted, so what came of it is a value and no error."""
    typed = text(await read_form(request), "code")
    came = await write(request, attending.attend, cohort_id, session_id, typed)
    if came.is_recorded:
        to = address(request, "session", cohort_id=cohort_id, session_id=session_id)
        return redirect(request, to, note=_("You are recorded as present."))
    page = await read(request, learner.session_page, cohort_id, session_id)
    shown = replace(page, typed=typed, error=came.words)
    return render(request, "live/session.html", shown, status=422)


@router.get("/staff/sessions", name="staff-sessions")
@allowed_anywhere(Permission.TEACH)
async def taught(request: Request, page: str = "1") -> Response:
    return render(request, "live/taught.html", await read(request, staff.taught_page, page_number(page)))


@router.get(OF_COHORT, name="cohort-sessions")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def planned(request: Request, cohort_id: str, page: str = "1") -> Response:
    shown = await read(request, staff.sessions_page, cohort_id, page_number(page))
    return render(request, "live/staff.html", shown)


@router.get(OF_COHORT + "/new", name="session-new")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def new_sessions(request: Request, cohort_id: str) -> Response:
    page = await read(request, staff.new_page, coursework(request), cohort_id)
    return render(request, "live/new.html", page)


@router.post(OF_COHORT + "/new", name="session-new-send")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def plan(request: Request, cohort_id: str) -> Response:
    """Show the dates first; keep the sessions once those very dates were shown."""
    form = await read_form(request)
    typed, errors = typed_form(form), {}
    if text(form, "act") == "plan" and typed.seen == typed.fingerprint:
        try:
            number = await write(request, service.plan_sessions, coursework(request), cohort_id, typed)
        except Invalid as invalid:
            errors = invalid.fields
        else:
            note = n_("{count} live session is planned.", "{count} live sessions are planned.", number)
            return redirect(request, address(request, "cohort-sessions", cohort_id=cohort_id), note=note)
    page = await read(request, staff.new_page, coursework(request), cohort_id, typed)
    page = replace(page, errors=page.errors or errors)
    return render(request, "live/new.html", page, status=422 if page.errors else 200)


@router.get(ONE, name="session-change")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def change_form(request: Request, cohort_id: str, session_id: str) -> Response:
    page = await read(request, staff.change_page, cohort_id, session_id)
    return render(request, "live/change.html", page)


@router.post(ONE, name="session-change-send")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def change(request: Request, cohort_id: str, session_id: str) -> Response:
    typed = typed_form(await read_form(request))
    try:
        await write(request, service.change_session, coursework(request), cohort_id, session_id, typed)
    except Invalid as invalid:
        page = await read(request, staff.change_page, cohort_id, session_id, typed, invalid.fields)
        return render(request, "live/change.html", page, status=422)
    return redirect(
        request, address(request, "cohort-sessions", cohort_id=cohort_id), note=_("The session is changed.")
    )


@router.get(ONE + "/cancel", name="session-cancel")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def cancel_form(request: Request, cohort_id: str, session_id: str) -> Response:
    page = await read(request, staff.cancel_page, cohort_id, session_id)
    return render(request, "live/cancel.html", page)


@router.post(ONE + "/cancel", name="session-cancel-send")
@allowed(Permission.RUN_COHORT, Permission.TEACH)
async def cancel(request: Request, cohort_id: str, session_id: str) -> Response:
    reason = text(await read_form(request), "reason")
    try:
        await write(request, service.cancel_session, cohort_id, session_id, reason)
    except Invalid as invalid:
        page = await read(request, staff.cancel_page, cohort_id, session_id, reason, invalid.fields["reason"])
        return render(request, "live/cancel.html", page, status=422)
    return redirect(
        request, address(request, "cohort-sessions", cohort_id=cohort_id), note=_("The session is cancelled.")
    )
