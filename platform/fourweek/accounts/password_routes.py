"""A forgotten password, and the page that a letter leads to where one is set."""

from dataclasses import field

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts import forgotten, password_links, passwords
from fourweek.accounts.answers import SECRET_PAGE, device_of, go_on, lasts, retry_after, tries_for
from fourweek.accounts.changing import known_of
from fourweek.accounts.declaring import by_address, public
from fourweek.accounts.models import LinkPurpose
from fourweek.accounts.password_links import LinkFacts
from fourweek.edge import greet, house, read, read_form, text, write
from fourweek.errors import Invalid, TooMany
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.pages import inside, render

router = APIRouter()
LONGEST_SHOWN = 300


@dataclass(frozen=True, slots=True)
class ForgottenPage:
    address: str = ""
    sent: bool = False
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetPasswordPage:
    link: LinkFacts
    token: str
    next: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def first(self) -> bool:
        return self.link.purpose is LinkPurpose.FIRST


@router.get("/forgotten", name="password-forgotten")
@public
async def forgotten_page(request: Request) -> Response:
    await greet(request)
    return render(request, "accounts/forgotten.html", ForgottenPage())


@router.post("/forgotten", name="password-forgotten-send")
@public
async def ask_for_letter(request: Request) -> Response:
    """The answer says back what was typed, and nothing that is known of it."""
    typed, device = text(await read_form(request), "address").strip()[:LONGEST_SHOWN], device_of(request)
    page, status, headers = ForgottenPage(typed, sent=True), 200, {}
    try:
        await write(request, forgotten.ask, typed, device, tries_for(request, typed, device))
    except Invalid as error:
        page, status = ForgottenPage(typed, errors=error.fields), error.status
    except TooMany as error:
        page, status = ForgottenPage(typed, errors={"address": f"{error.message} {error.advice}"}), error.status
        headers = retry_after(error)
    return render(request, "accounts/forgotten.html", page, status=status, headers=headers)


@router.get("/set-password/{token}", name="set-password")
@by_address
async def set_password_page(request: Request, token: str, next: str = "/home") -> Response:  # noqa: A002
    link = await read(request, password_links.usable_link, token)
    page = SetPasswordPage(link, token, inside(next))
    return render(request, "accounts/set_password.html", page, headers=SECRET_PAGE)


@router.post("/set-password/{token}", name="set-password-send")
@by_address
async def set_password(request: Request, token: str) -> Response:
    form = await read_form(request)
    to, password = inside(text(form, "next") or "/home"), text(form, "password")
    link = await read(request, password_links.usable_link, token)
    about = known_of(link.about, house(request).settings.institution)
    if errors := passwords.problems(password, text(form, "password_again"), about):
        page = SetPasswordPage(link, token, to, errors)
        return render(request, "accounts/set_password.html", page, status=422, headers=SECRET_PAGE)
    hashed = await house(request).passwords.hash_aside(password)
    device = device_of(request)
    opened = await write(request, password_links.set_password, token, hashed, lasts=lasts(request), device=device)
    return go_on(request, opened, device, to, note=_("Your password is set, and you are signed in."))
