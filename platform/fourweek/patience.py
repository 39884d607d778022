"""How long a request may take, and how long its head may be: who sends a byte now and then, or a head without end, is
cut off, and nobody waits for them."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fourweek.middleware import ALWAYS

HEAD = 20.0
"""Seconds within which a connection has sent the whole head of its first request, or of the next one it has begun."""
BODY = 60.0
"""Seconds that a request may take whatever its size; more by one for every `SLOWEST` bytes that have come."""
SLOWEST = 256
LONGEST = 64 * 1024
"""Bytes that may come in a row with neither a whole head nor anything of a body: what they say is held in memory."""
LOOK = 5.0
"""Seconds between two looks at a connection."""

_LINES = b"".join(f"{name}: {value}\r\n".encode() for name, value in ALWAYS.items())


def _refusal(status: bytes, words: bytes) -> bytes:
    return (
        b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        b"content-length: %d\r\n%s\r\n%s" % (status, len(words), _LINES, words)
    )


UNREADABLE = _refusal(b"400 Bad Request", b"That is no request this server can read.\n")
TOO_LONG = _refusal(b"431 Request Header Fields Too Large", b"The head of that request is too long.\n")


def too_slow(seconds: float, *, has_head: bool, got: int) -> bool:
    """Whether a request has taken too long, `seconds` after it began with `got` bytes of its body there. Pure."""
    return seconds > (BODY + got / SLOWEST if has_head else HEAD)


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which itself waits for ever, for a head and for the rest of a body, and takes any head."""

    _since: float | None = None
    _has_head = False
    _got = 0
    _held = 0
    _looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin()
        self._looking = self.loop.call_later(LOOK, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._since is None:  # also for what is no beginning yet, such as empty lines
            self._begin()
        self._held += len(data)
        super().data_received(data)
        if self._held > LONGEST and self._since is not None and not self.transport.is_closing():
            self._refuse_head()

    def on_message_begin(self) -> None:
        if self._since is None:  # the next one in the same piece of data
            self._begin()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._has_head, self._held = True, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._got += len(body)
        self._held = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._since = None
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 uvicorn's words
        self.transport.write(UNREADABLE)
        self.transport.close()

    def _refuse_head(self) -> None:
        """Also a tail without end: fields may follow a body that comes in chunks."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(TOO_LONG)
        self.transport.close()

    def _begin(self) -> None:
        self._since, self._has_head, self._got, self._held = self.loop.time(), False, 0, 0

    def _look(self) -> None:
        since = self._since
        if since is not None and too_slow(self.loop.time() - since, has_head=self._has_head, got=self._got):
            self._looking = None
            self.transport.close()  # what runs for it learns that nobody is there any more
            return
        self._looking = self.loop.call_later(LOOK, self._look)
