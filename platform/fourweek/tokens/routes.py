"""The page of one's API tokens."""

from dataclasses import field

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from fourweek.accounts.declaring import own, signed_in
from fourweek.accounts.proving import read_proven_form
from fourweek.edge import read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import _, n_, p_
from fourweek.language.lists import in_a_row
from fourweek.light import dataclass
from fourweek.pages import address, pages, redirect, render
from fourweek.tokens import service
from fourweek.tokens.scopes import WORDS, TokenScope
from fourweek.tokens.service import DAYS, PER_PAGE, TokenFacts, Wish

router = APIRouter()
NOTHING = Wish("", (), 90)


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token in words. `state` is (words, tone); `holds`: it opens something still."""

    id: str
    name: str
    hint: str
    scopes: str
    made: str
    ends: str
    used: str
    state: tuple[str, str]
    holds: bool


@dataclass(frozen=True, slots=True)
class TokensPage:
    tokens: tuple[TokenLine, ...]
    previous: str | None
    next: str | None
    scopes: tuple[tuple[str, str, bool], ...]
    days: tuple[tuple[str, str], ...]
    chosen_days: str
    name: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def marked(self) -> list[tuple[str, str]]:
        """For the summary: (id of the field, what is wrong)."""
        return [(f"field-{name}", message) for name, message in self.errors.items()]


@dataclass(frozen=True, slots=True)
class MadePage:
    name: str
    token: str


@router.get("/account/tokens", name="tokens")
@signed_in
async def tokens(request: Request, page: str = "1") -> Response:
    return await _page(request, page)


@router.post("/account/tokens", name="token-make")
@signed_in
async def make(request: Request) -> Response:
    """Answers with the token at once: only its digest is kept, so that no other page can show it."""
    wish, token = _wish(await read_proven_form(request)), service.new_token()
    try:
        await write(request, service.make, wish, token)
    except Invalid as error:
        return await _page(request, "1", wish, error.fields)
    return render(request, "tokens/made.html", MadePage(wish.name, token))


@router.post("/account/tokens/{token_id}/revoke", name="token-revoke")
@own
async def revoke(request: Request, token_id: str) -> Response:
    await read_form(request)
    await write(request, service.revoke, token_id)
    return redirect(request, address(request, "tokens"), note=_("The token opens nothing any more."))


def _wish(form: FormData) -> Wish:
    chosen = {value for value in form.getlist("scopes") if isinstance(value, str)}
    days = text(form, "days")
    return Wish(
        name=text(form, "name").strip(),
        scopes=tuple(scope for scope in TokenScope if scope.value in chosen),
        days=int(days) if days in map(str, DAYS) else None,
    )


async def _page(request: Request, typed: str, wish: Wish = NOTHING, errors: dict[str, str] | None = None) -> Response:
    number = int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 4 else 1
    number = max(number, 1)
    found = await read(request, service.my_tokens, number)
    here = address(request, "tokens")
    page = TokensPage(
        tokens=tuple(_line(request, one) for one in found[:PER_PAGE]),
        previous=f"{here}?page={number - 1}" if number > 1 else None,
        next=f"{here}?page={number + 1}" if len(found) > PER_PAGE else None,
        scopes=tuple((scope.value, _(words), scope in wish.scopes) for scope, words in WORDS.items()),
        days=tuple((str(days), _said(days)) for days in DAYS),
        chosen_days=str(wish.days or ""),
        name=wish.name[:200],
        errors=errors or {},
    )
    return render(request, "tokens/index.html", page, status=422 if errors else 200)


def _said(days: int) -> str:
    return _("One year") if days == 365 else n_("{count} day", "{count} days", days)


def _line(request: Request, one: TokenFacts) -> TokenLine:
    visitor = request.state.visitor
    ended = one.ends_at <= visitor.now.real
    state = (p_("a token", "Ended"), "plain") if ended else (p_("a token", "Holds"), "good")
    if one.revoked_at:
        state = (p_("a token", "Revoked"), "bad")

    def say(at: object) -> str:
        return str(pages(request).say_now(at, zone=visitor.me.zone))

    return TokenLine(
        id=one.id,
        name=one.name,
        hint=one.hint,
        scopes=in_a_row(_(WORDS[TokenScope(scope)]) for scope in one.scopes if scope in set(TokenScope)),
        made=say(one.made_at),
        ends=say(one.ends_at),
        used=say(one.used_at) if one.used_at else p_("a token was used", "Never"),
        state=state,
        holds=not (one.revoked_at or ended),
    )
