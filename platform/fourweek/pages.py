"""Turning answers into responses. `render` and `redirect` alone know htmx; the error faces are here too."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import CodeType
from urllib.parse import quote, unquote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from fourweek import assets
from fourweek.accounts.access import MANY, Permission, SignedIn, Visitor
from fourweek.addresses import Addresses
from fourweek.edge import cookie, form_token, guest_cookie_name, house
from fourweek.errors import AskedFirst, FourweekError, NotFound, SecondFactorNeeded, SignInNeeded, StaleForm, TooMany

NOTE_COOKIE = "fourweek-note"
PRIVATE = "no-store"
PROBLEM = "application/problem+json"  # RFC 9457; without a type it is "about:blank"
MACROS_KEPT = 512
IN_ADDRESSES = "/:%#?=@[]!$&'()*+,;"
"""Signs that stand in an address for themselves; as for the other way to redirect."""
RETRY = {503: "3", 507: "60"}
"""Seconds after which it is worth trying again."""
STEPS = (("3600", "1 hour on"), ("86400", "1 day on"), ("604800", "1 week on"))


@dataclass(frozen=True, slots=True)
class NavLink:
    """One link of the main navigation, shown to people who hold `needs` somewhere (None: to everybody signed in).

    `counts_unread`: says how many notices are new.
    """

    label: str
    route: str
    needs: Permission | None = None
    guests: bool = False
    counts_unread: bool = False


@dataclass(frozen=True, slots=True)
class Demo:
    """The bar of a demonstration: the school's time in words, where its form goes, (seconds, label) of each step."""

    now_words: str
    action: str
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PersonBadge:
    name: str
    initials: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    institution: str
    title: str
    person: PersonBadge | None
    links: tuple[tuple[str, str, bool], ...]
    form_token: str
    demo: Demo | None
    flash: str | None
    path: str


class Compiled(BytecodeCache):
    """Templates compiled once a process, however many apps it makes; one whose source changed is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


class Pages:
    """The template environment and the navigation; one per process, on `app.state.pages`."""

    def __init__(self, nav: tuple[NavLink, ...], say_now: Callable[..., str], routes: Sequence[BaseRoute] = ()) -> None:
        self.url = Addresses(routes)
        self.nav = nav
        self.say_now = say_now
        self.env = Environment(
            loader=FileSystemLoader(assets.folder("templates")),
            autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
            undefined=StrictUndefined,
            auto_reload=False,
            bytecode_cache=COMPILED,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.globals["static"] = assets.static_url
        self.env.globals["url"] = self.url
        self.env.globals["kept"] = lru_cache(MACROS_KEPT, typed=True)  # typed: a text and the same as HTML differ
        self.env.globals["same"] = cache(self._same)
        self.env.globals["ui"] = self.env.get_template("ui/ui.html").module  # a block rendered alone has no imports

    def _same(self, template: str) -> Markup:
        """A template that is given nothing, so that it is the same for everybody; rendered once a process."""
        return Markup(self.env.get_template(template).render())  # noqa: S704 escaped by its own rendering


def pages(request: Request) -> Pages:
    found: Pages = request.app.state.pages
    return found


def address(request: Request, route: str, /, **params: object) -> str:
    """The path of a route of this app, by its name."""
    return pages(request).url(route, **params)


def from_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def render(
    request: Request,
    template: str,
    page: object,
    *,
    status: int = 200,
    block: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The template with `page` and the frame. For htmx and a named `block`, that block of the same template alone."""
    if "guest" not in request.scope and not cookie(request):
        request.scope["guest"] = request.cookies.get(guest_cookie_name(house(request).settings)) or ""
    fresh_guest = "guest" in request.scope and not request.scope["guest"]
    if fresh_guest:
        request.scope["guest"] = secrets.token_urlsafe(24)
    found = pages(request).env.get_template(template)
    values = {"page": page, "frame": _frame(request)}
    if block and from_htmx(request):
        body = "".join(found.blocks[block](found.new_context(values)))
    else:
        body = found.render(values)
    response = HTMLResponse(body, status_code=status, headers={"cache-control": PRIVATE, "vary": "Cookie, HX-Request"})
    response.headers.update(headers or {})
    if NOTE_COOKIE in request.cookies:
        response.delete_cookie(NOTE_COOKIE)
    if fresh_guest:
        _set_guest(request, response)
    return response


