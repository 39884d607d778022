"""The edge of a request: who visits, what the form holds, and the one call to the database."""

import hmac
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Request
from python_multipart.multipart import parse_options_header
from sqlalchemy import Connection
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from fourweek.accounts.access import Visit, Visitor, identify
from fourweek.accounts.declaring import access_of
from fourweek.accounts.second.queries import owes_second_factor
from fourweek.accounts.second.waiting import before_second_factor
from fourweek.accounts.service import SEEN_STEP, digest, seen
from fourweek.accounts.sessions import renew
from fourweek.clock import real_time
from fourweek.errors import Busy, CutOff, OtherPerson, Refused, SignInNeeded, StaleForm, TooLarge
from fourweek.heaps import heaped
from fourweek.language import _, speak
from fourweek.language.choosing import CHOSEN
from fourweek.light import dataclass
from fourweek.tokens.access import bearer, note_use, owner_of
from fourweek.tokens.scopes import scope_of

if TYPE_CHECKING:
    from fourweek.accounts.passwords import Passwords
    from fourweek.database import Database
    from fourweek.settings import Settings
    from fourweek.storage import Store

P = ParamSpec("P")
T = TypeVar("T")

_UNKEPT = re.compile("[\0\ud800-\udfff]")
PASSWORD_FIELD = "password"  # noqa: S105
TOKEN_FIELD = "form_token"  # noqa: S105
TOKEN_HEADER = "x-form-token"  # noqa: S105
FRESH = "fourweek.fresh_cookie"
"""Where the scope of a request holds the secret that its sign-in has from now on."""
MOST_BYTES = "fourweek.most_bytes"
"""Where the scope of a request holds how many bytes of its body are taken at most; `Guard` counts them."""
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "iso-8859-1", "windows-1252"})
"""What a form may say it is written in. Python knows others that take minutes to read, or that hide signs."""
WHOSE_FIELD, WHOSE_HEADER = "whose", "x-whose"
"""Say whose page a request was made on: what one person typed is never kept as another's."""


@dataclass(slots=True)
class House:
    """What a running process holds, on `app.state.house`."""

    settings: "Settings"
    db: "Database"
    store: "Store"
    passwords: "Passwords"


def house(request: Request) -> House:
    found: House = request.app.state.house
    return found


def cookie_name(settings: "Settings") -> str:
    """`__Host-` over TLS; a plain name on plain http, where browsers refuse the other."""
    return "__Host-fourweek" if settings.secure else "fourweek"


def cookie(request: Request) -> str | None:
    """The sign-in's secret: the one that this answer brings, else the one that the browser sent."""
    return request.scope.get(FRESH) or request.cookies.get(cookie_name(house(request).settings))


def sign_in_cookie(settings: "Settings", token: str) -> tuple[bytes, bytes]:
    """The header that gives a browser the cookie of its sign-in."""
    response = Response()
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=settings.absolute_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )
    return next(pair for pair in response.raw_headers if pair[0] == b"set-cookie")


def guest_cookie_name(settings: "Settings") -> str:
    return cookie_name(settings) + "-guest"


def form_token(request: Request) -> str:
    """The token our forms carry: derived from the sign-in's cookie, or from a guest's, never stored."""
    settings = house(request).settings
    secret = cookie(request) or request.cookies.get(guest_cookie_name(settings)) or request.scope.get("guest", "")
    return sha256(b"form token " + secret.encode()).hexdigest() if secret else ""


def _visit(request: Request) -> Visit:
    demo, token = house(request).settings.demo, None
    if scope_of(request.scope.get("endpoint")):
        token = bearer(request.headers.get("authorization"))
    if token is not None:  # whoever shows one is nobody else, whatever cookie comes along
        return Visit(real=real_time(), api_token_hash=digest(token), demo=demo)
    secret = cookie(request)
    return Visit(real=real_time(), token_hash=digest(secret) if secret else None, demo=demo)


