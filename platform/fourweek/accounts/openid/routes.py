"""Signing in by the institution's own provider, and linking it to an account."""

import secrets
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from fourweek.accounts.access import Visitor
from fourweek.accounts.answers import device_of, go_on, lasts
from fourweek.accounts.declaring import own, public, signed_in
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import SignInWay
from fourweek.accounts.openid import service
from fourweek.accounts.openid.errors import Distrusted
from fourweek.accounts.openid.rules import Claims, read_roles
from fourweek.accounts.openid.service import MyIdentity, Waited
from fourweek.accounts.proving import prove, read_proven_form
from fourweek.accounts.sessions import Opened, open_sign_in
from fourweek.clock import real_time
from fourweek.edge import cookie_name, greet, house, read, read_form, text, write
from fourweek.errors import NotFound
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.limits.callers import caller
from fourweek.limits.rules import Limit
from fourweek.limits.service import need
from fourweek.pages import address, inside, pages, redirect, render
from fourweek.settings import Settings

router = APIRouter()
STARTS: Final = Limit("provider", 60, 300)
"""Requests to the provider from one network address."""
LONGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class SentPage:
    """The browser goes to `address`, at the provider that is called `name`."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class IdentityLine:
    id: str
    issuer: str
    made: str
    seen: str


@dataclass(frozen=True, slots=True)
class ProviderPage:
    name: str
    identities: tuple[IdentityLine, ...]


@router.post("/sign-in/provider", name="provider-sign-in")
@public
async def sign_in(request: Request) -> Response:
    """A page sends the browser on: a form's answer that did would not be let through by our own policy."""
    form = await read_form(request)
    return await _send(request, inside(text(form, "next") or "/home"), link=False)


@router.post("/account/provider/link", name="provider-link")
@signed_in
async def link(request: Request) -> Response:
    await read_proven_form(request)
    return await _send(request, address(request, "provider"), link=True)


@router.get("/sign-in/provider/back", name="provider-back")
@public
async def back(request: Request, state: str = "", code: str = "", error: str = "", iss: str = "") -> Response:
    """Where the provider sends the browser back to. What a state is good for, it is good for once."""
    settings = _settings(request)
    if request.method == "HEAD" or not 0 < len(state) < LONGEST or len(code) > LONGEST:
        await greet(request)
        raise Distrusted(_("Nothing was asked of the provider that this would be the answer to."))
    waited = await write(request, service.take_up, state, request.cookies.get(_cookie_name(settings)))
    if waited is None or (iss and iss != settings.oidc_issuer):
        raise Distrusted(_("This answer of the provider was used already, is too old, or belongs to another browser."))
    if error or not code:
        raise Distrusted(_("The provider did not let you through, or you turned back there."))
    from fourweek.accounts.openid import provider  # noqa: PLC0415 (heavy)

    claims = await provider.redeem(
        settings, _back(settings), code, verifier=waited.verifier, nonce=waited.nonce, now=real_time()
    )
    return await _arrived(request, waited, claims)


@router.get("/account/provider", name="provider")
@signed_in
async def account(request: Request) -> Response:
    settings = _settings(request)
    found, zone = await read(request, _mine)
    lines = tuple(_line(request, one, zone) for one in found)
    return render(request, "openid/account.html", ProviderPage(settings.oidc_name, lines))


@router.post("/account/provider/{identity_id}/unlink", name="provider-unlink")
@own
async def unlink(request: Request, identity_id: str) -> Response:
    form = await read_form(request)
    await read(request, service.need_password)
    await prove(request, form)
    await write(request, service.unlink, identity_id)
    note = _("The link has ended. You sign in with your mail address and password.")
    return redirect(request, address(request, "provider"), note=note)


async def _send(request: Request, to: str, *, link: bool) -> Response:
    settings = _settings(request)
    await write(request, _may_start, caller(request), link=link)
    from fourweek.accounts.openid import provider  # noqa: PLC0415 (heavy)

    asked = await provider.ask(settings, _back(settings), real_time())
    browser = secrets.token_urlsafe(32)
    await write(request, service.begin, asked, browser, to, link=link)
    response = render(request, "openid/sent.html", SentPage(asked.address, settings.oidc_name))
    response.set_cookie(
        _cookie_name(settings),
        browser,
        max_age=int(service.LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return response


async def _arrived(request: Request, waited: Waited, claims: Claims) -> Response:
    settings, device = _settings(request), device_of(request)
    roles = read_roles(settings.oidc_roles)
    if waited.person_id is not None:
        await write(request, service.link, claims, roles, waited.person_id)
        return redirect(request, address(request, "provider"), note=_("The two are linked."))
    opened = await write(request, _open, claims, settings, device, lasts(request))
    response = go_on(request, opened, device, inside(waited.goes_to))
    response.delete_cookie(_cookie_name(settings), path="/", secure=settings.secure)
    return response


def _open(
    conn: Connection, visitor: Visitor, claims: Claims, settings: Settings, device: Device, length: timedelta
) -> Opened:
    roles = read_roles(settings.oidc_roles)
    person_id = service.arrive(conn, visitor, claims, roles, sign_up=settings.oidc_sign_up)
    return open_sign_in(conn, visitor, person_id, way=SignInWay.PROVIDER, lasts=length, device=device)


def _may_start(conn: Connection, visitor: Visitor, key: str, *, link: bool) -> None:
    if link:
        _unused = visitor.me
    need(conn, STARTS, key, visitor.now.real)


def _mine(conn: Connection, visitor: Visitor) -> tuple[tuple[MyIdentity, ...], str]:
    return service.my_identities(conn, visitor), visitor.me.zone


def _line(request: Request, one: MyIdentity, zone: str) -> IdentityLine:
    say = pages(request).say_now
    return IdentityLine(one.id, one.issuer, say(one.made_at, zone=zone), say(one.seen_at, zone=zone))


def _settings(request: Request) -> Settings:
    """Raises NotFound where no provider is set."""
    settings = house(request).settings
    if not settings.oidc_issuer:
        raise NotFound
    return settings


def _back(settings: Settings) -> str:
    return f"{settings.public_url}/sign-in/provider/back"


def _cookie_name(settings: Settings) -> str:
    return cookie_name(settings) + "-provider"
