"""Signing in and out."""

from dataclasses import field
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from fourweek.accounts import service, signing_in
from fourweek.accounts.answers import device_of, go_on, lasts, retry_after, tries_for
from fourweek.accounts.declaring import public, signed_in
from fourweek.accounts.personas import Persona, personas
from fourweek.accounts.second.waiting import also_before
from fourweek.edge import cookie_name, form_token, greet, house, read_form, text, write
from fourweek.errors import TooMany
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.pages import PRIVATE, inside, redirect, render, wants_json

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInPage:
    next: str
    address: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    personas: tuple[Persona, ...] = ()
    sign_up: bool = False
    provider: str = ""


@router.get("/sign-in", name="sign-in")
@public
async def sign_in_page(request: Request, next: str = "/home") -> Response:  # noqa: A002
    await greet(request)
    return render(request, "accounts/sign_in.html", _page(request, next))


@router.post("/sign-in", name="sign-in-send")
@public
async def sign_in(request: Request) -> Response:
    """One answer for every pair that does not fit, after the same statements and the same work."""
    form, device = await read_form(request), device_of(request)
    typed, password = text(form, "address").strip(), text(form, "password")
    to, tries = inside(text(form, "next") or "/home"), tries_for(request, typed, device)
    try:
        account = await write(request, signing_in.try_account, typed, device, tries)
    except TooMany as error:
        page = _page(request, to, typed, {"": f"{error.message} {error.advice}"})
        return render(request, "accounts/sign_in.html", page, status=error.status, headers=retry_after(error))
    fits, fresh = await house(request).passwords.check_aside(password, account.hash)
    let_in = partial(signing_in.let_in, fresh=fresh, lasts=lasts(request), device=device)
    opened = await write(request, let_in, account, tries) if fits else None
    if opened is None:
        page = _page(request, to, typed, {"password": _("Address and password do not fit together.")})
        return render(request, "accounts/sign_in.html", page, status=422)
    return go_on(request, opened, device, to)


@router.post("/sign-out", name="sign-out")
@signed_in
@also_before
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


def _page(request: Request, to: str, address: str = "", errors: dict[str, str] | None = None) -> SignInPage:
    settings = house(request).settings
    shown = personas(settings.home) if settings.demo else ()
    return SignInPage(
        next=inside(to),
        address=address,
        errors=errors or {},
        personas=shown,
        sign_up=settings.sign_up,
        provider=settings.oidc_name if settings.oidc_issuer else "",
    )
