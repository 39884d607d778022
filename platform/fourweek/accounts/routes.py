"""Signing in and out."""

from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts import service
from fourweek.accounts.personas import Persona, personas
from fourweek.edge import cookie_name, greet, house, public, read, read_form, signed_in, text, write
from fourweek.pages import inside, redirect, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInPage:
    next: str
    address: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    personas: tuple[Persona, ...] = ()


@router.get("/sign-in", name="sign-in")
@public
async def sign_in_page(request: Request, next: str = "/home") -> Response:  # noqa: A002
    await greet(request)
    return render(request, "accounts/sign_in.html", _page(request, next))


@router.post("/sign-in", name="sign-in-send")
@public
async def sign_in(request: Request) -> Response:
    form = await read_form(request)
    address, to = text(form, "address").strip(), inside(text(form, "next") or "/home")
    app = house(request)
    account = await read(request, service.account_of, address)
    fits, fresh = await app.passwords.check_aside(text(form, "password"), account.hash)
    if not fits or account.person_id is None:
        errors = {"password": "Address and password do not fit together."}
        return render(request, "accounts/sign_in.html", _page(request, to, address, errors), status=422)
    lasts = timedelta(days=app.settings.absolute_days)
    device = request.headers.get("user-agent", "")
    token = await write(request, service.sign_in, account.person_id, lasts, device, fresh)
    response = redirect(request, to)
    response.set_cookie(
        cookie_name(app.settings),
        token,
        max_age=int(lasts.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=app.settings.secure,
    )
    return response


@router.post("/sign-out", name="sign-out")
@signed_in
async def sign_out(request: Request) -> Response:
    await read_form(request)
    await write(request, service.sign_out)
    response = redirect(request, "/")
    response.delete_cookie(cookie_name(house(request).settings), path="/", secure=house(request).settings.secure)
    return response


@router.get("/signed-in", name="signed-in")
@public
async def signed_in_beside(request: Request) -> Response:
    """Where a sign-in beside an open page ends: says that one can go back to it."""
    await greet(request)
    return render(request, "accounts/signed_in.html", None)


def _page(request: Request, to: str, address: str = "", errors: dict[str, str] | None = None) -> SignInPage:
    settings = house(request).settings
    shown = personas(settings.home) if settings.demo else ()
    return SignInPage(next=inside(to), address=address, errors=errors or {}, personas=shown)
