"""Stored files as they leave: headers by their terms, ranges, revalidation, never whole in memory."""

from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import anyio
import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response, StreamingResponse
from starlette.testclient import TestClient

from fourweek.files import FOR_ALL, FOR_READERS, SANDBOX, SAVED_ONLY, StoredFile, Terms, disposition, file_response
from fourweek.storage import PIECE, LocalStore

DATA = bytes(range(256)) * 16
ETAG = f'"{sha256(DATA).hexdigest()}"'
TERMS = {"all": FOR_ALL, "readers": FOR_READERS, "saved": SAVED_ONLY}


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    made = LocalStore(tmp_path)
    made.keep_bytes(DATA)
    return made


@pytest.fixture
def client(store: LocalStore) -> Iterator[TestClient]:
    app = FastAPI()
    app.state.house = SimpleNamespace(store=store)

    @app.api_route("/{terms}/{kind:path}", methods=["GET", "HEAD"])
    async def file(request: Request, terms: str, kind: str) -> Response:
        return await file_response(request, _file(kind), TERMS[terms])

    with TestClient(app) as made:
        yield made


def _file(kind: str) -> StoredFile:
    return StoredFile(ETAG.strip('"'), len(DATA), kind, "bild; é.x")


@pytest.mark.parametrize(
    ("address", "shown", "sandboxed"),
    [
        ("/all/image/svg+xml", True, True),
        ("/all/text/plain", True, True),
        ("/readers/application/pdf", True, False),
        ("/readers/text/html", False, True),
        ("/saved/application/pdf", False, True),
        ("/saved/image/png", False, True),
    ],
)
def test_kinds_are_shown_or_saved_and_run_nowhere(
    client: TestClient, address: str, *, shown: bool, sandboxed: bool
) -> None:
    answer = client.get(address)
    assert answer.content == DATA
    assert answer.headers["content-disposition"] == disposition("bild; é.x", shown=shown)
    assert answer.headers.get("content-security-policy") == (SANDBOX if sandboxed else None)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "cache", "vary"),
    [
        ("all", "public, max-age=300", None),
        ("readers", "private, max-age=3600", "Cookie"),
        ("saved", "private, no-store", "Cookie"),
    ],
)
def test_terms_say_who_may_keep_it(client: TestClient, name: str, cache: str, vary: str | None) -> None:
    for sent in ({}, {"if-none-match": ETAG}):
        answer = client.get(f"/{name}/image/png", headers=sent)
        assert (answer.status_code, answer.content) == ((304, b"") if sent else (200, DATA))
        assert (answer.headers["cache-control"], answer.headers.get("vary")) == (cache, vary)
        assert answer.headers["etag"] == ETAG


def test_etag_is_compared_weakly_and_in_lists(client: TestClient) -> None:
    for sent in (f"W/{ETAG}", f'"other", {ETAG}', "*"):
        assert client.get("/all/image/png", headers={"if-none-match": sent}).status_code == 304
    assert client.get("/all/image/png", headers={"if-none-match": '"other"'}).status_code == 200


def test_head_says_the_same_without_the_bytes(client: TestClient, store: LocalStore) -> None:
    got, head = client.get("/readers/text/plain"), client.head("/readers/text/plain")
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(got.headers))
    assert head.headers["content-type"] == "text/plain; charset=utf-8"
    store.place(ETAG.strip('"')).unlink()
    with pytest.raises(Exception, match="not in the store"):
        client.head("/readers/text/plain")


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=4000-", slice(4000, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=10-99999", slice(10, None)),
        ("bytes=-99999", slice(0, None)),
    ],
)
def test_a_part_is_served(client: TestClient, asked: str, part: slice) -> None:
    answer = client.get("/saved/image/png", headers={"range": asked})
    first = part.indices(len(DATA))[0]
    assert (answer.status_code, answer.content) == (206, DATA[part])
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(DATA[part]) - 1}/{len(DATA)}"
    assert answer.headers["content-length"] == str(len(DATA[part]))


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=0-1,4-5", "bytes=-", "lines=0-1", "bytes=a-b", ""])
def test_what_is_no_single_range_gets_the_whole(client: TestClient, asked: str) -> None:
    answer = client.get("/saved/image/png", headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, DATA)


def test_a_part_of_another_file_gets_the_whole(client: TestClient) -> None:
    for etag, status in ((ETAG, 206), ('"older"', 200), (f"W/{ETAG}", 200)):
        assert client.get("/saved/image/png", headers={"range": "bytes=1-", "if-range": etag}).status_code == status


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=-0", "bytes=99999-100000"])
def test_a_part_beyond_the_end_is_416(client: TestClient, asked: str) -> None:
    answer = client.get("/saved/image/png", headers={"range": asked})
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(DATA)}"


def test_a_large_file_leaves_in_pieces(store: LocalStore) -> None:
    kept = store.keep_bytes(b"x" * (2 * PIECE + 5))
    app = FastAPI()
    app.state.house = SimpleNamespace(store=store)
    request = Request({"type": "http", "method": "GET", "headers": [], "app": app})

    async def sizes() -> list[int]:
        file = StoredFile(kept.sha256, kept.size, "application/zip", "big.zip")
        answer = await file_response(request, file, Terms("no-store"))
        assert isinstance(answer, StreamingResponse)
        return [len(piece) async for piece in cast("AsyncIterator[bytes]", answer.body_iterator)]

    assert anyio.run(sizes) == [PIECE, PIECE, 5]
