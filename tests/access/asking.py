"""Requests straight to the application, one after another: no client, no thread between, nothing kept of an answer."""

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
GUEST = "a-guest-of-the-tests"
LONGEST = 60  # seconds, after which something hangs


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return urlencode(self.form).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def to(self) -> str:
        """Where it sends the reader, "" where it does not."""
        return self.headers.get("location") or self.headers.get("hx-redirect", "")

    @property
    def asks_to_sign_in(self) -> bool:
        return self.status == 401 or self.to.startswith("/sign-in?next=")

    @property
    def is_let_in(self) -> bool:
        return self.status not in {403, 404} and not self.asks_to_sign_in


class Asker:
    """Asks the application as whoever has the token of a sign-in, or as a guest."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()

    def ask(self, asked: Asked, token: str = "") -> Answer:
        """One request. An unsafe one carries the right form token, and the fields given."""
        return self._runner.run(asyncio.wait_for(_answered(self.app, _scope(asked, token), asked.body), LONGEST))


def _scope(asked: Asked, token: str) -> dict[str, Any]:
    given = {"host": "testserver", "cookie": f"fourweek={token}" if token else f"fourweek-guest={GUEST}"}
    if asked.method not in SAFE:
        given |= {
            "x-form-token": sha256(b"form token " + (token or GUEST).encode()).hexdigest(),
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(asked.body)),
        }
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": asked.path,
        "raw_path": quote(asked.path).encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in (given | asked.headers).items()],
        "client": ("127.0.0.1", 50000),
        "server": ("testserver", 80),
        "state": {},
    }


async def _answered(app: FastAPI, scope: dict[str, Any], body: bytes) -> Answer:
    start: dict[str, Any] = {}
    pieces: list[bytes] = []
    is_sent = False

    async def receive() -> dict[str, Any]:
        nonlocal is_sent
        if is_sent:
            await asyncio.sleep(LONGEST)
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(pieces))
