"""The start page sends people where they belong; the patterns page shows every component in every state.

At a demonstration it greets guests with the people whom they may be; whoever is signed in finds that at `/demo`.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.declaring import public
from fourweek.demo_clock import greeting
from fourweek.edge import greet, house
from fourweek.pages import redirect, render
from fourweek.patterns import example_page

router = APIRouter()


@router.get("/", name="start")
@public
async def start(request: Request) -> Response:
    visitor = await greet(request)
    if visitor.person is None and house(request).settings.demo:
        return greeting(request)
    return redirect(request, "/home" if visitor.person else "/courses")


@router.get("/patterns", name="patterns")
@public
async def patterns(request: Request) -> Response:
    await greet(request)
    return render(request, "patterns.html", example_page())
