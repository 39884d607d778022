"""The browser's side: what every answer forbids, where it leads, and who may send a form."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as some

from fourweek.app import create_app
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.middleware import POLICY
from fourweek.pages import inside, redirect
from fourweek.settings import Settings
from tests import factories
from tests.databases import lend, take_back
from tests.house.sources import ROOT
from tests.visits import Browser, forms

HTMX = next((ROOT / "static" / "vendor" / "htmx").glob("*.js"))
BASE = (ROOT / "templates" / "base.html").read_text()
HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "cache-control",
}
PATHS = (
    "/sign-in",
    "/static/css/app.css",
    "/static/none",
    "/home",
    "/nowhere",
    "/courses/none/files/x",
    "/api/v1/none",
)
TRICKS = (
    "//elsewhere.example",
    "///elsewhere.example",
    "////elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "\\/elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "\t//elsewhere.example",
    " //elsewhere.example",
    "https://elsewhere.example",
    "https:elsewhere.example",
    "https:/elsewhere.example",
    "HTTPS:\\\\elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "elsewhere.example",
    "@elsewhere.example",
    "http://testserver@elsewhere.example",
    "http://testserver.elsewhere.example",
    "/ok\r\nLocation: //elsewhere.example",
    "?//elsewhere.example",
    "http://[",
    "http://\u2100.example/",
    "",
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house for what no database decides."""
    db = lend("sqlite")
    yield open_house(Settings(home=tmp_path_factory.mktemp("home"), base_url="http://testserver"), db)
    take_back(db)


@pytest.fixture
def guest(plain: House) -> Iterator[Browser]:
    made = Browser(create_app(house=plain))
    yield made
    made.close()


def test_private_pages_are_kept_nowhere(plain: House) -> None:
    alice = Browser(create_app(house=plain), plain.db.write_now(factories.person))
    kept = {path: alice.get(path).headers["cache-control"] for path in ("/home", "/transcript", "/notices", "/badges")}
    alice.close()
    assert set(kept.values()) == {"no-store"}


def test_tls_is_asked_for_a_year_where_there_is_tls(plain: House) -> None:
    for base, wanted in (("https://school.example", 31_536_000), ("http://testserver", 0)):
        settings = plain.settings.model_copy(update={"base_url": base})
        visitor = Browser(create_app(house=replace(plain, settings=settings)))
        said = visitor.get("/nowhere", headers={"host": urlsplit(base).netloc}).headers
        visitor.close()
        age = re.search(r"max-age=(\d+)", said.get("strict-transport-security", "max-age=0"))
        assert age is not None
        assert int(age[1]) >= wanted


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    said = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert said.pop("default-src") == "'none'"
    assert {said.pop(name) for name in ("base-uri", "frame-ancestors")} == {"'none'"}
    assert set(said.values()) == {"'self'"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "NONSENSE"])
def test_every_answer_carries_every_header(guest: Browser, method: str) -> None:
    for path in (*PATHS, "/a%00b"):
        answer = guest.request(method, path)
        assert answer.headers.keys() >= HEADERS, f"{method} {path}"
    for headers in (
        {"host": "elsewhere.example"},
        {"origin": "https://elsewhere.example"},
        {"content-length": "9" * 12},
    ):
        assert guest.request(method, "/sign-in", headers=headers).headers.keys() >= HEADERS, headers


def test_answers_that_say_unchanged_carry_them_and_leave_the_copy_as_it_is(guest: Browser) -> None:
    first = guest.get("/static/css/app.css")
    again = guest.get("/static/css/app.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.headers.keys() >= HEADERS) == (304, True)
    assert again.headers["cache-control"] == first.headers["cache-control"]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "http://testserver:81"},
        {"origin": "https://testserver"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"sec-fetch-site": "nonsense"},
    ],
    ids=str,
)
def test_a_form_from_another_site_is_refused_even_with_the_right_token(guest: Browser, headers: dict[str, str]) -> None:
    data = forms(guest.get("/sign-in").text)["/sign-in"]
    answer = guest.post("/sign-in", data=data | {"address": "a@b.example", "password": "x"}, headers=headers)
    assert (answer.status_code, "sent from another site" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "testserver.elsewhere.example", "testserver:81", "", "testserver@x"]
)
def test_another_host_is_refused_and_stands_in_no_answer(guest: Browser, host: str) -> None:
    answer = guest.get("/sign-in", headers={"host": host, "x-forwarded-host": "forwarded.example"})
    assert answer.status_code == 400
    for name in filter(None, (host.removeprefix("testserver"), "forwarded.example")):
        assert name not in answer.text


def test_forwarded_hosts_and_schemes_change_no_link(guest: Browser) -> None:
    forged = {
        "x-forwarded-host": "elsewhere.example",
        "x-forwarded-proto": "ftp",
        "forwarded": "host=elsewhere.example",
    }
    page = guest.get("/", headers=forged)
    assert page.headers["location"] == "/courses"
    assert "elsewhere.example" not in guest.get("/courses", headers=forged).text


def test_the_way_from_a_slash_too_many_names_no_host_and_no_scheme(guest: Browser) -> None:
    answer = guest.get("/sign-in/?next=/home")
    assert (answer.status_code, answer.headers["location"]) == (307, "/sign-in?next=/home")


def _as_browsers_read(address: str) -> str:
    """The host that a browser goes to (WHATWG URL): ends stripped, tabs and newlines gone, backslashes turned."""
    plain = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33))))).replace("\\", "/")
    return urlsplit(urljoin("http://testserver/sign-in", plain)).netloc


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_leads_away(trick: str) -> None:
    assert inside(trick) == "/"


@given(some.text("/\\@:.?#ae\t\n\r \x00%https", max_size=12))
@runs(max_examples=100, deadline=None)
def test_whatever_is_asked_for_leads_inside(address: str) -> None:
    assert _as_browsers_read(inside(address)) == "testserver"


def test_an_address_in_any_script_is_led_to() -> None:
    for headers, name in (([], "location"), ([(b"hx-request", b"true")], "hx-redirect")):
        answer = redirect(Request({"type": "http", "headers": headers}), "/courses?q=жук&page=2#x")
        assert answer.headers[name] == "/courses?q=%D0%B6%D1%83%D0%BA&page=2#x"


def test_an_address_that_is_none_is_not_gone_back_to(guest: Browser) -> None:
    answer = guest.get("/home", headers={"hx-request": "true", "hx-current-url": "http://["})
    assert answer.headers["hx-redirect"] == "/sign-in?next=/"


def _htmx_settings() -> dict[str, Any]:
    found = re.search(r"<meta name=\"htmx-config\" content='(.*?)'>", BASE, re.DOTALL)
    assert found is not None
    said: dict[str, Any] = json.loads(found[1])
    return said


def test_htmx_is_the_pinned_one_and_knows_every_setting_it_is_given() -> None:
    assert HTMX.name in (ROOT / "templates" / "_head_links.html").read_text()
    known = re.search(r"config:\{(.*?)\},parseInterval", HTMX.read_text())
    assert known is not None
    names = set(re.findall(r"(?:^|,)(\w+):", re.sub(r"\[.*?\]|\{.*?\}", "x", known[1])))
    assert _htmx_settings().keys() <= names


def test_htmx_runs_nothing_keeps_nothing_and_asks_nobody_else() -> None:
    wanted = {"allowEval": False, "allowScriptTags": False, "selfRequestsOnly": True, "historyCacheSize": 0}
    assert {name: _htmx_settings()[name] for name in wanted} == wanted
