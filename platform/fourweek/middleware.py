"""One pure ASGI layer around the app: host, origin, body size, security headers, what is counted, a log line."""

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fourweek.edge import FRESH, MOST_BYTES, sign_in_cookie
from fourweek.errors import Busy, FourweekError, Refused, TooLarge
from fourweek.faces import error_response
from fourweek.faults import foreseen
from fourweek.language import ENGLISH, N_, _, speaking
from fourweek.language.choosing import CHOSEN, asked_for, chosen
from fourweek.logs import REQUEST
from fourweek.metrics import Metrics
from fourweek.pages import INTERFACE, below, inside
from fourweek.settings import Settings

log = structlog.get_logger("fourweek.request")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGE = ("multipart/form-data", "application/offset+octet-stream")
"""Bodies that are never held in memory: forms with files, and pieces of a file (tus)."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
WATCHED = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by machines under whatever name they know us by; nothing there is a link."""
REQUEST_ID = b"x-request-id"
_LENGTH = re.compile("[0-9]{1,18}")

STRANGE_HOST = N_("This server does not answer under that name.")
STOPPING = N_("The server is being started again, and did not wait for this any longer.")
AFTERWARDS = N_(
    "Open the page again in a moment and see what was kept. A file that came in pieces goes on where it was."
)
Pair = tuple[bytes, bytes]
OtherHosts = Callable[[], Awaitable[Collection[str]]]
"""Gives the hosts of addresses that this school had before."""


