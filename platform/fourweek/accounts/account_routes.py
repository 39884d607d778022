"""One's own account: what there is about it, and where."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.declaring import signed_in
from fourweek.edge import greet, house
from fourweek.language import N_
from fourweek.light import dataclass
from fourweek.pages import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class AccountLink:
    label: str
    route: str
    words: str


@dataclass(frozen=True, slots=True)
class AccountPage:
    name: str
    links: tuple[AccountLink, ...]


LINKS = (
    AccountLink(
        N_("Sign-ins and password"),
        "account-security",
        N_("Where you are signed in, and how to change your password."),
    ),
    AccountLink(N_("Second factor"), "second-factor", N_("A code from an app beside the password.")),
    AccountLink(N_("Mail addresses"), "mail-addresses", N_("Where letters go, and what you sign in with.")),
    AccountLink(N_("API tokens"), "tokens", N_("With which programs read in your name.")),
    AccountLink(N_("Your name"), "my-name", N_("As it stands on badges and documents.")),
    AccountLink(N_("Your data"), "my-privacy", N_("A copy of all of it, what you agreed to, and being erased.")),
    AccountLink(
        N_("What was done"),
        "my-account-log",
        N_("Sign-ins, passwords, roles and the like, and who looked on with your eyes."),
    ),
    AccountLink(N_("Language"), "my-language", N_("Of your pages and letters.")),
    AccountLink(
        N_("Your calendar"),
        "calendar",
        N_("What opens, what is due and when you meet, in the calendar that you use already."),
    ),
    AccountLink(N_("Notices"), "notice-choices", N_("What you are told, and how.")),
)
PROVIDER = AccountLink(N_("Your institution's sign-in"), "provider", N_("Link it, and sign in with either."))


@router.get("/account", name="account")
@signed_in
async def account(request: Request) -> Response:
    visitor = await greet(request)
    links = (*LINKS, PROVIDER) if house(request).settings.oidc_issuer else LINKS
    return render(request, "accounts/account.html", AccountPage(visitor.me.name, links))
