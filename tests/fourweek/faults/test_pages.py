"""What people see while the database cannot: words, a time to try again, pages that are only read; then all is well."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy import Connection, make_url

from fourweek import edge
from fourweek.database import BUSY_MS, Database
from tests.assessments.evidence.conftest import school, settings
from tests.assessments.evidence.school import School, evidence, fields
from tests.visits import Browser, forms

__all__ = ["school", "settings"]
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LONG = "The service kept its promise. " * 2000


@pytest.fixture
def alice(browser: Callable[[str], Browser], school: School, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Somebody whose visit would be noted, which a read never waits for."""
    monkeypatch.setattr(edge, "_seen_at", {})
    return browser(school.alice)


def _pragma(db: Database, words: str) -> int:
    with db.writer.connect() as conn:
        return int(conn.exec_driver_sql(f"PRAGMA {words}").scalar_one())


def _use_what_is_free(conn: Connection) -> None:
    """Pages that the file has and nobody uses."""
    free = conn.exec_driver_sql("PRAGMA freelist_count").scalar_one()
    conn.exec_driver_sql(f"CREATE TABLE filler AS SELECT zeroblob({free * 4096}) AS filling")


@ON_SQLITE
def test_a_full_database_is_said_and_what_was_typed_is_taken_afterwards(
    alice: Browser, school: School, db: Database
) -> None:
    typed = fields(alice, school, **{"text-report": LONG})
    most = _pragma(db, "max_page_count")
    db.write_now(_use_what_is_free)
    _pragma(db, f"max_page_count = {_pragma(db, 'page_count')}")
    edge._seen_at.clear()
    answer = alice.post(f"{school.at}/draft", data=typed)
    assert (answer.status_code, answer.headers["retry-after"]) == (507, "60")
    assert "The database has no room just now." in answer.text
    assert forms(answer.text)[f"{school.at}/draft"]["text-report"].lstrip("\n") == LONG
    assert alice.get(school.at).status_code == 200
    assert [row.text for row in evidence(db) if row.text] == []
    _pragma(db, f"max_page_count = {most}")
    assert alice.post(f"{school.at}/draft", data=typed).status_code == 303
    assert [row.text for row in evidence(db) if row.text] == [LONG]


@ON_SQLITE
def test_a_locked_database_is_said_while_pages_are_read(alice: Browser, school: School, db: Database) -> None:
    typed = fields(alice, school, **{"text-report": "One sentence."})
    _pragma(db, "busy_timeout = 50")
    edge._seen_at.clear()
    with closing(sqlite3.connect(make_url(db.url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert alice.get(school.at).status_code == 200
        answer = alice.post(f"{school.at}/draft", data=typed, headers={"accept": "application/json"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert answer.json()["detail"] == "The database did not answer in time."
    _pragma(db, f"busy_timeout = {BUSY_MS}")
    assert alice.post(f"{school.at}/draft", data=typed).status_code == 303