def render_for_guests(request: Request, template: str, page: object) -> bytes:
    """The whole page as every guest sees it: nothing personal and no form in it, so that it can be kept."""
    settings = house(request).settings
    links = tuple((link.label, pages(request).url(link.route), False) for link in _guest_links(request))
    frame = Frame(
        institution=settings.institution,
        title=settings.institution,
        person=None,
        links=links,
        form_token="",
        demo=None,
        flash=None,
        path=request.url.path,
    )
    found = pages(request).env.get_template(template)
    return found.render(page=page, frame=frame).encode()


def _guest_links(request: Request) -> list[NavLink]:
    return [link for link in pages(request).nav if link.guests]


def redirect(request: Request, to: str, *, note: str | None = None) -> Response:
    """303 to one of our own paths, with an optional sentence shown there once; htmx loads the whole page."""
    to = inside(to)
    if from_htmx(request):
        response = Response(status_code=204, headers={"hx-redirect": quote(to, safe=IN_ADDRESSES)})
    else:
        response = RedirectResponse(to, status_code=303)
    response.headers["cache-control"] = PRIVATE
    if note:
        secure = house(request).settings.secure
        response.set_cookie(NOTE_COOKIE, quote(note), max_age=60, httponly=True, samesite="lax", secure=secure)
    return response


def inside(path: str) -> str:
    """The path if it is one of our own, else the start page: nobody is sent away by an address."""
    plain = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if plain and path.isprintable() else "/"


def _below(address: str) -> str:
    """Path and query of an address; "" for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _set_guest(request: Request, response: Response) -> None:
    settings = house(request).settings
    response.set_cookie(
        guest_cookie_name(settings),
        request.scope["guest"],
        max_age=86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure,
    )


def _frame(request: Request) -> Frame:
    settings = house(request).settings
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    person = visitor.person if visitor else None
    path = request.url.path
    links = []
    for link in pages(request).nav:
        allowed = link.guests if person is None else link.needs is None or person.may_anywhere(link.needs)
        if allowed:
            href = pages(request).url(link.route)
            links.append((_label(link, person), href, path == href or path.startswith(href.rstrip("/") + "/")))
    flash = request.cookies.get(NOTE_COOKIE)
    return Frame(
        institution=settings.institution,
        title=settings.institution,
        person=PersonBadge(person.name, initials(person.name), person.id) if person else None,
        links=tuple(links),
        form_token=form_token(request),
        demo=_demo(request, visitor) if settings.demo and visitor else None,
        flash=unquote(flash)[:300] if flash else None,
        path=path,
    )


def _label(link: NavLink, person: SignedIn | None) -> str:
    if not link.counts_unread or person is None or not person.unread:
        return link.label
    return f"{link.label} ({person.unread}{'+' if person.unread == MANY else ''} new)"


def _demo(request: Request, visitor: Visitor) -> Demo:
    words = pages(request).say_now(visitor.now.school)
    return Demo(words, pages(request).url("demo-clock"), STEPS)


def initials(name: str) -> str:
    """First letters of the first and last word of a name."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`number` is the request's own, by which the log is searched; "" where the visitor alone can help it."""

    status: int
    title: str
    message: str
    what_to_do: str
    link: tuple[str, str]
    number: str = ""


@dataclass(frozen=True, slots=True)
class ResendPage:
    """A form that could not be taken, given back: `fields` are (name, value, has several lines).

    `sign_in` is where to sign in first, "" where one is signed in.
    """

    action: str
    message: str
    fields: tuple[tuple[str, str, bool], ...]
    sign_in: str = ""


def for_programs(request: Request) -> bool:
    """Whether the address is one of the interface for programs, which never gets a page."""
    return request.url.path.startswith("/api/")


def wants_json(request: Request) -> bool:
    if for_programs(request):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept


