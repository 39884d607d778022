"""Turning answers into responses. `render` and `redirect` alone know htmx; `faces` has what errors look like."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from types import CodeType
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute

from fourweek import assets
from fourweek.accounts.access import MANY, Permission, SignedIn, Visitor
from fourweek.addresses import Addresses
from fourweek.edge import cookie, form_token, guest_cookie_name, house
from fourweek.language import ENGLISH, LANGUAGES, N_, _, spoken
from fourweek.language.templates import let_speak
from fourweek.light import dataclass
from fourweek.livery.wearing import PLAIN, Livery
from fourweek.packing import packed
from fourweek.table_cards import labelled

NOTE_COOKIE = "fourweek-note"
PRIVATE = "no-store"
VARY = "Cookie, Accept-Language, HX-Request"
PROBLEM = "application/problem+json"  # RFC 9457; without a type it is "about:blank"
INTERFACE = "/api/"
"""Below it is the interface for programs."""
MACROS_KEPT = 512
IN_ADDRESSES = "/:%#?=@[]!$&'()*+,;"
"""Signs that stand in an address for themselves; as for the other way to redirect."""
STEPS = (("3600", N_("1 hour on")), ("86400", N_("1 day on")), ("604800", N_("1 week on")))


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
    """The bar of a demonstration: the school's time in words, where its form goes, (seconds, label) of each step, and
    where its people can be tried."""

    now_words: str
    action: str
    steps: tuple[tuple[str, str], ...]
    people: str


@dataclass(frozen=True, slots=True)
class PersonBadge:
    """`new` is how many notices are new, in words; "" for none."""

    name: str
    initials: str
    id: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page. `back` is where it is when it is read again, "" where reading does not show it."""

    institution: str
    title: str
    person: PersonBadge | None
    links: tuple[tuple[str, str, bool], ...]
    form_token: str
    demo: Demo | None
    flash: str | None
    path: str
    back: str = ""


class Compiled(BytecodeCache):
    """Templates compiled once a process, however many apps it makes; one whose source changed is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = {code: Compiled() for code in LANGUAGES}


class Pages:
    """The templates in each language and the navigation; one per process, on `app.state.pages`."""

    def __init__(
        self,
        nav: tuple[NavLink, ...],
        say_now: Callable[..., str],
        routes: Sequence[BaseRoute] = (),
        livery: Livery = PLAIN,
    ) -> None:
        self.url = Addresses(routes)
        self.livery = livery
        self.nav = nav
        self.say_now = say_now
        self._envs = {ENGLISH: self._make_env(ENGLISH)}

    @property
    def env(self) -> Environment:
        """The templates in the language spoken, made ready when it is first asked for."""
        code = spoken()
        if code not in self._envs:
            self._envs[code] = self._make_env(code)
        return self._envs[code]

    def _make_env(self, code: str) -> Environment:
        env = Environment(
            loader=FileSystemLoader(assets.folder("templates")),
            autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
            undefined=StrictUndefined,
            auto_reload=False,
            bytecode_cache=COMPILED[code],
            trim_blocks=True,
            lstrip_blocks=True,
        )
        let_speak(env, code)
        env.filters["labelled"] = labelled
        env.globals["static"] = assets.static_url
        env.globals["url"] = self.url
        env.globals["livery"] = self.livery
        env.globals["kept"] = lru_cache(MACROS_KEPT, typed=True)  # typed: a text and the same as HTML differ
        env.globals["same"] = cache(partial(_same, env))
        env.globals["ui"] = env.get_template("ui/ui.html").module  # a block rendered alone has no imports
        return env


def _same(env: Environment, template: str) -> Markup:
    """A template that is given nothing, so that it is the same for everybody; rendered once a process."""
    return Markup(env.get_template(template).render())  # noqa: S704 escaped by its own rendering


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
    values = {"page": page, "frame": _frame(request, read=status < 400 and request.method in {"GET", "HEAD"})}
    if block and from_htmx(request):
        body = "".join(found.blocks[block](found.new_context(values)))
    else:
        body = found.render(values)
    response = HTMLResponse(body, status_code=status, headers=_said())
    response.headers.update(headers or {})
    if NOTE_COOKIE in request.cookies:
        response.delete_cookie(NOTE_COOKIE)
    if fresh_guest:
        _set_guest(request, response)
    return packed(request, response)


def _said() -> dict[str, str]:
    return {"cache-control": PRIVATE, "vary": VARY, "content-language": spoken()}


def render_for_guests(request: Request, template: str, page: object) -> bytes:
    """The whole page as every guest sees it: nothing personal and no form in it, so that it can be kept."""
    settings = house(request).settings
    links = tuple((_(link.label), pages(request).url(link.route), False) for link in _guest_links(request))
    frame = Frame(
        institution=settings.institution,
        title=settings.institution,
        person=None,
        links=links,
        form_token="",
        demo=None,
        flash=None,
        path=request.url.path,
        back=request.url.path,
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


def below(address: str) -> str:
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


def _frame(request: Request, *, read: bool) -> Frame:
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
        person=PersonBadge(person.name, initials(person.name), person.id, _new(person)) if person else None,
        links=tuple(links),
        form_token=form_token(request),
        demo=_demo(request, visitor) if settings.demo and visitor else None,
        flash=unquote(flash)[:300] if flash else None,
        path=path,
        back=path if read else "",
    )


def _label(link: NavLink, person: SignedIn | None) -> str:
    count = _new(person) if link.counts_unread and person else ""
    return _("{label} ({count} new)", label=_(link.label), count=count) if count else _(link.label)


def _new(person: SignedIn) -> str:
    """How many notices are new, such as "3" or "10+"; "" for none."""
    return f"{person.unread}{'+' if person.unread == MANY else ''}" if person.unread else ""


def _demo(request: Request, visitor: Visitor) -> Demo:
    now = pages(request).say_now(visitor.now.school)
    steps = tuple((seconds, _(words)) for seconds, words in STEPS)
    return Demo(now, pages(request).url("demo-clock"), steps, pages(request).url("demo-people"))


def initials(name: str) -> str:
    """First letters of the first and last word of a name."""
    words = name.split()
    return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper() if words else "?"


def for_programs(request: Request) -> bool:
    """Whether the address is one of the interface for programs, which never gets a page."""
    return request.url.path.startswith(INTERFACE)


def wants_json(request: Request) -> bool:
    if for_programs(request):
        return True
    accept = request.headers.get("accept", "")
    return "json" in accept and "text/html" not in accept
