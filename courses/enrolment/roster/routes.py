"""The pages of a cohort's people, for those who run it."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from courses.coursework import coursework
from courses.enrolment.models import RequestKind
from courses.enrolment.roster import place, queries, service
from courses.enrolment.roster.service import Answered
from courses.paging import page_number
from fourweek.accounts.access import Permission
from fourweek.accounts.declaring import allowed, allowed_in_part, allowed_in_section
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _, n_
from fourweek.pages import address, redirect, render

router = APIRouter(prefix="/staff/cohorts/{cohort_id}")


@router.get("/roster", name="roster")
@allowed_in_part(Permission.RUN_COHORT)
async def roster(
    request: Request, cohort_id: str, q: str = "", state: str = "", section: str = "", page: str = "1"
) -> Response:
    number, chosen = page_number(page), (q, state, section)
    shown = await read(request, queries.roster_page, cohort_id, coursework(request), chosen=chosen, number=number)
    return render(request, "enrolment/roster.html", shown)


@router.get("/roster.csv", name="roster-csv")
@allowed_in_part(Permission.RUN_COHORT)
async def roster_csv(request: Request, cohort_id: str) -> Response:
    data = await read(request, queries.roster_csv, cohort_id)
    headers = {
        "content-disposition": f'attachment; filename="roster-{cohort_id}.csv"',
        "cache-control": "no-store",
    }
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/roster/requests", name="roster-requests")
@allowed(Permission.RUN_COHORT)
async def requests(request: Request, cohort_id: str, kind: str = "", page: str = "1") -> Response:
    shown = await read(request, queries.requests_page, cohort_id, _kind(kind), page_number(page))
    return render(request, "enrolment/requests.html", shown)


@router.post("/roster/requests", name="roster-requests-send")
@allowed(Permission.RUN_COHORT)
async def answer(request: Request, cohort_id: str) -> Response:
    """Give the ticked ones a place, or decline them."""
    form = await read_form(request)
    kind, ids = _kind(text(form, "kind")), _ticked(form)
    try:
        if text(form, "act") == "give":
            beyond = bool(text(form, "beyond"))
            done = await write(request, service.give_places, cohort_id, ids, beyond=beyond)
        else:
            done = await write(request, service.decline, cohort_id, ids, text(form, "reason"))
    except Invalid as invalid:
        shown = await read(request, queries.requests_page, cohort_id, kind, page_number(text(form, "page")))
        shown = replace(shown, ticked=frozenset(ids), reason=text(form, "reason"), errors=invalid.fields)
        return render(request, "enrolment/requests.html", shown, status=422)
    here = address(request, "roster-requests", cohort_id=cohort_id)
    return redirect(request, f"{here}?kind={kind.value}", note=say_answered(done, kind))


@router.get("/enrolments/{enrolment_id}", name="place")
@allowed_in_section(Permission.RUN_COHORT)
async def one_place(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    shown = await read(request, place.place_page, cohort_id, enrolment_id)
    return render(request, "enrolment/place.html", shown)


@router.post("/enrolments/{enrolment_id}/withdraw", name="place-withdraw")
@allowed_in_section(Permission.RUN_COHORT)
async def withdraw(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    reason = text(await read_form(request), "reason")
    try:
        await write(request, service.withdraw_learner, cohort_id, enrolment_id, reason)
    except Invalid as invalid:
        shown = await read(request, place.place_page, cohort_id, enrolment_id, reason=reason, errors=invalid.fields)
        return render(request, "enrolment/place.html", shown, status=422)
    here = address(request, "place", cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(request, here, note=_("The person is withdrawn. A mail tells them."))


@router.post("/enrolments/{enrolment_id}/link", name="place-link")
@allowed_in_section(Permission.RUN_COHORT)
async def send_link(request: Request, cohort_id: str, enrolment_id: str) -> Response:
    await read_form(request)
    await write(request, place.send_link, cohort_id, enrolment_id)
    here = address(request, "place", cohort_id=cohort_id, enrolment_id=enrolment_id)
    return redirect(request, here, note=_("A mail with a link to set a password is on its way."))


def say_answered(done: Answered, kind: RequestKind) -> str:
    """What came of it, a sentence for each thing that did."""
    said = (
        done.placed and n_("{count} person is enrolled.", "{count} people are enrolled.", done.placed),
        done.lined_up and n_("{count} person is in line now.", "{count} people are in line now.", done.lined_up),
        done.declined and _say_declined(kind, done.declined),
        done.gone and n_("{count} had been answered before.", "{count} had been answered before.", done.gone),
    )
    return " ".join(words for words in said if words)


def _say_declined(kind: RequestKind, count: int) -> str:
    if kind is RequestKind.APPROVAL:
        return n_("{count} request is declined.", "{count} requests are declined.", count)
    if kind is RequestKind.WAITLIST:
        return n_("{count} person is taken out of the line.", "{count} people are taken out of the line.", count)
    return n_("{count} invitation is taken back.", "{count} invitations are taken back.", count)


def _kind(typed: str) -> RequestKind:
    return RequestKind(typed) if typed in set(RequestKind) else RequestKind.APPROVAL


def _ticked(form: FormData) -> list[str]:
    return [value for value in form.getlist("id") if isinstance(value, str)]
