"""Choosing a language: for this browser in the foot of every page, for oneself among what belongs to one's account."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection, update
from starlette.responses import Response

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.declaring import public, signed_in
from fourweek.audit.service import record
from fourweek.edge import house, read, read_form, text, write
from fourweek.errors import Invalid
from fourweek.language import LANGUAGES, _
from fourweek.language.choosing import COOKIE
from fourweek.light import dataclass
from fourweek.pages import redirect, render

router = APIRouter()
A_YEAR = 365 * 86400


@dataclass(frozen=True, slots=True)
class LanguagePage:
    """`choices` are (code, name of the language in itself), last "" for none; `chosen` is the person's own."""

    choices: tuple[tuple[str, str], ...]
    chosen: str


@router.get("/language", name="language")
@public
async def choose_here(request: Request, to: str = "", back: str = "/") -> Response:
    """Speak another language in this browser. It changes nothing but a cookie, so a link may do it."""
    response = redirect(request, back)
    if to in LANGUAGES:
        _keep(request, response, to)
    return response


@router.get("/account/language", name="my-language")
@signed_in
async def my_language(request: Request) -> Response:
    return render(request, "language/mine.html", await read(request, _page))


@router.post("/account/language", name="my-language-save")
@signed_in
async def save_my_language(request: Request) -> Response:
    code = text(await read_form(request), "language")
    if code and code not in LANGUAGES:
        raise Invalid({"language": _("Choose one of the languages.")})
    await write(request, _save, code)
    response = redirect(request, "/account/language", note=_("Saved."))
    _keep(request, response, code)
    return response


def _page(_conn: Connection, visitor: Visitor) -> LanguagePage:
    own = tuple((one.code, one.name) for one in LANGUAGES.values())
    none = ("", _("As each browser asks for, and letters in the language of the school"))
    return LanguagePage((*own, none), visitor.me.language)


def _save(conn: Connection, visitor: Visitor, code: str) -> None:
    me = visitor.me.id
    conn.execute(update(PERSON).where(PERSON.c.id == me).values(language=code))
    record(conn, "language.choose", "person", me, at=visitor.now.real, actor_id=me, detail={"language": code})


def _keep(request: Request, response: Response, code: str) -> None:
    """Let the browser remember it for a year; "" lets it forget."""
    secure = house(request).settings.secure
    age = A_YEAR if code else 0
    response.set_cookie(COOKIE, code, max_age=age, path="/", httponly=True, samesite="lax", secure=secure)
