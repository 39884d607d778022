"""One page behind the real security policy, and a server that answers as the application would."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePath
from types import SimpleNamespace
from urllib.parse import parse_qs

from fourweek import assets
from fourweek.static_files import TYPES
from tests.templates.examples import environment, frame

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE = """
{% extends "base.html" %}
{% block main %}
{{ ui.head("Note") }}
<form id="draft" method="post" action="/plain" data-guard>
{{ ui.token(frame) }}
{{ ui.textarea("Note", "method", "one two", words=true, required=none,
  attrs={"hx-post": "/draft", "hx-trigger": "input changed delay:50ms, typed-early", "hx-swap": "none"}) }}
{{ ui.save_state() }}
{{ ui.button("Hand in") }}
</form>
<form hx-post="/wrong" hx-target="#answer" id="wrong">{{ ui.button("Wrong") }}</form>
<form hx-post="/broken" hx-target="#answer" id="broken">{{ ui.button("Broken") }}</form>
<form hx-post="/taken" hx-target="#answer" id="taken">{{ ui.button("Taken") }}</form>
<div id="answer"></div>
{% for box in ["again", "other", "gone"] %}
<div id="{{ box }}" hx-target="this" hx-swap="outerHTML">
<button name="next" value="1" hx-post="/{{ box }}">Press</button></div>
{% endfor %}
<form id="slow" method="post" action="/slow" enctype="multipart/form-data">
<input type="file" name="file">{{ ui.button("Publish") }}</form>
{{ ui.level_choice(page.criterion, "level") }}
{% endblock %}
"""
SWAPS = {
    "again": '<div id="again"><button name="next" value="1">Press</button></div>',
    "other": '<div id="other"><p>Read</p><button name="next" value="0">Take back</button></div>',
    "gone": '<div id="gone"></div>',
}


def page() -> bytes:
    levels = [SimpleNamespace(key=key, title=key, descriptor=key) for key in ("low", "middle", "high")]
    criterion = SimpleNamespace(key="c", title="C", description="", required_level="high", levels=levels)
    template = environment().from_string(PAGE.strip())
    return template.render(frame=frame(), page=SimpleNamespace(criterion=criterion)).encode()


class Handler(BaseHTTPRequestHandler):
    """GET: the page or a static file. POST: what the path is called; every one is noted in `posts`."""

    posts: list[tuple[str, str | None, dict[str, list[str]]]]
    body = b""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if not path.startswith("/static/"):
            self._answer(200, self.body)
            return
        file = path.removeprefix("/static/")
        self._answer(200, assets.content(file), {"content-type": TYPES.get(PurePath(file).suffix, "image/png")})

    def do_POST(self) -> None:
        typed = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode(), keep_blank_values=True)
        token = self.headers["x-form-token"]
        self.posts.append((self.path, token, typed))
        if self.path == "/draft" and token != "fresh":
            self._answer(403, b"", {"hx-trigger": json.dumps({"fresh-token": {"value": "fresh"}}), "hx-reswap": "none"})
        elif self.path == "/draft":
            self._answer(200, b"", {"hx-trigger": json.dumps({"saved": "Saved 14:02"})})
        elif self.path == "/taken":
            fragment = environment().get_template("errors/_fragment.html")
            facts = SimpleNamespace(title="Taken", message="By Marta.", what_to_do="", link=None, number="")
            self._answer(409, fragment.render(page=facts).encode())
        elif self.path.strip("/") in SWAPS:
            self._answer(200, SWAPS[self.path.strip("/")].encode())
        else:
            status = {"/wrong": 422, "/broken": 500, "/plain": 204, "/slow": 204}[self.path]
            self._answer(status, b"" if status == 204 else b"<p>Look again</p>")

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"content-type": "text/html; charset=utf-8"} | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("content-security-policy", POLICY)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def small_site() -> Iterator[tuple[str, list[tuple[str, str | None, dict[str, list[str]]]]]]:
    """Address of the running site, and the list of what is posted to it: (path, token header, fields)."""
    posts: list[tuple[str, str | None, dict[str, list[str]]]] = []
    handler = type("Served", (Handler,), {"posts": posts, "body": page()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", posts
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
