"""The start page sends people where they belong; the patterns page shows every component in every state."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from fourweek.accounts.access import Visitor
from fourweek.edge import public, read
from fourweek.pages import redirect, render
from fourweek.patterns import example_page

router = APIRouter()


@router.get("/", name="start")
@public
async def start(request: Request) -> Response:
    signed_in = await read(request, _is_signed_in)
    return redirect(request, "/home" if signed_in else "/courses")


@router.get("/patterns", name="patterns")
@public
async def patterns(request: Request) -> Response:
    return render(request, "patterns.html", example_page())


def _is_signed_in(_conn: Connection, visitor: Visitor) -> bool:
    return visitor.person is not None
