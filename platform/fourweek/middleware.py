"""One pure ASGI layer around the app: host, origin, body size, security headers, a log line."""

import re
import time
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fourweek.edge import FRESH, sign_in_cookie
from fourweek.errors import FourweekError, Refused, TooLarge
from fourweek.faults import foreseen
from fourweek.pages import error_response
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

STRANGE_HOST = "This server does not answer under that name."
OtherHosts = Callable[[], Awaitable[Collection[str]]]
"""Gives the hosts of addresses that this school had before."""


class Guard:
    """Refuses what no page of ours sends, and puts the headers on every answer, errors included."""

    def __init__(self, app: ASGIApp, settings: Settings, other_hosts: OtherHosts) -> None:
        self.app = app
        self.other_hosts = other_hosts
        self.settings = settings
        parts = urlsplit(settings.public_url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.hosts = {parts.netloc}
        if parts.hostname in {"127.0.0.1", "localhost", "::1"}:
            self.hosts |= {f"{name}:{parts.port}" if parts.port else name for name in LOOPBACK}
        self.origins = {self.origin} | {f"{parts.scheme}://{host}" for host in self.hosts}
        always = _SECURE if settings.secure else _PLAIN
        self.always = [(name.encode(), value.encode()) for name, value in always.items()]
        self.largest = max(settings.package_limit, settings.upload_limit * 4) + settings.form_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message)
                self._add_fresh_cookie(scope, message)
            await send(message)

        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers) if await self._is_ours(scope, headers) else Refused(STRANGE_HOST)
        if refusal is not None:
            response = error_response(Request(scope, receive), refusal)
            await response(scope, receive, send_guarded)
        else:
            await self._answer(scope, self._bounded(headers, receive), send_guarded, lambda: status == 0)
        took = round((time.perf_counter() - started) * 1000, 1)
        log.info("request", method=scope["method"], path=told(scope["path"]), status=status, ms=took)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, unanswered: Callable[[], bool]) -> None:
        """Run the app; what nobody foresaw becomes our page with our headers, never a bare 500."""
        try:
            await self.app(scope, receive, send)
        except Exception as error:
            known = foreseen(error)
            if known is None:
                log.exception("unforeseen", path=told(scope["path"]))
            if not unanswered():
                raise
            await error_response(Request(scope, receive), known or FourweekError())(scope, receive, send)

    async def _is_ours(self, scope: Scope, headers: Headers) -> bool:
        """Whether we answer under that name: under an earlier one of ours there is only reading."""
        host = headers.get("host", "")
        return host in self.hosts or (scope["method"] in SAFE and host in await self.other_hosts())

    def _refusal(self, scope: Scope, headers: Headers) -> FourweekError | None:
        if scope["method"] not in SAFE and not self._from_here(headers):
            return Refused("That form was sent from another site.")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return Refused("That address holds a sign that none of ours has.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(headers):
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

    def _bounded(self, headers: Headers, receive: Receive) -> Receive:
        limit, got = self._limit(headers), 0

        async def receive_bounded() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > limit:
                raise TooLarge
            return message

        return receive_bounded

    def _add_headers(self, message: Message) -> None:
        """Ours after the answer's own, which stand where it has one of the same name."""
        own = {name for name, _ in message["headers"]}
        if message["status"] == 304:  # says nothing new of how long the browser's copy may be kept
            own.add(b"cache-control")
        message["headers"] = [*message["headers"], *(pair for pair in self.always if pair[0] not in own)]

    def _add_fresh_cookie(self, scope: Scope, message: Message) -> None:
        """The new identifier that a sign-in got with this request (`edge.FRESH`), on an answer that nobody keeps."""
        if token := scope.get(FRESH):
            rest = [pair for pair in message["headers"] if pair[0] != b"cache-control"]
            kept = (b"cache-control", b"no-store")
            message["headers"] = [*rest, kept, sign_in_cookie(self.settings, token)]


def told(path: str) -> str:
    """A path as a log may hold it: without what opens something for whoever has read it."""
    return _SECRET.sub(r"\1…", path)


_SECRET = re.compile("^(/calendar/|/shared/|/set-password/|/sign-up/|/unsubscribe/|/account/addresses/confirm/)[^/]+")
_UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
_PLAIN = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "cache-control": "no-store",
}
_SECURE = _PLAIN | {"strict-transport-security": "max-age=31536000"}