def _visitor(conn: Connection, visit: Visit, endpoint: object, settings: "Settings") -> Visitor:
    """Who visits: by an API token where the endpoint takes one, else by the cookie of a sign-in."""
    scope = scope_of(endpoint)
    if scope and visit.api_token_hash:
        visitor = owner_of(conn, visit.api_token_hash, scope, visit.real, demo=visit.demo)
    else:
        visitor = identify(conn, visit, visit.real - timedelta(hours=settings.idle_hours))
    if visitor.person is not None and owes_second_factor(conn, visitor.person, settings.second_factor_for):
        return before_second_factor(visitor, endpoint)
    return visitor


def _inside(conn: Connection, request: Request, visit: Visit, call: Callable[[Connection, Visitor], T]) -> T:
    """In the database's thread: say who visits, so that an error page knows it too, then do what was asked."""
    settings = house(request).settings
    visitor = _visitor(conn, visit, request.scope.get("endpoint"), settings)
    request.state.visitor = visitor
    _speak(request)
    declared = access_of(request.scope.get("endpoint"))
    if visitor.person is None and not (declared and declared.for_guests):
        raise SignInNeeded
    whose = request.headers.get(WHOSE_HEADER) or getattr(request.state, "whose", "")
    if whose and visitor.person is not None and whose != visitor.person.id:
        raise OtherPerson
    return call(conn, visitor)


def _speak(request: Request) -> None:
    """In their own language, unless this browser was told another: here, and by the caller for what is rendered."""
    visitor = getattr(request.state, "visitor", None)
    if visitor is not None and visitor.person is not None and not request.scope.get(CHOSEN):
        speak(visitor.person.language)


async def greet(request: Request) -> Visitor:
    """Who visits, for a page that needs nothing else from the database."""
    return await read(request, _visitor_alone)


def _visitor_alone(_conn: Connection, visitor: Visitor) -> Visitor:
    return visitor


