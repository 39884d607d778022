"""The start page sends people where they belong; the patterns page shows every component in every state."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.declaring import public
from fourweek.edge import greet
from fourweek.pages import redirect, render
from fourweek.patterns import example_page

router = APIRouter()


@router.get("/", name="start")
@public
async def start(request: Request) -> Response:
    visitor = await greet(request)
    return redirect(request, "/home" if visitor.person else "/courses")


@router.get("/patterns", name="patterns")
@public
async def patterns(request: Request) -> Response:
    await greet(request)
    return render(request, "patterns.html", example_page())
