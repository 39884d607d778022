"""One's own account: where one is signed in, and another password."""

from dataclasses import field
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts import changing, my_sign_ins, passwords
from fourweek.accounts.answers import retry_after
from fourweek.accounts.changing import MyPassword
from fourweek.accounts.declaring import own, signed_in
from fourweek.accounts.my_sign_ins import MySecurity
from fourweek.clock import real_time
from fourweek.edge import house, read, read_form, sign_in_cookie, text, write
from fourweek.errors import TooMany
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.limits.keys import hidden
from fourweek.pages import address as path_of
from fourweek.pages import pages, redirect, render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInRow:
    id: str
    device: str
    words: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """`password_since` in words, "" where there is none."""

    sign_ins: tuple[SignInRow, ...]
    password_since: str
    limits: str


@dataclass(frozen=True, slots=True)
class PasswordPage:
    has_one: bool
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/account/security", name="account-security")
@signed_in
async def security(request: Request) -> Response:
    idle = real_time() - timedelta(hours=house(request).settings.idle_hours)
    return render(request, "accounts/security.html", _page(request, await read(request, my_sign_ins.my_security, idle)))


@router.post("/account/security/end/{sign_in_id}", name="sign-in-end")
@own
async def end_one(request: Request, sign_in_id: str) -> Response:
    await read_form(request)
    await write(request, my_sign_ins.end_one, sign_in_id)
    return redirect(request, path_of(request, "account-security"), note=_("That browser is signed out."))


@router.post("/account/security/end", name="sign-ins-end")
@signed_in
async def end_all_others(request: Request) -> Response:
    await read_form(request)
    token = await write(request, my_sign_ins.end_all_others)
    return _back(request, token, _("You are signed out everywhere else."))


@router.get("/account/password", name="my-password")
@signed_in
async def password_page(request: Request) -> Response:
    mine = await read(request, changing.my_password)
    return render(request, "accounts/password.html", PasswordPage(has_one=mine.hash is not None))


@router.post("/account/password", name="my-password-send")
@signed_in
async def change_password(request: Request) -> Response:
    """What is wrong with the new one is said before the old one is looked at, so that it costs no try."""
    form = await read_form(request)
    mine, settings = await read(request, changing.my_password), house(request).settings
    about = changing.known_of(mine.about, settings.institution)
    if errors := passwords.problems(text(form, "password"), text(form, "password_again"), about):
        return _refused(request, mine, errors)
    key = hidden(settings, f"person {request.state.visitor.me.id}")
    try:
        mine = await write(request, changing.try_old, key)
    except TooMany as error:
        errors = {"password_now": f"{error.message} {error.advice}"}
        return _refused(request, mine, errors, status=error.status, headers=retry_after(error))
    hashing = house(request).passwords
    fits, _unused = await hashing.check_aside(text(form, "password_now"), mine.hash)
    if not fits or mine.hash is None:
        return _refused(request, mine, {"password_now": _("This is not the password you sign in with now.")})
    hashed = await hashing.hash_aside(text(form, "password"))
    token = await write(request, changing.change, key, mine.hash, hashed)
    return _back(request, token, _("Your password is changed, and you are signed out everywhere else."))


def _refused(request: Request, mine: MyPassword, errors: dict[str, str], **answer: Any) -> Response:
    page = PasswordPage(has_one=mine.hash is not None, errors=errors)
    return render(request, "accounts/password.html", page, **{"status": 422, **answer})


def _back(request: Request, token: str, note: str) -> Response:
    response = redirect(request, path_of(request, "account-security"), note=note)
    response.raw_headers.append(sign_in_cookie(house(request).settings, token))
    return response


def _page(request: Request, found: MySecurity) -> SecurityPage:
    settings, me = house(request).settings, request.state.visitor.me

    def say(one: my_sign_ins.MySignIn) -> SignInRow:
        at = pages(request).say_now(one.opened_at, zone=me.zone)
        last = "" if one.is_this else _(", last used {zone}", zone=pages(request).say_now(one.seen_at, zone=me.zone))
        return SignInRow(
            one.id, one.device, _("Signed in {way}, {at}{last}", way=one.way, at=at, last=last), one.is_this
        )

    since = pages(request).say_now(found.password_since, zone=me.zone) if found.password_since else ""
    idle, whole = (
        _("{idle_hours} hours without use", idle_hours=settings.idle_hours),
        _("{absolute_days} days", absolute_days=settings.absolute_days),
    )
    limits = _("A sign-in ends by itself after {idle}, and after {whole} in any case.", idle=idle, whole=whole)
    return SecurityPage(tuple(map(say, found.sign_ins)), since, limits)