class Guard:
    """Refuses what no page of ours sends, and puts the headers on every answer, errors included."""

    def __init__(
        self, app: ASGIApp, settings: Settings, other_hosts: OtherHosts, metrics: Metrics, paths: Iterable[str]
    ) -> None:
        """`paths` are those of all routes, as they are declared."""
        self.app = app
        self.other_hosts = other_hosts
        self.metrics = metrics
        self.told = Told(paths)
        self.settings = settings
        parts = urlsplit(settings.public_url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.hosts = {parts.netloc}
        if parts.hostname in {"127.0.0.1", "localhost", "::1"}:
            self.hosts |= {f"{name}:{parts.port}" if parts.port else name for name in LOOPBACK}
        self.origins = {self.origin} | {f"{parts.scheme}://{host}" for host in self.hosts}
        always = _SECURE if settings.secure else ALWAYS
        self.always = [(name.encode(), value.encode()) for name, value in always.items()]
        self.largest = max(settings.package_limit, settings.upload_limit * 4) + settings.form_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, headers = secrets.token_hex(8), Headers(scope=scope)
        scope["request_id"] = number
        scope.setdefault("state", {})
        token = REQUEST.set(number)
        try:
            with speaking(self._language(scope, headers)):
                await self._guarded(scope, headers, receive, send)
        finally:
            REQUEST.reset(token)

    def _language(self, scope: Scope, headers: Headers) -> str:
        """The language chosen in the browser, else the one it asks for, else the school's; programs get English."""
        here = ENGLISH if scope["path"].startswith(INTERFACE) else chosen(headers)
        scope[CHOSEN] = bool(here)
        return here or asked_for(headers.get("accept-language", "")) or self.settings.language

    async def _guarded(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        """Answer it, count it, and write its line."""
        started, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(scope, message)
                self._add_fresh_cookie(scope, message)
            await send(message)

        upload = headers.get("content-type", "").startswith(LARGE)
        self.metrics.begin(upload=upload)
        bounded = self._bounded(scope, headers, receive)
        try:
            await self._answer(scope, headers, bounded, send_guarded, lambda: status == 0)
        finally:
            took = time.perf_counter() - started
            self.metrics.end(_route(scope), scope["method"], status, took, upload=upload)
            self._write_line(scope, status, took)

    def _write_line(self, scope: Scope, status: int, took: float) -> None:
        visitor = scope["state"].get("visitor")
        who = {"person": visitor.person.id} if visitor is not None and visitor.person is not None else {}
        path, ms = self.told(scope["path"]), round(took * 1000, 1)
        log.info("request", method=scope["method"], path=path, status=status, ms=ms, **who)

    async def _answer(
        self, scope: Scope, headers: Headers, receive: Receive, send: Send, unanswered: Callable[[], bool]
    ) -> None:
        """Refuse it or run the app; what nobody foresaw becomes our page with our headers, never a bare 500."""
        try:
            await self._check(scope, headers)
            await self.app(scope, receive, send)
        except asyncio.CancelledError:  # the server ends, and no longer waits for this request
            log.warning("cut off", path=self.told(scope["path"]))
            if unanswered():
                cut = Busy(_(STOPPING), what_to_do=_(AFTERWARDS))
                await error_response(Request(scope, receive), cut)(scope, receive, send)
        except Exception as error:
            known = foreseen(error)
            if known is None:
                log.exception("unforeseen", path=self.told(scope["path"]))
            if not unanswered():
                raise
            await error_response(Request(scope, receive), known or FourweekError())(scope, receive, send)

    async def _check(self, scope: Scope, headers: Headers) -> None:
        """Raises what no page of ours would send."""
        if not await self._is_ours(scope, headers):
            raise Refused(_(STRANGE_HOST))
        if refusal := self._refusal(scope, headers):
            raise refusal

    async def _is_ours(self, scope: Scope, headers: Headers) -> bool:
        """Whether we answer under that name: under an earlier one of ours there is only reading."""
        host = headers.get("host", "")
        if host in self.hosts:
            return True
        return scope["method"] in SAFE and (scope["path"] in WATCHED or host in await self.other_hosts())

    def _refusal(self, scope: Scope, headers: Headers) -> FourweekError | None:
        if scope["method"] not in SAFE and not self._from_here(headers):
            return Refused(_("That form was sent from another site."))
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return Refused(_("That address holds a sign that none of ours has."))
        length = headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > self._limit(headers):
            return TooLarge()
        return None

    def _from_here(self, headers: Headers) -> bool:
        """A page of ours without referrer sends `null` as its origin: then the browser has to say that it is ours."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None and site not in {"same-origin", "none"}:
            return False
        return origin is None or origin in self.origins or (origin == "null" and site == "same-origin")

    def _limit(self, headers: Headers) -> int:
        kind = headers.get("content-type", "")
        return self.largest if kind.startswith(LARGE) else self.settings.form_limit

    def _bounded(self, scope: Scope, headers: Headers, receive: Receive) -> Receive:
        """Refuses more of a body than may come of its kind; whoever reads it may allow less (`edge.MOST_BYTES`)."""
        limit, got = self._limit(headers), 0

        async def receive_bounded() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > min(limit, scope.get(MOST_BYTES, limit)):
                raise TooLarge
            return message

        return receive_bounded

    def _add_headers(self, scope: Scope, message: Message) -> None:
        """Ours after the answer's own, which stand where it has one of the same name."""
        own = {name for name, _value in message["headers"]}
        if message["status"] == 304:  # says nothing new of how long the browser's copy may be kept
            own.add(b"cache-control")
        ours = (pair for pair in self.always if pair[0] not in own)
        headers = _led_inside(message["headers"]) if message["status"] == 307 else message["headers"]
        message["headers"] = [*headers, *ours, (REQUEST_ID, scope["request_id"].encode())]

    def _add_fresh_cookie(self, scope: Scope, message: Message) -> None:
        """The new identifier that a sign-in got with this request (`edge.FRESH`), on an answer that nobody keeps."""
        if token := scope.get(FRESH):
            rest = [pair for pair in message["headers"] if pair[0] != b"cache-control"]
            kept = (b"cache-control", b"no-store")
            message["headers"] = [*rest, kept, sign_in_cookie(self.settings, token)]


def _led_inside(headers: Iterable[Pair]) -> Iterator[Pair]:
    """The router leads from an address with a slash at its end to the one without: by its path alone, for the host and
    the scheme that it names are the request's own, and behind a proxy with TLS that would be plain http."""
    for name, value in headers:
        yield name, inside(below(value.decode("latin-1"))).encode("latin-1") if name == b"location" else value


def _route(scope: Scope) -> str:
    """The path of the route that answered, as it is declared; "" where none did."""
    return getattr(scope.get("route"), "path", "")


class Told:
    """Gives a path as a log may hold it: without what opens something for whoever has read it.

    That is what stands in the place of `{token}` in any route, and whatever is asked for in its place, mistyped or not.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        before = {path.partition("{token}")[0] for path in paths if "{token}" in path}
        places = (re.sub(r"\\{\w+\\}", "[^/]+", re.escape(place).replace("/", "/+")) for place in sorted(before))
        self._secret = re.compile(f"^({'|'.join(places)})[^/]+", re.IGNORECASE) if before else None

    def __call__(self, path: str) -> str:
        return self._secret.sub(r"\1…", path) if self._secret else path


_UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "cache-control": "no-store",
}
_SECURE = ALWAYS | {"strict-transport-security": "max-age=31536000"}
