"""Files leave both stores alike; a store that is down stops files, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI, Request
from starlette.responses import Response
from starlette.testclient import TestClient

from fourweek.app import create_app
from fourweek.edge import House
from fourweek.files import SAVED_ONLY, StoredFile, file_response
from fourweek.storage import Store
from fourweek.storage.s3 import Patience, S3Store
from tests.fourweek.storage.stubs import answering_with, at
from tests.servers import HOST, free_port
from tests.visits import Browser

DATA = bytes(range(256)) * 12_000  # three pieces
DIGEST = sha256(DATA).hexdigest()


def _serving(store: Store, digest: str = DIGEST) -> FastAPI:
    app = FastAPI()
    app.state.house = SimpleNamespace(store=store)

    @app.api_route("/file", methods=["GET", "HEAD"])
    async def file(request: Request) -> Response:
        return await file_response(request, StoredFile(digest, len(DATA), "video/mp4", "talk.mp4"), SAVED_ONLY)

    return app


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    store.keep_bytes(DATA)
    with TestClient(_serving(store)) as made:
        yield made


def test_the_whole_file_and_its_head(client: TestClient) -> None:
    got, head = client.get("/file"), client.head("/file")
    assert (got.status_code, sha256(got.content).hexdigest()) == (200, DIGEST)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(got.headers))


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=1048570-1048580", slice(1048570, 1048581)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=3000000-", slice(3000000, None)),
        ("bytes=10-99999999", slice(10, None)),
    ],
)
def test_a_part(client: TestClient, asked: str, part: slice) -> None:
    answer = client.get("/file", headers={"range": asked})
    first, stop, _ = part.indices(len(DATA))
    assert (answer.status_code, answer.content == DATA[part]) == (206, True)
    assert answer.headers["content-range"] == f"bytes {first}-{stop - 1}/{len(DATA)}"
    assert answer.headers["content-length"] == str(stop - first)


def test_a_part_beyond_the_end_asks_the_store_nothing(tmp_path: Path) -> None:
    with TestClient(_serving(_nowhere(tmp_path))) as client:
        answer = client.get("/file", headers={"range": f"bytes={len(DATA)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(DATA)}")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_file_that_is_not_there(store: Store, method: str) -> None:
    with TestClient(_serving(store)) as client, pytest.raises(Exception, match="not in the store"):
        client.request(method, "/file")


def _nowhere(folder: Path) -> S3Store:
    return S3Store(at(f"http://{HOST}:{free_port()}"), folder, Patience(retries=0))


@pytest.fixture
def slow(house: House, tmp_path: Path) -> Iterator[House]:
    """A house whose store takes connections and says nothing."""
    with answering_with(b"") as endpoint:
        patience = Patience(timedelta(seconds=1), timedelta(seconds=1), retries=0)
        house.store = S3Store(at(endpoint), tmp_path / "spool", patience)
        yield house


def test_pages_without_files_go_on_while_the_store_is_slow(slow: House) -> None:
    app = create_app(house=slow)

    @app.get("/file")
    async def file(request: Request) -> Any:
        request.state.visitor = None
        return await file_response(request, StoredFile(DIGEST, len(DATA), "video/mp4", "talk.mp4"), SAVED_ONLY)

    guest = Browser(app)
    answer = guest.get("/file")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert "The store of files does not answer just now." in answer.text
    for page in ("/courses", "/verify", "/healthz"):
        assert guest.get(page).status_code == 200
    guest.close()
