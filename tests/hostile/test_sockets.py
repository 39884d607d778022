"""Connections that mean harm: what cannot be read is refused, who is slow is cut off, others are served meanwhile."""

import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from fourweek import patience
from fourweek.app import create_app
from fourweek.cli.serving import prepare
from fourweek.house import open_house
from fourweek.server import configure
from fourweek.settings import Settings
from tests.databases import lend, take_back
from tests.hostile.sockets import ENDLESS, MALFORMED, SLOW, asked, dripping, seconds_until_cut, swallowed
from tests.servers import FOURWEEK, HOST, fourweek_environment, free_port, serving


def _good_answer(port: int) -> float:
    """Seconds until a page is there."""
    began = time.monotonic()
    with urllib.request.urlopen(f"http://{HOST}:{port}/sign-in", timeout=30) as answer:
        assert answer.status == 200
    return time.monotonic() - began


def _refuses(port: int, request: bytes) -> None:
    answer = asked(port, request)
    head = answer.lower().partition(b"\r\n\r\n")[0]
    assert not answer or answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 3", b"HTTP/1.1 4")), (request[:80], answer[:80])
    assert not answer or b"content-security-policy: default-src 'none'" in head, (request[:80], answer[:200])
    assert b"elsewhere.example" not in answer, request[:80]


@pytest.fixture
def hurried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server in this process that is much less patient than ours."""
    for name, seconds in (("HEAD", 0.4), ("BODY", 0.8), ("LOOK", 0.1)):
        monkeypatch.setattr(patience, name, seconds)
    db, port = lend("sqlite"), free_port()
    settings = Settings(home=tmp_path, port=port, base_url=f"http://{HOST}:{port}")
    config = configure(create_app(house=open_house(settings, db)))
    config.host, config.port = HOST, port
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield port
    server.should_exit = True
    thread.join()
    take_back(db)


def test_malformed_requests_are_refused_and_slow_ones_cut_while_others_are_served(hurried: int) -> None:
    assert len(MALFORMED) >= 26
    for request in MALFORMED:
        _refuses(hurried, request)
    with dripping(hurried, 3 * len(SLOW)) as lines:
        assert _good_answer(hurried) < 4
        assert seconds_until_cut(lines, patience=5, pause=0.05) < 4
    assert _good_answer(hurried) < 4


def test_a_head_without_end_is_not_taken_in(hurried: int) -> None:
    for beginning in ENDLESS:
        taken, said = swallowed(hurried, beginning, 16 * 1024**2)
        assert taken < 16 * 1024**2, beginning
        assert not said or said.startswith(b"HTTP/1.1 4"), (beginning, said[:80])
    assert _good_answer(hurried) < 4


@pytest.mark.parametrize(
    ("seconds", "has_head", "got", "cut"),
    [
        (patience.HEAD, False, 0, False),
        (patience.HEAD + 1, False, 10**9, True),
        (patience.BODY, True, 0, False),
        (patience.BODY + 1, True, 0, True),
        (3600, True, 2 * 1024**3, False),
        (3600, True, 3600, True),
    ],
)
def test_who_is_cut_off(seconds: float, *, has_head: bool, got: int, cut: bool) -> None:
    assert patience.too_slow(seconds, has_head=has_head, got=got) is cut


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
def test_a_hundred_and_fifty_slow_connections_keep_nobody_waiting(tmp_path: Path) -> None:
    port = free_port()
    environment = fourweek_environment(tmp_path / "home", port)
    prepare(Settings(home=tmp_path / "home"))
    with serving([FOURWEEK, "serve", "--workers", "2"], port, environment, tmp_path / "log"):
        for request in MALFORMED * 4:
            _refuses(port, request)
        with dripping(port, 150) as lines:
            assert max(_good_answer(port) for _ in range(50)) < 4
            assert seconds_until_cut(lines, patience=200, pause=2) < patience.BODY + 3 * patience.LOOK + 10
    assert b"unforeseen" not in (tmp_path / "log").read_bytes()
