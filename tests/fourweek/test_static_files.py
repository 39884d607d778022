"""Static files: compressed once, kept for ever under the fingerprint of today, nothing outside their folder."""

import gzip
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from fourweek import assets
from fourweek.static_files import A_WHILE, FOREVER, FingerprintedFiles, takes_gzip

HTMX = "vendor/htmx/htmx-2.0.11.min.js"
FONT = "vendor/literata/literata-5.3.0-latin-wght-normal.woff2"
PACKED, PLAIN = {"accept-encoding": "br, gzip"}, {"accept-encoding": "identity"}
client = TestClient(Starlette(routes=[Mount("/static", FingerprintedFiles())]), base_url="http://testserver/static/")


@pytest.mark.parametrize("path", sorted(assets.static_paths()))
def test_a_file_is_the_same_packed_and_not(path: str) -> None:
    plain, packed = client.get(path, headers=PLAIN), client.get(path, headers=PACKED)
    assert plain.content == packed.content == assets.content(path)  # the client unpacks
    assert plain.headers["content-length"] == str(len(plain.content))
    assert "content-encoding" not in plain.headers
    assert packed.headers.get("content-encoding") in {None, "gzip"}
    assert plain.headers.get("vary") == packed.headers.get("vary")
    assert plain.headers["content-type"].split(";")[0] != "application/octet-stream"


@pytest.mark.parametrize(("path", "is_packed"), [(HTMX, True), ("css/base.css", True), (FONT, False)])
def test_what_is_worth_it_is_packed_and_says_so(path: str, is_packed: bool) -> None:  # noqa: FBT001
    headers = client.get(path, headers=PACKED).headers
    assert ("content-encoding" in headers, headers.get("vary")) == (is_packed, "Accept-Encoding" if is_packed else None)
    if is_packed:
        assert headers["content-length"] == str(len(gzip.compress(assets.content(path), 9, mtime=0)))


@pytest.mark.parametrize("headers", [PACKED, PLAIN])
def test_head_says_what_get_would(headers: dict[str, str]) -> None:
    got, told = client.get(HTMX, headers=headers), client.head(HTMX, headers=headers)
    assert (told.status_code, told.content) == (200, b"")
    assert dict(told.headers) == dict(got.headers)


def test_each_form_has_its_own_mark_and_is_not_sent_twice() -> None:
    plain, packed = (client.get(HTMX, headers=asked).headers["etag"] for asked in (PLAIN, PACKED))
    assert plain != packed
    for mark in (packed, f"W/{packed}", f'"other", {packed}', "*"):
        again = client.get(HTMX, headers={**PACKED, "if-none-match": mark})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", packed)
        assert (again.headers["vary"], again.headers["cache-control"]) == ("Accept-Encoding", A_WHILE)
        assert "content-encoding" not in again.headers
    for mark in (plain, '"other"', packed.strip('"'), ""):
        assert client.get(HTMX, headers={**PACKED, "if-none-match": mark}).status_code == 200


def test_a_part_is_answered_with_the_whole() -> None:
    answer = client.get(FONT, headers={"range": "bytes=0-9"})
    assert (answer.status_code, answer.content) == (200, assets.content(FONT))


def test_only_what_is_asked_for_by_todays_fingerprint_is_kept_for_ever() -> None:
    address = assets.static_url("js/app.js").removeprefix("/static/")
    kept = [client.get(one).headers["cache-control"] for one in (address, "js/app.js", "js/app.js?v=000000000000")]
    assert kept == [FOREVER, A_WHILE, A_WHILE]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "css",
        "css/",
        "css/none.css",
        "../pyproject.toml",
        "..%2fpyproject.toml",
        "%2e%2e/x",
        "css//app.css",
        "a%00b",
    ],
)
def test_nothing_else_is_there(path: str) -> None:
    assert client.get(f"http://testserver/static/{path}").status_code == 404


def test_nothing_is_posted_here() -> None:
    answer = client.post("js/app.js")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", sorted(one for one in assets.static_paths() if one.endswith(".css")))
def test_what_a_sheet_fetches_is_kept_for_ever_too(path: str) -> None:
    found = re.findall(r'url\("([^"]+)"\)', assets.content(path).decode())
    assert all(client.get(one.removeprefix("/static/")).headers["cache-control"] == FOREVER for one in found)


def test_joined_files_hold_their_parts_in_order() -> None:
    joined = assets.content("css/base.css")
    places = [joined.index(assets.content(part)) for part in assets.JOINED["css/base.css"]]
    assert places == sorted(places)
    assert len(places) == 6


@pytest.mark.parametrize("path", sorted(one for one in assets.static_paths() if one.startswith(("css/", "js/"))))
def test_our_own_sheets_and_scripts_go_without_comments_alone(path: str) -> None:
    sent = assets.content(path).decode()
    assert "/*" not in sent
    assert not any(line.strip().startswith("//") for line in sent.splitlines())
    if path not in assets.JOINED:
        lines = (assets.folder("static") / path).read_text("utf-8").splitlines()
        assert all(line.count("`") % 2 == 0 for line in lines)  # no text of several lines, in which "//" would be words
        if path.endswith(".js"):
            assert sent.splitlines() == [line for line in lines if not line.strip().startswith("//")]


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("gzip;q=0, *", False),
        ("*", True),
        ("*;q=0", False),
        ("br", False),
        ("gzip;q=high", False),
        ("gzip;q=0.000", False),
        (";;,,;q=1", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(accepted: str, takes: bool) -> None:  # noqa: FBT001
    assert takes_gzip(accepted) is takes
