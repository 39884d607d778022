"""A client of the protocol for tests, over a browser's own cookies and the token of its page."""

import base64
from pathlib import Path
from typing import Any

import anyio
import httpx2
from fastapi import FastAPI
from sqlalchemy import select

from assessments.uploads.access import UPLOAD
from fourweek.database import Database
from fourweek.edge import House, cookie_name
from tests.assessments.evidence.school import School
from tests.visits import Browser, forms

PIECE = "application/offset+octet-stream"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 12_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def named(name: str, **more: str) -> str:
    """An Upload-Metadata header."""
    told = {"filename": name, "attempt": "1", **more}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in told.items())


class Sender:
    """Alice's script, or whoever's browser it is given."""

    def __init__(self, browser: Browser, school: School) -> None:
        self.browser, self.school = browser, school
        self.base = f"{school.at}/uploads/proof"
        self.sign_in_again()

    def sign_in_again(self) -> None:
        self.token = forms(self.browser.get("/home").text)["/sign-out"]["form_token"]

    def ask(self, method: str, at: str, content: Any = b"", **headers: str) -> httpx2.Response:
        """A request of the protocol; underscores in the names of headers stand for hyphens."""
        own = {"tus-resumable": "1.0.0", "x-form-token": self.token, "accept": "application/json"}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.request(method, at, content=content, headers=own)

    def begin(self, name: str, size: int, **headers: str) -> httpx2.Response:
        given = {"upload_length": str(size), "upload_metadata": named(name)}
        return self.ask("POST", self.base, **(given | headers))

    def begun(self, name: str, size: int) -> str:
        answer = self.begin(name, size)
        assert answer.status_code == 201, answer.text
        return str(answer.headers["location"])

    def put(self, at: str, offset: int, data: Any, **headers: str) -> httpx2.Response:
        return self.ask("PATCH", at, data, **({"upload_offset": str(offset), "content_type": PIECE} | headers))

    def offset(self, at: str) -> int:
        return int(self.ask("HEAD", at).headers["upload-offset"])

    def send(self, name: str, data: bytes, step: int = 1 << 30) -> httpx2.Response:
        """A whole file in pieces; the answer to the last one."""
        at = self.begun(name, len(data))
        for start in range(0, len(data), step):
            answer = self.put(at, start, data[start : start + step])
        return answer

    def hang_up(
        self, app: FastAPI, at: str, offset: int, pieces: list[bytes], *, silent: bool = False, **headers: str
    ) -> list[int]:
        """Send these as the beginning of a longer piece, then hang up, or say nothing more; the answered statuses."""
        cookie = cookie_name(self.browser.house.settings)
        sent = {
            "host": "testserver",
            "cookie": f"{cookie}={self.browser.cookies[cookie]}",
            "tus-resumable": "1.0.0",
            "x-form-token": self.token,
            "content-type": PIECE,
            "upload-offset": str(offset),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "PATCH",
            "scheme": "http",
            "path": at,
            "raw_path": at.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "server": ("testserver", 80),
            "client": ("test", 1),
        }
        messages: list[dict[str, Any]] = [{"type": "http.request", "body": data, "more_body": True} for data in pieces]
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            if silent and not messages:
                await anyio.sleep_forever()
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        async def run() -> None:
            await app(scope, receive, send)

        anyio.run(run)
        return statuses


def uploads(db: Database) -> list[Any]:
    return db.read_now(lambda conn: list(conn.execute(select(UPLOAD).order_by(UPLOAD.c.id)).all()))


def on_disk(house: House) -> list[Path]:
    """Files of uploads that are not finished."""
    there = house.store.spool / "uploads"
    return sorted(there.iterdir()) if there.is_dir() else []


def said(answer: httpx2.Response) -> str:
    return str(answer.json()["detail"])
