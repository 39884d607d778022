"""What machines that watch over the server are told: that it lives, whether it can serve, and its numbers."""

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from fourweek import health
from fourweek.edge import House
from fourweek.errors import Busy
from fourweek.storage import LocalStore
from tests.visits import Browser

HERE = "127.0.0.1"
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def _busy(*_given: object, **_more: object) -> Any:
    raise Busy("away")


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is asked every time."""
    monkeypatch.setattr(health, "STORE_ASKED_FOR", -1.0)


def _ready(guest: Browser) -> tuple[int, str]:
    answer = guest.get("/readyz")
    return answer.status_code, answer.text.strip()


@ON_SQLITE
@pytest.mark.usefixtures("at_once")
def test_what_is_missing_is_named_and_the_process_lives(
    browser: Callable[[], Browser], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = browser()
    assert _ready(guest) == (200, "ready")
    with monkeypatch.context() as away:
        away.setattr(house.db, "read", _busy)
        away.setattr(LocalStore, "has", _busy)
        away.setattr(health, "LEAST_ROOM", 2**80)
        assert _ready(guest) == (503, "not ready: database, disk full, store")
        assert guest.get("/readyz").headers["retry-after"] == "3"
        assert guest.get("/healthz").text == "alive\n"
    with monkeypatch.context() as newer:
        newer.setattr(health, "_newest", lambda: "9999")
        assert _ready(guest) == (503, "not ready: schema")
    assert _ready(guest) == (200, "ready")


@ON_SQLITE
@pytest.mark.usefixtures("at_once")
def test_without_disk_or_store_the_school_is_ready_but_for_files(
    browser: Callable[[], Browser], app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = browser()
    with monkeypatch.context() as full:
        full.setattr(health, "LEAST_ROOM", 2**80)
        assert _ready(guest) == (200, "ready, but for files: disk full")
    with monkeypatch.context() as broken:
        broken.setattr("fourweek.health.shutil.disk_usage", _failing)
        broken.setattr(LocalStore, "has", _failing)
        assert _ready(guest) == (200, "ready, but for files: disk, store")
        said = _here(app).get("/metrics").text
        assert "\nfourweek_free_bytes -1\n" in said
        assert "\nfourweek_store_up 0\n" in said
    assert _ready(guest) == (200, "ready")
    with monkeypatch.context() as unforeseen:
        unforeseen.setattr(LocalStore, "has", lambda *_given: 1 // 0)
        assert _ready(guest) == (200, "ready, but for files: store")
    assert _ready(guest) == (200, "ready")
    assert "\nfourweek_store_up 1\n" in _here(app).get("/metrics").text


@ON_SQLITE
def test_a_slow_store_does_not_keep_who_asks_us_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    monkeypatch.setattr(LocalStore, "has", lambda *_given: answers.wait(10))

    async def ask() -> tuple[bool, bool, bool]:
        asked = health.Asked()
        first, second = await health._store_answers(house, asked), await health._store_answers(house, asked)
        answers.set()
        assert asked.task is not None
        await asked.task
        return first, second, await health._store_answers(house, asked)

    assert asyncio.run(ask()) == (False, False, True)


def _failing(*_given: object) -> Any:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@ON_SQLITE
def test_machines_ask_under_any_name_and_people_do_not(browser: Callable[[], Browser]) -> None:
    strange = {"host": "10.0.0.7:8400"}
    guest = browser()
    assert [guest.get(path, headers=strange).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert guest.get("/sign-in", headers=strange).status_code == 400


@ON_SQLITE
def test_numbers_are_for_who_has_the_token_or_sits_here(app: FastAPI, house: House) -> None:
    away = Browser(app)
    assert away.get("/metrics").status_code == 404
    here = _here(app)
    assert here.get("/metrics").status_code == 200
    for led in ({"host": "testserver"}, {"x-forwarded-for": "192.0.2.9"}):  # a proxy of ours may have brought it
        assert here.get("/metrics", headers=led).status_code == 404
    token = "a long and random token"
    house.settings = house.settings.model_copy(update={"metrics_token": type(house.settings.metrics_token)(token)})
    for sent, status in ((f"Bearer {token}", 200), ("Bearer no", 401), ("", 401)):
        headers = {"authorization": sent, "accept": "application/json"}
        assert away.get("/metrics", headers=headers).status_code == status


def _here(app: FastAPI) -> TestClient:
    """Somebody on the same machine."""
    return TestClient(app, base_url=f"http://{HERE}:8400", client=(HERE, 50000))


def test_requests_are_counted_by_route_and_class_and_nothing_personal_is(app: FastAPI, house: House) -> None:
    guest = Browser(app)
    guest.get("/courses/secret-code")
    guest.get("/nowhere/at/all")
    guest.submit("/sign-in", "/sign-in", address="alice@example.org", password="not the right one")
    said = _here(app).get("/metrics").text
    lines = dict(line.rsplit(" ", 1) for line in said.splitlines() if not line.startswith("#"))
    assert lines['fourweek_requests_total{route="/courses/{code}",status="4xx"}'] == "1"
    assert lines['fourweek_requests_total{route="none",status="4xx"}'] == "1"
    assert lines['fourweek_requests_total{route="/sign-in",status="2xx"}'] == "1"
    assert lines["fourweek_sign_in_refusals_total"] == "1"
    assert lines['fourweek_request_seconds_bucket{le="+Inf"}'] == lines["fourweek_request_seconds_count"] == "4"
    assert int(lines['fourweek_database_wait_seconds_count{way="read"}']) >= 2
    assert (lines["fourweek_requests_under_way"], lines["fourweek_uploads_under_way"]) == ("1", "0")
    assert (lines["fourweek_outbox_waiting"], lines["fourweek_last_tick_seconds"]) == ("0", "-1")
    assert int(lines["fourweek_free_bytes"]) > 0
    assert "alice" not in said
    assert "secret-code" not in said
