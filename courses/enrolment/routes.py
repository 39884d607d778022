"""Enrolling, asking, waiting, accepting, and giving a place back."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from courses.enrolment import service
from courses.enrolment.access import ENROLMENT, places
from courses.enrolment.errors import Moved
from courses.enrolment.joining import join_page
from courses.enrolment.models import RequestKind
from courses.enrolment.rules import Step
from courses.enrolment.service import Outcome
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import enrolled, offered, own
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.pages import address, redirect, render

router = APIRouter()
NOTES = {
    Outcome.ENROLLED: N_("You are enrolled. A mail confirms it."),
    Outcome.HAD_PLACE: N_("You have a place in this cohort already."),
    Outcome.ASKED: N_("You have asked for a place. A mail tells you the answer."),
    Outcome.WAITING: N_("You are on the waiting list. A mail tells you when a place is yours."),
}
TAKEN_BACK = {
    RequestKind.WAITLIST: N_("You have left the waiting list."),
    RequestKind.APPROVAL: N_("You have taken your request back."),
    RequestKind.INVITATION: N_("You have declined the invitation."),
}


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    cohort_id: str
    cohort_name: str
    course_title: str
    starts: Said
    has_started: bool


@router.get("/cohorts/{cohort_id}/enrol", name="join")
@offered
async def join(request: Request, cohort_id: str) -> Response:
    return render(request, "enrolment/join.html", await read(request, join_page, cohort_id))


@router.post("/cohorts/{cohort_id}/enrol", name="enrol")
@offered
async def enrol(request: Request, cohort_id: str) -> Response:
    form = await read_form(request)
    message = text(form, "message").strip()
    try:
        outcome = await write(request, service.enrol, cohort_id, _offered(text(form, "step")), message)
    except (Moved, Invalid) as problem:
        page = await read(request, join_page, cohort_id, typed=message, problem=problem.message)
        return render(request, "enrolment/join.html", page, status=problem.status)
    has_place = outcome in {Outcome.ENROLLED, Outcome.HAD_PLACE}
    to = f"/cohorts/{cohort_id}" if has_place else address(request, "join", cohort_id=cohort_id)
    return redirect(request, to, note=_(NOTES[outcome]))


@router.post("/cohorts/{cohort_id}/enrol/take-back", name="take-back")
@own
async def take_back(request: Request, cohort_id: str) -> Response:
    await read_form(request)
    kind = await write(request, service.take_back, cohort_id)
    return redirect(request, address(request, "join", cohort_id=cohort_id), note=_(TAKEN_BACK[kind]))


@router.get("/cohorts/{cohort_id}/withdraw", name="withdraw")
@enrolled
async def withdraw_page(request: Request, cohort_id: str) -> Response:
    return render(request, "enrolment/withdraw.html", await read(request, _withdraw_page, cohort_id))


@router.post("/cohorts/{cohort_id}/withdraw", name="withdraw-send")
@enrolled
async def withdraw(request: Request, cohort_id: str) -> Response:
    await read_form(request)
    await write(request, service.withdraw, cohort_id)
    return redirect(request, "/home", note=_("You have withdrawn from the cohort."))


def _offered(typed: str) -> Step:
    """The step that the page offered; forms without one offer to enrol."""
    return Step(typed) if typed in set(Step) else Step.ENROL


def _withdraw_page(conn: Connection, visitor: Visitor, cohort_id: str) -> WithdrawPage:
    found = service.my_active(conn, visitor, cohort_id)
    (place,) = places(conn, ENROLMENT.c.id == found.enrolment_id)
    opens = place.dates(1, visitor.now.school).opens_at
    starts = say_instant(opens, zone(found.facts.zone), zone(visitor.me.zone), visitor.now.school)
    return WithdrawPage(found.facts.id, found.facts.name, found.facts.course_title, starts, opens <= visitor.now.school)