async def read(
    request: Request, fn: Callable[Concatenate[Connection, Visitor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """The request's one read: `fn(connection, visitor, …)`."""
    return await _call(request, house(request).db.read, fn, args, kwargs)


async def write(
    request: Request, fn: Callable[Concatenate[Connection, Visitor, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """The request's one transaction: `fn(connection, visitor, …)`, then commit."""
    return await _call(request, house(request).db.write, fn, args, kwargs)


async def _call(request: Request, way: Callable[..., Any], fn: Callable[..., T], args: Any, kwargs: Any) -> T:
    visit = _visit(request)
    try:
        found: T = await way(_inside, request, visit, lambda conn, visitor: fn(conn, visitor, *args, **kwargs))
    finally:
        _speak(request)
    if request.state.visitor.person is not None and visit.token_hash:
        await _renew(request, visit)
        await _note_seen(request, visit)
    if visit.api_token_hash:
        with suppress(Busy):
            await _note_token(request, visit.api_token_hash, visit.real)
    return found


async def _renew(request: Request, visit: Visit) -> None:
    """Give a sign-in whose rights changed its new identifier, with a page that nobody but its reader keeps.

    `Guard` puts the cookie on the answer; the forms of the page carry the token that belongs to it.
    """
    person, declared = request.state.visitor.person, access_of(request.scope.get("endpoint"))
    part = "hx-request" in request.headers or "application/json" in request.headers.get("accept", "")
    if not person.renew or request.method != "GET" or part or (declared and declared.for_guests):
        return
    assert visit.token_hash is not None  # noqa: S101
    with suppress(Busy):  # the next page does it
        token = await house(request).db.write(renew, person.sign_in_id, visit.token_hash, visit.real)
        request.scope[FRESH] = token


_seen_at: dict[str, Any] = {}


async def _note_seen(request: Request, visit: Visit) -> None:
    """Keep the idle limit honest with one small write per sign-in and five minutes."""
    assert visit.token_hash is not None  # noqa: S101
    if request.scope.get(FRESH):  # on its way to the browser, which may never get it
        return
    last = _seen_at.get(visit.token_hash)
    if last is not None and visit.real - last < SEEN_STEP:
        return
    if len(_seen_at) > 10_000:
        _seen_at.clear()
    _seen_at[visit.token_hash] = visit.real
    with suppress(Busy):  # what was asked for is answered, also by a database that cannot be written just now
        await house(request).db.write(seen, frozenset({visit.token_hash}), visit.real)


async def _note_token(request: Request, token_hash: str, now: datetime) -> None:
    """One small write per token and five minutes."""
    last = _seen_at.get(token_hash)
    if last is None or now - last >= SEEN_STEP:
        _seen_at[token_hash] = now
        await house(request).db.write(note_use, token_hash, now)


async def read_form(
    request: Request, *, max_files: int = 0, max_fields: int = 300, most_bytes: int | None = None
) -> FormData:
    """The request's form with its token checked. Raises StaleForm (with what was typed), TooLarge, CutOff or Refused.

    `most_bytes` of the whole body, files included, because all of it is held: what a form may have where not given.
    """
    limit = house(request).settings.form_limit
    request.scope[MOST_BYTES] = limit if most_bytes is None else most_bytes
    _refuse_charset(request.headers.get("content-type", ""))
    try:
        form = await request.form(max_files=max_files, max_fields=max_fields, max_part_size=limit)
    except ClientDisconnect:
        raise CutOff from None
    except HTTPException as error:
        if "too large" in str(error.detail).lower() or "exceeded maximum" in str(error.detail):
            raise TooLarge(_("The text in this form is too long.")) from error
        raise CutOff(_("That form cannot be read, or holds more than a form here does.")) from error
    except UnicodeError:
        raise Refused(_("That form is in no encoding that can be read.")) from None
    check_token(request, form)
    return form


def _refuse_charset(content_type: str) -> None:
    _kind, options = parse_options_header(content_type.encode("latin-1"))
    if options.get(b"charset", b"utf-8").decode("latin-1").lower() not in CHARSETS:
        raise Refused(_("That form is in no encoding that can be read."))


def check_token(request: Request, form: FormData | None = None) -> None:
    """Raise StaleForm unless the request carries the token of its own sign-in, by field or header.

    A form that holds what no database keeps is Refused before anything in it is used or given back.
    """
    _refuse_unkept(form)
    sent = request.headers.get(TOKEN_HEADER) or (form.get(TOKEN_FIELD) if form else None)
    right = form_token(request)
    if not right or not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), right.encode()):
        raise StaleForm(_typed(form))
    request.state.typed = _typed(form)  # given back should the sign-in turn out to have ended
    request.state.whose = form.get(WHOSE_FIELD) if form else ""


def _typed(form: FormData | None) -> tuple[tuple[str, str], ...]:
    """What can be given back: neither files nor what stands in a password field, which comes back empty."""
    typed = form.multi_items() if form else []
    return tuple((k, "" if PASSWORD_FIELD in k else v) for k, v in typed if isinstance(v, str) and k != TOKEN_FIELD)


def _refuse_unkept(form: FormData | None) -> None:
    """A NUL, which PostgreSQL does not take, half of a surrogate pair, which is no character, or heaps of marks."""
    for name, value in form.multi_items() if form else ():
        said = value if isinstance(value, str) else value.filename or ""
        if _UNKEPT.search(name) or _UNKEPT.search(said):
            raise Refused(
                _("That form holds a sign that cannot be kept."), what_to_do=_("Take it out and send it again.")
            )
        if heaped(name) or heaped(said):
            raise Refused(_("That form heaps very many marks upon one letter."), what_to_do=_("Leave them out."))


def text(form: FormData, name: str) -> str:
    """A text field, with newlines as \\n; "" when it is missing or a file."""
    value = form.get(name, "")
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def uploads(form: FormData, name: str) -> list[UploadFile]:
    """The files chosen in a field (an empty file input sends one without a name)."""
    return [item for item in form.getlist(name) if isinstance(item, UploadFile) and item.filename]
