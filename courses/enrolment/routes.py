"""Enrolling, and giving a place back."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from courses.enrolment import service
from courses.schedule.rules import starts_at
from courses.schedule.words import Said, say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import Visitor
from fourweek.edge import read, read_form, signed_in, write
from fourweek.pages import redirect, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    cohort_id: str
    cohort_name: str
    course_title: str
    starts: Said


@router.post("/cohorts/{cohort_id}/enrol", name="enrol")
@signed_in
async def enrol(request: Request, cohort_id: str) -> Response:
    await read_form(request)
    is_new = await write(request, service.enrol, cohort_id)
    note = "You are enrolled. A mail confirms it." if is_new else "You have a place in this cohort already."
    return redirect(request, f"/cohorts/{cohort_id}", note=note)


@router.get("/cohorts/{cohort_id}/withdraw", name="withdraw")
@signed_in
async def withdraw_page(request: Request, cohort_id: str) -> Response:
    return render(request, "cohorts/withdraw.html", await read(request, _withdraw_page, cohort_id))


@router.post("/cohorts/{cohort_id}/withdraw", name="withdraw-send")
@signed_in
async def withdraw(request: Request, cohort_id: str) -> Response:
    await read_form(request)
    await write(request, service.withdraw, cohort_id)
    return redirect(request, "/home", note="You have withdrawn from the cohort.")


def _withdraw_page(conn: Connection, visitor: Visitor, cohort_id: str) -> WithdrawPage:
    facts = service.my_active(conn, visitor, cohort_id).facts
    starts = say_instant(starts_at(facts.rules), zone(facts.zone), zone(visitor.me.zone), visitor.now.school)
    return WithdrawPage(facts.id, facts.name, facts.course_title, starts)
