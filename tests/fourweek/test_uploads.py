"""The one way in for files: hashed as they come, flat in memory, trusted by their token, nothing left behind."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import pytest
from fastapi import Request

from fourweek.edge import form_token
from fourweek.errors import CutOff, StaleForm, TooLarge
from fourweek.settings import Settings
from fourweek.storage import PIECE, LocalStore
from fourweek.uploads import arriving, keep

CHUNK = bytes(range(256)) * 256
FORM_LIMIT = 10_000


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "files")


def _request(body: Iterator[bytes]) -> Request:
    headers = [(b"content-type", b"multipart/form-data; boundary=x"), (b"cookie", b"fourweek=alice")]
    house = SimpleNamespace(settings=Settings())
    app = SimpleNamespace(state=SimpleNamespace(house=house))

    async def receive() -> dict[str, Any]:
        chunk = next(body, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    return Request({"type": "http", "method": "POST", "headers": headers, "app": app}, receive)


TOKEN = form_token(_request(iter(())))


def _field(name: str, value: str) -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _file(name: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="a.bin"\r\n\r\n'.encode()
    yield from pieces
    yield b"\r\n"


def _form(*parts: Iterator[bytes], token: str = TOKEN, end: bytes = b"--x--\r\n") -> Iterator[bytes]:
    yield _field("form_token", token)
    for part in parts:
        yield from part
    yield end


def _send(store: LocalStore, body: Iterator[bytes], limit: int = 64 * PIECE) -> list[tuple[int, str, bool]]:
    """What arrived: (size, digest, whether it was too large); what is not too large is kept."""

    async def run() -> list[tuple[int, str, bool]]:
        async with arriving(_request(body), store, limit, FORM_LIMIT) as form:
            for file in form.files:
                if not file.too_large:
                    await keep(store, file)
            return [(file.size, file.sha256, file.too_large) for file in form.files]

    return anyio.run(run)


def test_a_large_file_is_hashed_and_kept_in_little_memory(store: LocalStore) -> None:
    count = 24 * PIECE // len(CHUNK)
    tracemalloc.start()
    (arrived,) = _send(store, _form(_file("f", (CHUNK for _ in range(count)))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert arrived == (24 * PIECE, hashlib.sha256(CHUNK * count).hexdigest(), False)
    assert store.size(arrived[1]) == 24 * PIECE
    assert peak < 6 * PIECE


@pytest.mark.parametrize("step", [1, 7, 300, 100_000])
def test_files_and_fields_are_the_same_however_they_are_cut(store: LocalStore, step: int) -> None:
    files = [b"\r\n--almost the end\r\n-" * 30, b"", b"short"]
    body = b"".join(_form(*(_file("f", iter([data])) for data in files), iter([_field("text", "Après.")])))
    sent = _send(store, (body[at : at + step] for at in range(0, len(body), step)))
    assert sent == [(len(data), hashlib.sha256(data).hexdigest(), False) for data in files]
    assert list(store.spool.iterdir()) == []


def test_a_file_beyond_the_limit_is_dropped_and_the_next_is_taken(store: LocalStore) -> None:
    big, small = _file("f", (CHUNK for _ in range(40))), _file("f", iter([b"small"]))
    sent = _send(store, _form(big, small), limit=2 * PIECE)
    assert [too_large for _, _, too_large in sent] == [True, False]
    assert sent[1][:2] == (5, hashlib.sha256(b"small").hexdigest())
    assert list(store.spool.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (_form(_file("f", iter([CHUNK] * 20)), end=b""), CutOff),
        (_form(_file("f", iter([CHUNK] * 20)), end=b"--y--\r\n"), CutOff),
        (_form(_file("f", iter([CHUNK] * 20)), token="stale"), StaleForm),
        (_form(_file("f", iter([CHUNK] * 20)), iter([_field("text", "x" * FORM_LIMIT)])), TooLarge),
        (_form(*(_file("f", iter([b"x"])) for _ in range(61))), TooLarge),
    ],
    ids=["cut off", "another end", "stale token", "too much text", "too many files"],
)
def test_what_is_refused_leaves_nothing(store: LocalStore, body: Iterator[bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        _send(store, body)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_no_file_touches_the_disk_before_its_token(store: LocalStore) -> None:
    body = iter([b"".join(_file("f", iter([b"early"]))), *_form()])
    assert _send(store, body) == []
