"""Every route asked by everybody in every way, against what it declares."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import event

from fourweek.database import Database
from fourweek.edge import House
from tests.access.addresses import TUS, filled, form, not_there
from tests.access.asking import SAFE, Answer, Asked, Asker
from tests.access.people import PERSONAS, UNSEEN, Persona, is_let_in
from tests.access.world import World
from tests.browser.rounds.routes import NO_PAGES

PAGE: dict[str, str] = {}
FRAGMENT = {"hx-request": "true"}
JSON = {"accept": "application/json"}
LOCKED = re.compile(rb"secret[ -](lesson|body|instructions)[ -][34]", re.IGNORECASE)
"""Words of the weeks that are not open yet; whoever serves the cohort may read them."""

POLICY = "default-src 'none'"
WRITES = ("INSERT", "UPDATE", "DELETE")
Choose = Callable[[APIRoute], tuple[Persona, ...]]


@contextmanager
def undone(db: Database) -> Iterator[list[str]]:
    """Nothing that is written stays; yields the statements that would have changed something."""
    changes: list[str] = []

    def write_now(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with db._turn(), db.writer.connect() as conn:
            try:
                return fn(conn, *args, **kwargs)
            finally:
                conn.rollback()

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().startswith(WRITES):
            changes.append(statement)

    event.listen(db.writer, "before_cursor_execute", note)
    db.write_now = write_now  # type: ignore[method-assign]
    yield changes
    del db.write_now
    event.remove(db.writer, "before_cursor_execute", note)


class Matrix:
    """What was asked and answered. `problems` are by kind of promise that was broken, "" where all is well."""

    def __init__(self, app: FastAPI, world: World) -> None:
        self.house: House = app.state.house
        self.routes = tuple(route for route in app.routes if isinstance(route, APIRoute))
        self.world, self.asker = world, Asker(app)
        self.problems: dict[str, list[str]] = defaultdict(list)
        self.asked = 0
        self._changes: list[str] = []

    @contextmanager
    def open(self) -> Iterator["Matrix"]:
        with undone(self.house.db) as self._changes:
            yield self
        self.asker.close()

    def run(self, who: Choose = lambda _route: PERSONAS) -> None:
        for route in self.routes:
            for method in sorted((route.methods or set()) - {"HEAD"}):
                for one in who(route):
                    self._ask_each(route, method, one)

    def _ask_each(self, route: APIRoute, method: str, one: Persona) -> None:
        asked = self._request(route, method, one, PAGE)
        answer = self._ask(route, asked, one)
        self._compare(f"{method} {route.path} as {one.words}", answer, route, one)
        if method == "GET" and answer.status == 200 and _is_page(answer) == (route.name in NO_PAGES):
            self.problems["tests/browser/rounds says what is a page"].append(route.name)
        if not answer.is_let_in and "{" in route.path and one.name and (answer.status == 404 or not one.is_inside):
            self._compare_with_nothing(route, asked, answer, one)

    def run_ways(self, who: Choose) -> None:
        """Pages as HEAD, as a fragment, as JSON, with a slash at the end and by a method that none takes."""
        for route in self.routes:
            if "GET" not in (route.methods or set()):
                continue
            for one in who(route):
                self._ask_ways(route, one)
            self._ask_strangely(route)

    def _ask_ways(self, route: APIRoute, one: Persona) -> None:
        page = self._ask(route, self._request(route, "GET", one, PAGE), one)
        for name, method, headers in (("HEAD", "HEAD", PAGE), ("fragment", "GET", FRAGMENT), ("JSON", "GET", JSON)):
            answer = self._ask(route, self._request(route, method, one, headers), one)
            what = f"{route.path} as {one.words} by {name}"
            self._compare(what, answer, route, one)
            if name == "HEAD" and (answer.status, _kind(answer)) != (page.status, _kind(page)):
                self.problems["HEAD is as GET"].append(f"{what}: {answer.status}, not {page.status}")
            if name == "JSON" and not answer.is_let_in and answer.status not in {401, 403, 404}:
                self.problems["JSON is told by its status"].append(f"{what}: {answer.status}")

    def _ask_strangely(self, route: APIRoute) -> None:
        path = filled(route, self.world.sides[0].names)
        for asked in (Asked("GET", path.rstrip("/") + "/"), Asked("TRACE", path)):
            if asked.path == path and asked.method == "GET":
                continue
            answer = self._ask(route, asked, PERSONAS[0])
            if answer.status not in {307, 400, 404, 405} and not answer.asks_to_sign_in:
                self.problems["no way around"].append(f"{asked.method} {asked.path}: {answer.status}")

    def _request(self, route: APIRoute, method: str, one: Persona, headers: dict[str, str]) -> Asked:
        side = self.world.sides[0]
        fields = {} if method in SAFE else form(route, side, *self.world.called(one.name))
        in_pieces = "/uploads/" in route.path and method not in SAFE
        return Asked(method, filled(route, side.names), fields, headers | (TUS if in_pieces else {}))

    def _ask(self, route: APIRoute, asked: Asked, one: Persona) -> Answer:
        self._changes.clear()
        answer = self.asker.ask(asked, self.world.tokens.get(one.name, ""))
        self.asked += 1
        what = f"{asked.method} {route.path} as {one.words}"
        if answer.status >= 500:
            self.problems["no 5xx"].append(f"{what}: {answer.status}")
        if not answer.headers.get("content-security-policy", "").startswith(POLICY):
            self.problems["a policy on every answer"].append(what)
        if answer.headers.get("x-content-type-options") != "nosniff":
            self.problems["nosniff on every answer"].append(what)
        if one.role is None and LOCKED.search(answer.body):
            self.problems["nothing before its release"].append(what)
        if asked.method in SAFE and (wrote := [one for one in self._changes if not _is_known(route, one)]):
            self.problems["reading changes nothing"].append(f"{what}: {wrote[0][:60]}")
        return answer

    def _compare(self, what: str, answer: Answer, route: APIRoute, one: Persona) -> None:
        expected = is_let_in(route, one)
        if answer.is_let_in != expected:
            said = "let in" if expected else "kept out"
            self.problems["as declared"].append(f"{what}: {answer.status}, to be {said}")
        elif not expected and bool(one.name) == answer.asks_to_sign_in and route.path not in UNSEEN:
            self.problems["who has to sign in"].append(f"{what}: {answer.status} {answer.to}")

    def _compare_with_nothing(self, route: APIRoute, asked: Asked, answer: Answer, one: Persona) -> None:
        """Somebody without a part in it cannot tell what is not theirs from what is not there."""
        path = filled(route, not_there(self.world.sides[0].names))
        if path == asked.path:
            return
        nothing = self._ask(route, Asked(asked.method, path, asked.form, asked.headers), one)
        if _outside(nothing) != _outside(answer):
            what = f"{asked.method} {route.path} as {one.words}"
            told = sorted(set(_outside(answer)) ^ set(_outside(nothing)))
            self.problems["not yours is as not there"].append(f"{what}: {told}")


def _kind(answer: Answer) -> str:
    return answer.headers.get("content-type", "")


def _is_page(answer: Answer) -> bool:
    """A part of a page comes without the head of one."""
    return _kind(answer).startswith("text/html") and answer.body.lstrip()[:9].lower() == b"<!doctype"


def _outside(answer: Answer) -> frozenset[tuple[str, str]]:
    """What can be told of an answer from outside."""
    told = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return frozenset({("status", str(answer.status)), ("length", str(len(answer.body))), *told.items()})


def _is_known(route: APIRoute, statement: str) -> bool:
    words = statement.split()
    table = words[1] if words[0] == "UPDATE" else words[2]
    return table in KNOWN_CHANGES.get("", {}) | KNOWN_CHANGES.get(route.path, {})


KNOWN_CHANGES: dict[str, dict[str, str]] = {
    "": {"sign_in": "when it was used last, every five minutes", "person": "the same"},
    "/badges/{slug}": {"credential_check": "our own check of the badge is kept, so that it is not made for everybody"},
    "/status/{number}": {"status_list": "the list is signed when it is asked for, and kept"},
    "/notices/{notice_id}/open": {"outbox_message": "following a notice marks it as read"},
    "/record/{learner_number}/licences/{licence_id}": {"audit_row": "that a registrar looked is an act"},
    "/shared/{token}": {"attempt_count": "tries are counted", "share_visit": "its learner sees who came"},
    "/shared/{token}/document.{ending}": {"attempt_count": "tries are counted", "share_visit": "its learner sees it"},
}
"""What reading may change, by route ("" for all), with the reason."""
