"""What the app is compared with: the least that Starlette and Jinja2 need for a page, a hello, and nothing else.

Runs as a process (`python -m tests.bench.bare PORT WORKERS`); `/page/N` is a page of N rows. With BENCH_IMPORTS (names
of modules, separated by spaces) its workers import our libraries too, so that memory can be told apart.
"""

import os
import sys
from functools import cache
from importlib import import_module

import uvicorn
from jinja2 import DictLoader, Environment
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

BASE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="/static/app.css"></head>
<body><header><a href="/">{{ house }}</a><nav><ul>
{% for label, href in links %}<li><a href="{{ href }}">{{ label }}</a></li>
{% endfor %}</ul></nav><p>{{ person }}</p></header>
<main>{% block main %}{% endblock %}</main><footer><p>{{ house }}</p></footer></body></html>
"""
PAGE = """{% extends "base.html" %}
{% block main %}<h1>{{ title }}</h1>
<ul>{% for row in rows %}
<li class="entry{% if row.done %} is-done{% endif %}"><span class="entry-number">{{ row.number }}</span>
<div class="entry-body"><h3><a href="/lessons/{{ row.slug }}">{{ row.title }}</a></h3>
<p class="entry-meta">{{ row.minutes }} minutes, {{ row.words }}</p></div></li>
{%- endfor %}</ul>{% endblock %}
"""
LINKS = (("Home", "/home"), ("Courses", "/courses"), ("Badges", "/badges"), ("Transcript", "/transcript"))


@cache
def _environment() -> Environment:
    loader = DictLoader({"base.html": BASE, "page.html": PAGE})
    return Environment(loader=loader, autoescape=True, auto_reload=False)


def page(rows: int) -> str:
    """The page with so many rows; each row is worked out and escaped anew, as in any list page."""
    made = [
        {
            "number": number,
            "slug": f"lesson-{number}",
            "title": f"Lesson {number}: promises & budgets",
            "minutes": 20 + number % 40,
            "words": "opened on Monday 9 November 2026, read to its end",
            "done": number % 3 == 0,
        }
        for number in range(1, rows + 1)
    ]
    return (
        _environment()
        .get_template("page.html")
        .render(title="Week 3", house="Harbour Technical Institute", links=LINKS, person="Alice Brook", rows=made)
    )


def rows_for(size: int) -> int:
    """How many rows make a page of about `size` bytes."""
    empty, ten = len(page(0).encode()), len(page(10).encode())
    return max(1, round((size - empty) * 10 / (ten - empty)))


async def _page(request: Request) -> Response:
    return HTMLResponse(page(int(request.path_params["rows"])))


async def _hello(_request: Request) -> Response:
    return PlainTextResponse("Hello")


def create() -> Starlette:
    for name in os.environ.get("BENCH_IMPORTS", "").split():
        import_module(name)
    return Starlette(routes=[Route("/page/{rows:int}", _page), Route("/hello", _hello)])


def main() -> None:
    port, workers = int(sys.argv[1]), int(sys.argv[2])
    uvicorn.run(
        "tests.bench.bare:create",
        factory=True,
        host="127.0.0.1",
        port=port,
        workers=workers,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
