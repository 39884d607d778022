"""The pages of the second factor: setting it up, its recovery codes, and the code at sign-in."""

from dataclasses import field

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from fourweek.accounts.access import Visitor
from fourweek.accounts.answers import device_of, go_on, lasts
from fourweek.accounts.declaring import public, signed_in
from fourweek.accounts.proving import read_proven_form
from fourweek.accounts.second import challenge, service
from fourweek.accounts.second.queries import SecondFactor, second_factor_of
from fourweek.accounts.second.rules import from_app, new_recovery_codes, recovery_code
from fourweek.accounts.second.sealing import Shown, new_secret, shown, step_of
from fourweek.accounts.second.waiting import also_before
from fourweek.accounts.service import digest
from fourweek.accounts.sessions import Opened
from fourweek.clock import real_time
from fourweek.edge import cookie, house, read, read_form, text, write
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.pages import address, inside, pages, redirect, render

router = APIRouter()
NO_FIT = N_("This is not the code that the app shows now. See that the clock of its device is right.")


@dataclass(frozen=True, slots=True)
class FactorPage:
    """`since` in words, "" where there is no second factor; `asked`: a role of theirs needs one."""

    since: str
    codes_left: int
    asked: bool


@dataclass(frozen=True, slots=True)
class SetUpPage:
    shown: Shown
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodesPage:
    """Recovery codes, this once. `first`: the second factor was set up just now."""

    codes: tuple[str, ...]
    account: str
    first: bool


@dataclass(frozen=True, slots=True)
class CodePage:
    next: str
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/account/second-factor", name="second-factor")
@signed_in
@also_before
async def factor(request: Request) -> Response:
    found, asked, zone = await read(request, _standing, house(request).settings.second_factor_for)
    since = pages(request).say_now(found.since, zone=zone) if found else ""
    return render(request, "second_factor/index.html", FactorPage(since, found.codes_left if found else 0, asked))


@router.post("/account/second-factor/begin", name="second-factor-begin")
@signed_in
@also_before
async def begin(request: Request) -> Response:
    await read_proven_form(request)
    await write(request, service.begin, new_secret(house(request).settings))
    return redirect(request, address(request, "second-factor-set-up"))


@router.get("/account/second-factor/set-up", name="second-factor-set-up")
@signed_in
@also_before
async def set_up_page(request: Request) -> Response:
    draft = await read(request, service.draft)
    return _set_up_page(request, draft)


@router.post("/account/second-factor/set-up", name="second-factor-confirm")
@signed_in
@also_before
async def confirm(request: Request) -> Response:
    """Answers with the recovery codes at once: only their digests are kept, so that no other page can show them."""
    code = from_app(text(await read_proven_form(request), "code"))
    draft = await read(request, service.draft)
    step = step_of(house(request).settings, draft.sealed, code, real_time(), 0) if code else None
    if step is None:
        return _set_up_page(request, draft, {"code": NO_FIT})
    codes = new_recovery_codes()
    await write(request, service.confirm, draft.sealed, step, _digests(codes))
    return render(request, "second_factor/codes.html", CodesPage(codes, draft.account, first=True))


@router.post("/account/second-factor/codes", name="second-factor-codes")
@signed_in
async def other_codes(request: Request) -> Response:
    await read_proven_form(request)
    codes = new_recovery_codes()
    account = await write(request, service.replace_codes, _digests(codes))
    return render(request, "second_factor/codes.html", CodesPage(codes, account, first=False))


@router.post("/account/second-factor/off", name="second-factor-off")
@signed_in
async def turn_off(request: Request) -> Response:
    await read_proven_form(request)
    await write(request, service.turn_off)
    note = _("The second factor is off. Your password alone signs you in from now on.")
    return redirect(request, address(request, "second-factor"), note=note)


@router.get("/sign-in/code", name="sign-in-code")
@public
async def code_page(request: Request, next: str = "/home") -> Response:  # noqa: A002
    await read(request, challenge.challenge_of, cookie(request))
    return render(request, "second_factor/code.html", CodePage(inside(next)))


@router.post("/sign-in/code", name="sign-in-code-send")
@public
async def code(request: Request) -> Response:
    form = await read_form(request)
    typed, to, settings = text(form, "code"), inside(text(form, "next") or "/home"), house(request).settings
    found = await write(request, challenge.try_code, cookie(request), typed, settings)
    given = challenge.read_code(settings, found.factor, typed, real_time())
    device = device_of(request)
    token = None
    if given is not None:
        token = await write(request, challenge.pass_code, found, given, lasts=lasts(request), device=device)
    if token is None:
        return render(request, "second_factor/code.html", CodePage(to, {"code": service.NO_FIT}), status=422)
    return go_on(request, Opened(token), device, to)


def _standing(
    conn: Connection, visitor: Visitor, asked_of: tuple[object, ...]
) -> tuple[SecondFactor | None, bool, str]:
    """The visitor's second factor, whether a role of theirs needs one, and their zone."""
    asked = any(role in asked_of for role, _ in visitor.me.grants)
    return second_factor_of(conn, visitor.me.id), asked, visitor.me.zone


def _set_up_page(request: Request, draft: service.Draft, errors: dict[str, str] | None = None) -> Response:
    page = SetUpPage(shown(house(request).settings, draft.sealed, draft.account), errors or {})
    return render(request, "second_factor/set_up.html", page, status=422 if errors else 200)


def _digests(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(digest(recovery_code(one) or "") for one in codes)