def error_response(request: Request, error: FourweekError) -> Response:
    """The one place where an error becomes a response: JSON, fragment or page."""
    if wants_json(request):
        body: dict[str, object] = {"status": error.status, "title": error.title, "detail": error.message}
        if fields := getattr(error, "fields", None):
            body["fields"] = fields
        kind, headers = None, {"cache-control": PRIVATE} | _retry(error) | dict(error.headers)
        if for_programs(request):
            kind, headers = PROBLEM, headers | {"access-control-allow-origin": "*"}
        return JSONResponse(body, status_code=error.status, headers=headers, media_type=kind)
    if isinstance(error, SignInNeeded):
        return _sign_in_first(request, error)
    if isinstance(error, StaleForm):
        return _stale_form(request, error)
    if isinstance(error, AskedFirst):
        return redirect(request, error.where)
    if isinstance(error, SecondFactorNeeded):
        return _second_factor_first(request, error)
    return _error_face(request, error)


def _error_face(request: Request, error: FourweekError, link: tuple[str, str] = ("Start page", "/")) -> Response:
    typed = getattr(request.state, "typed", ())
    if error.status in RETRY and typed and not from_htmx(request):
        return _send_again(request, error, typed)
    number = request.scope.get("request_id", "") if error.status >= 500 else ""
    page = ErrorPage(error.status, error.title, error.message, error.advice, link, number)
    headers = _retry(error)
    if not from_htmx(request):
        return render(request, "errors/page.html", page, status=error.status, headers=headers)
    headers |= {"hx-retarget": "#notices", "hx-reswap": "innerHTML"}
    return render(request, "errors/_fragment.html", page, status=error.status, headers=headers)


def _retry(error: FourweekError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"retry-after": str(error.wait)}
    return {"retry-after": RETRY[error.status]} if error.status in RETRY else {}


def _sign_in_first(request: Request, error: SignInNeeded) -> Response:
    """Readers are brought to the sign-in page and back; a page with typed text stays and offers a sign-in beside it."""
    to = pages(request).url("sign-in")
    if request.method in {"GET", "HEAD"}:
        here = _below(request.headers["hx-current-url"] if "hx-current-url" in request.headers else str(request.url))
        return redirect(request, f"{to}?next={quote(inside(here), safe='/')}")
    if from_htmx(request):
        link = ("Sign in in a new tab, then go on here", f"{to}?next=/signed-in")
        return _error_face(request, error, link)
    if typed := getattr(request.state, "typed", ()):
        message = "Your sign-in has ended, so nothing was sent."
        page = ResendPage(request.url.path, message, _given_back(typed), f"{to}?next=/signed-in")
        return render(request, "errors/resend.html", page, status=error.status)
    return _error_face(request, error, ("Sign in", to))


def _second_factor_first(request: Request, error: SecondFactorNeeded) -> Response:
    """Readers are led to where it is set up; whoever sent a form is told, and its page stays open."""
    to = pages(request).url("second-factor")
    if request.method in {"GET", "HEAD"}:
        return redirect(request, to)
    return _error_face(request, error, ("Set it up", to))


def _send_again(request: Request, error: FourweekError, typed: tuple[tuple[str, str], ...]) -> Response:
    """A form that could not be taken just now, given back as it was sent."""
    page = ResendPage(request.url.path, f"{error.message} {error.advice}", _given_back(typed))
    return render(request, "errors/resend.html", page, status=error.status, headers=_retry(error))


def _stale_form(request: Request, error: StaleForm) -> Response:
    if from_htmx(request):
        event = json.dumps({"fresh-token": {"value": form_token(request)}})
        return Response(status_code=403, headers={"hx-trigger": event, "hx-reswap": "none"})
    page = ResendPage(request.url.path, error.message, _given_back(error.typed))
    return render(request, "errors/resend.html", page, status=error.status)


def _given_back(typed: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, bool], ...]:
    return tuple((name, value, "\n" in value or len(value) > 80) for name, value in typed)


def add_error_faces(app: FastAPI) -> None:
    """Install the handlers of the one error tree."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, FourweekError)  # noqa: S101
        return error_response(request, error)

    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        return error_response(request, _named(error.status_code))

    async def bad_address(request: Request, _error: Exception) -> Response:
        return error_response(request, NotFound())

    app.add_exception_handler(FourweekError, ours)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, bad_address)


def _named(status: int) -> FourweekError:
    if status == 404:
        return NotFound()
    error = FourweekError("The request was not one this address takes.", what_to_do="Go back and try again.")
    error.__class__ = type("HttpError", (FourweekError,), {"status": status, "title": "That did not work"})
    return error
