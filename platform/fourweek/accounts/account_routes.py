"""One's own account: what there is about it, and where."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from fourweek.accounts.declaring import signed_in
from fourweek.edge import greet, house
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
    AccountLink("Sign-ins and password", "account-security", "Where you are signed in, and another password."),
    AccountLink("Second factor", "second-factor", "A code from an app beside the password."),
    AccountLink("Mail addresses", "mail-addresses", "Where letters go, and what you sign in with."),
    AccountLink("API tokens", "tokens", "With which programs read in your name."),
    AccountLink("Your name", "my-name", "As it stands on badges and documents."),
    AccountLink("Your data", "my-privacy", "A copy of all of it, what you agreed to, and being erased."),
    AccountLink(
        "What was done", "my-account-log", "Sign-ins, passwords, roles and the like, and who looked on with your eyes."
    ),
    AccountLink("Language", "my-language", "Of your pages and letters."),
    AccountLink("Notices", "notice-choices", "What you are told, and how."),
)
PROVIDER = AccountLink("Your institution's sign-in", "provider", "Link it, and sign in with either.")


@router.get("/account", name="account")
@signed_in
async def account(request: Request) -> Response:
    visitor = await greet(request)
    links = (*LINKS, PROVIDER) if house(request).settings.oidc_issuer else LINKS
    return render(request, "accounts/account.html", AccountPage(visitor.me.name, links))
