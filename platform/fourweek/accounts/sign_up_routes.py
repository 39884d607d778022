"""Making an account of one's own, where the school lets people do so."""

from dataclasses import field

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from fourweek.accounts import passwords, signing_up
from fourweek.accounts.answers import SECRET_PAGE, device_of, go_on, lasts, retry_after, tries_for
from fourweek.accounts.changing import known_of
from fourweek.accounts.declaring import by_address, public
from fourweek.accounts.signing_up import SignUpClosed, Wish, wish_of, zones
from fourweek.consents.queries import TITLES, ConsentKind, asked
from fourweek.consents.service import unread
from fourweek.edge import greet, house, read, read_form, text, write
from fourweek.errors import Invalid, NotFound, TooMany
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.pages import render
from fourweek.settings import Settings

router = APIRouter()
LONGEST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class SignUpPage:
    typed: Wish
    sent: bool = False
    errors: dict[str, str] = field(default_factory=dict)
    zones: tuple[str, ...] = field(default_factory=zones)


@dataclass(frozen=True, slots=True)
class FinishPage:
    """`asked` holds (kind, title, version, ticked) for each wording that one agrees to; a kind is its route's name."""

    wish: Wish
    token: str
    asked: tuple[tuple[str, str, str, bool], ...]
    errors: dict[str, str] = field(default_factory=dict)


@router.get("/sign-up", name="sign-up")
@public
async def sign_up_page(request: Request) -> Response:
    settings = _open(request)
    await greet(request)
    return render(request, "accounts/sign_up.html", SignUpPage(Wish("", "", settings.zone)))


@router.post("/sign-up", name="sign-up-send")
@public
async def ask(request: Request) -> Response:
    """The answer says back what was typed, and nothing that is known of it."""
    form, device = await read_form(request), device_of(request)
    _open(request)
    typed = Wish(*(text(form, name).strip()[:LONGEST_SHOWN] for name in ("name", "address", "zone")))
    page, status, headers = SignUpPage(typed, sent=True), 200, {}
    try:
        await write(request, signing_up.ask, typed, device, tries_for(request, typed.address, device))
    except Invalid as error:
        page, status = SignUpPage(typed, errors=error.fields), error.status
    except TooMany as error:
        page, status = SignUpPage(typed, errors={"": f"{error.message} {error.advice}"}), error.status
        headers = retry_after(error)
    return render(request, "accounts/sign_up.html", page, status=status, headers=headers)


@router.get("/sign-up/{token}", name="sign-up-finish")
@by_address
async def finish_page(request: Request, token: str) -> Response:
    await _still_open(request)
    wish = await read(request, wish_of, token)
    return render(request, "accounts/finish_sign_up.html", _finish_page(request, wish, token), headers=SECRET_PAGE)


@router.post("/sign-up/{token}", name="sign-up-finish-send")
@by_address
async def finish(request: Request, token: str) -> Response:
    form, settings = await read_form(request), house(request).settings
    await _still_open(request)
    wish, agreed = await read(request, wish_of, token), asked(settings)
    password, about = text(form, "password"), known_of((wish.name, wish.address), settings.institution)
    errors = passwords.problems(password, text(form, "password_again"), about)
    errors |= unread(agreed, {kind.value: text(form, _field(kind)) for kind in agreed})
    if errors:
        page = _finish_page(request, wish, token, form, errors)
        return render(request, "accounts/finish_sign_up.html", page, status=422, headers=SECRET_PAGE)
    hashed, device = await house(request).passwords.hash_aside(password), device_of(request)
    opened = await write(request, signing_up.finish, token, hashed, agreed, lasts=lasts(request), device=device)
    return go_on(request, opened, device, "/home", note=_("Your account is made, and you are signed in."))


def _open(request: Request) -> Settings:
    settings = house(request).settings
    if not settings.sign_up:
        raise NotFound
    return settings


async def _still_open(request: Request) -> None:
    """Raises SignUpClosed, for every link alike, where letters of before are answered."""
    if not house(request).settings.sign_up:
        await greet(request)
        raise SignUpClosed


def _field(kind: ConsentKind) -> str:
    return f"agree-{kind}"


def _finish_page(
    request: Request, wish: Wish, token: str, form: FormData | None = None, errors: dict[str, str] | None = None
) -> FinishPage:
    wanted = asked(house(request).settings).items()
    rows = tuple(
        (kind.value, _(TITLES[kind]), version, bool(form and text(form, _field(kind)) == version))
        for kind, version in wanted
    )
    return FinishPage(wish, token, rows, errors or {})
