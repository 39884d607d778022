"""The bar of a demonstration: moves the school's clock forward. Its route exists in demo mode only."""

from datetime import timedelta

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from fourweek import clock
from fourweek.accounts.access import Visitor
from fourweek.accounts.declaring import public
from fourweek.audit.service import record
from fourweek.edge import read_form, text, write
from fourweek.errors import Invalid
from fourweek.pages import redirect

router = APIRouter()


@router.post("/demo/clock", name="demo-clock")
@public
async def move(request: Request) -> Response:
    form = await read_form(request)
    seconds = text(form, "step")
    if not seconds.isdecimal() or len(seconds) > 9:
        raise Invalid({"step": "Choose one of the steps."})
    await write(request, _move, timedelta(seconds=int(seconds)))
    return redirect(request, text(form, "back") or "/", note="The school's clock was moved forward.")


def _move(conn: Connection, visitor: Visitor, step: timedelta) -> None:
    clock.move_forward(conn, step)
    actor = visitor.person.id if visitor.person else None
    detail = {"seconds": int(step.total_seconds())}
    record(conn, "clock.move", "school", "clock", at=visitor.now.real, actor_id=actor, detail=detail)
