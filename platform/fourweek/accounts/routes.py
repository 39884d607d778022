"""Signing in and out, and setting a first password."""

from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from fourweek.accounts import password_links, passwords, service
from fourweek.accounts.declaring import by_address, public, signed_in
from fourweek.accounts.password_links import LinkFacts
from fourweek.accounts.personas import Persona, personas
from fourweek.edge import cookie_name, form_token, greet, house, read, read_form, text, write
from fourweek.pages import PRIVATE, inside, redirect, render, wants_json

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInPage:
    next: str
    address: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    personas: tuple[Persona, ...] = ()


@dataclass(frozen=True, slots=True)
class SetPasswordPage:
    link: LinkFacts
    token: str
    next: str
    errors: dict[str, str] = field(default_factory=dict)


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
    token = await write(request, service.sign_in, account.person_id, _lasts(request), _device(request), fresh)
    return _signed_in(request, to, token)


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
    """Where a sign-in beside an open page ends: says that one can go back to it.

    As JSON, for such a page: the id of who is signed in, "" for nobody, and the token that its forms carry from now on.
    """
    visitor = await greet(request)
    if wants_json(request):
        person = visitor.person.id if visitor.person else ""
        headers = {"cache-control": PRIVATE, "vary": "Cookie"}
        return JSONResponse({"person": person, "form_token": form_token(request)}, headers=headers)
    return render(request, "accounts/signed_in.html", None)


@router.get("/set-password/{token}", name="set-password")
@by_address
async def set_password_page(request: Request, token: str, next: str = "/home") -> Response:  # noqa: A002
    link = await read(request, password_links.usable_link, token)
    return render(request, "accounts/set_password.html", SetPasswordPage(link, token, inside(next)))


@router.post("/set-password/{token}", name="set-password-send")
@by_address
async def set_password(request: Request, token: str) -> Response:
    form = await read_form(request)
    to, password = inside(text(form, "next") or "/home"), text(form, "password")
    link = await read(request, password_links.usable_link, token)
    errors = _password_errors(password, text(form, "again"))
    if errors:
        page = SetPasswordPage(link, token, to, errors)
        return render(request, "accounts/set_password.html", page, status=422)
    hashed = await house(request).passwords.hash_aside(password)
    lasts, device = _lasts(request), _device(request)
    cookie = await write(request, password_links.set_password, token, hashed, lasts=lasts, device=device)
    return _signed_in(request, to, cookie, note="Your password is set, and you are signed in.")


def _password_errors(password: str, again: str) -> dict[str, str]:
    if wrong := passwords.problem(password):
        return {"password": wrong}
    return {} if password == again else {"again": "This is not the same password. Type it once more."}


def _lasts(request: Request) -> timedelta:
    return timedelta(days=house(request).settings.absolute_days)


def _device(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _signed_in(request: Request, to: str, token: str, note: str | None = None) -> Response:
    """Go on to `to`, with the cookie of the sign-in that was opened."""
    settings = house(request).settings
    response = redirect(request, to, note=note)
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=int(_lasts(request).total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return response


def _page(request: Request, to: str, address: str = "", errors: dict[str, str] | None = None) -> SignInPage:
    settings = house(request).settings
    shown = personas(settings.home) if settings.demo else ()
    return SignInPage(next=inside(to), address=address, errors=errors or {}, personas=shown)
