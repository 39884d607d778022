"""A browser for tests: keeps cookies, signs in without a password, fills in the forms that pages really show."""

import atexit
import re
from contextlib import ExitStack
from functools import cache
from html.parser import HTMLParser
from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from starlette.testclient import TestClient

from fourweek.clock import real_time
from fourweek.edge import House, cookie_name
from tests.factories import sign_in

HOST = "testserver.local"
"""As cookies call a host without a dot (RFC 2965), so that one we send takes the place of one set here."""

WHOLE_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_open = ExitStack()


@cache
def _loop() -> BlockingPortal:
    """One event loop for all browsers, as a server has one for everybody: one for each request costs as much again."""
    atexit.register(end_loop)  # nothing else ends it in a program such as the bench, which would never exit
    return _open.enter_context(start_blocking_portal())


def end_loop() -> None:
    """At the end of a run of tests. More than once does no harm."""
    _open.close()
    _loop.cache_clear()


class Browser(TestClient):
    """A TestClient that follows no redirect by itself and can send a page's form as a person would."""

    def __init__(self, app: FastAPI, person_id: str | None = None) -> None:
        super().__init__(app, base_url="http://testserver", follow_redirects=False)
        self.portal = _loop()
        self.house: House = app.state.house
        if person_id is not None:
            self.sign_in_as(person_id)

    def sign_in_as(self, person_id: str) -> None:
        token = self.house.db.write_now(sign_in, person_id, real_time())
        self.cookies.set(cookie_name(self.house.settings), token, domain=HOST)

    def submit(self, page: str, action: str, files: Any = None, **values: Any) -> httpx2.Response:
        """Open `page`, take its form whose action is `action`, change `values`, and send it. Missing form: KeyError."""
        form = forms(self.get(page).text)[action]
        data = {**form, **values}
        return self.post(action, data={k: v for k, v in data.items() if v is not None}, files=files)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, Any]] = {}
        self._fields: dict[str, Any] | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {k: v or "" for k, v in attrs}
        if tag == "form" and got.get("method", "").lower() == "post":
            self._fields = self.found.setdefault(got.get("action", ""), {})
        if self._fields is None or "name" not in got:
            return
        if tag == "textarea":
            self._area = got["name"]
            self._fields[self._area] = ""
        elif tag == "input" and got.get("type") not in {"file", "submit"}:
            self._input(got)

    def _input(self, got: dict[str, str]) -> None:
        assert self._fields is not None
        if got.get("type") in {"radio", "checkbox"} and "checked" not in got:
            return
        self._fields[got["name"]] = got.get("value", "on" if got.get("type") == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._fields is not None:
            self._fields[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        if tag == "form":
            self._fields = None


def forms(html: str) -> dict[str, dict[str, Any]]:
    """The POST forms of a page: {action: {field: value as the page shows it}} (selects are left to the caller)."""
    parser = _Forms()
    parser.feed("".join(WHOLE_FORM.findall(html)))  # a page is mostly something else, and reading it takes its time
    return parser.found
