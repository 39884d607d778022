"""Databases and apps for tests: every test that touches a database runs on SQLite and on a real PostgreSQL."""

import os
import tempfile
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Connection

from fourweek.app import create_app
from fourweek.clock import real_time
from fourweek.database import Database
from fourweek.edge import House
from fourweek.house import open_house
from fourweek.limits.rules import Limit
from fourweek.migrations import run
from fourweek.server import without_collecting
from fourweek.settings import Settings
from tests.browser.loudly import pytest_terminal_summary  # noqa: F401 a skipped browser walk is said aloud
from tests.collecting import read_from_own_place
from tests.databases import forget_template, lend, take_back
from tests.keys import put_jwt_key
from tests.visits import Browser, end_loop

BOTH = ("sqlite", "postgres")
ONE_TEST = timedelta(minutes=1)


@pytest.fixture(scope="session", params=BOTH)
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def shared_db(engine: str) -> Iterator[Database]:
    """A migrated database for tests that roll back."""
    database = lend(engine)
    yield database
    take_back(database)


@pytest.fixture
def conn(shared_db: Database) -> Iterator[Connection]:
    """A connection whose transaction is rolled back after the test."""
    with shared_db.writer.connect() as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def db(engine: str) -> Iterator[Database]:
    """A migrated database of the test's own, for commits and real concurrency."""
    database = lend(engine)
    yield database
    take_back(database)


@pytest.fixture
def settings(db: Database, tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    put_jwt_key(home)
    return Settings(
        home=home,
        database_url=db.url,
        base_url="http://testserver",
        institution="Test Institute",
        argon2_memory_kib=8192,
        argon2_rounds=1,
    )


@pytest.fixture
def one_span(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits take a test for an instant, so that none fails for running past the end of a span."""
    began, span = real_time(), Limit.span

    def span_of_test(limit: Limit, now: datetime) -> int:
        return span(limit, began if abs(now - began) < ONE_TEST else now)

    monkeypatch.setattr(Limit, "span", span_of_test)


@pytest.fixture
def house(settings: Settings, db: Database, one_span: None) -> House:
    return open_house(settings, db)


@pytest.fixture
def app(house: House) -> FastAPI:
    return create_app(house=house)


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Any]:
    """Opens browsers that keep cookies and fill in forms: `alice = browser(person_id)`, `guest = browser()`."""
    opened: list[Browser] = []

    def open_browser(person_id: str | None = None) -> Browser:
        made = Browser(app, person_id)
        opened.append(made)
        return made

    yield open_browser
    for made in opened:
        made.close()


def pytest_report_header() -> str:
    where = os.environ.get("FOURWEEK_TEST_POSTGRES") or f"started under {tempfile.gettempdir()}"
    return f"PostgreSQL: {where}; schema {run.head()}"


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    with without_collecting():
        read_from_own_place(session.config)
        return (yield)


def pytest_sessionfinish() -> None:
    end_loop()
    forget_template()
