"""A demonstration's own: the page that greets with its people, and the bar that moves the school's clock forward.

Its routes exist in demo mode only.
"""

from datetime import timedelta

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from fourweek import clock
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import public
from fourweek.accounts.personas import Persona, personas
from fourweek.audit.service import record
from fourweek.edge import greet, house, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.pages import redirect, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class GreetingPage:
    """`staff` are the people who have a role, `learners` the others; `by_hand` is for who types: name, role, address,
    password."""

    institution: str
    staff: tuple[Persona, ...]
    learners: tuple[Persona, ...]
    by_hand: tuple[tuple[str, str, str, str], ...]


@router.get("/demo", name="demo-people")
@public
async def people(request: Request) -> Response:
    """The greeting, for whoever is signed in and wants to be somebody else too."""
    await greet(request)
    return greeting(request)


def greeting(request: Request) -> Response:
    """Who can be tried here and what to look at as each. The visitor is known already."""
    settings = house(request).settings
    found = personas(settings.home)
    staff = tuple(one for one in found if one.role != "learner")
    learners = tuple(one for one in found if one.role == "learner")
    by_hand = tuple((one.name, _(one.role), one.address, one.password) for one in found)
    return render(request, "demo/greeting.html", GreetingPage(settings.institution, staff, learners, by_hand))


@router.post("/demo/clock", name="demo-clock")
@public
async def move(request: Request) -> Response:
    form = await read_form(request)
    seconds = text(form, "step")
    if not seconds.isdecimal() or len(seconds) > 9:
        raise Invalid({"step": _("Choose one of the steps.")})
    await write(request, _move, timedelta(seconds=int(seconds)))
    return redirect(request, text(form, "back") or "/", note=_("The school's clock was moved forward."))


def _move(conn: Connection, visitor: Visitor, step: timedelta) -> None:
    clock.move_forward(conn, step)
    actor = visitor.person.id if visitor.person else None
    detail = {"seconds": int(step.total_seconds())}
    record(conn, "clock.move", "school", "clock", at=visitor.now.real, actor_id=actor, detail=detail)
