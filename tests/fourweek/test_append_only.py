"""What only grows can be changed by nobody: not updated, deleted, replaced or emptied, on both databases.

Everything here is tried by the role that the application itself signs in with, which made the tables too.
"""

import pytest
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import DatabaseError

from fourweek.database import Database
from fourweek.migrations import run
from tests.fourweek.growing import SINCE, as_it_is, attempts, growing_at, put_row, rows

EVERY = growing_at(run.head())
# What another table points to cannot be emptied alone in any case.
REFUSED = "append-only|cannot truncate a table referenced in a foreign key"


def _refuses(conn: Connection, table: Table) -> None:
    put_row(conn, table)
    before = rows(conn, table.name)
    assert len(before) == 1
    for statement in attempts(conn, table):
        with pytest.raises(DatabaseError, match=REFUSED), conn.begin_nested():
            conn.execute(text(statement))
    assert rows(conn, table.name) == before


@pytest.mark.parametrize("name", EVERY)
def test_no_row_can_be_changed_or_taken_out(conn: Connection, name: str) -> None:
    _refuses(conn, as_it_is(conn, name))


def test_each_of_them_has_its_triggers_and_no_other_table_has(conn: Connection) -> None:
    embedded = conn.dialect.name == "sqlite"
    postgres = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    found = set(conn.execute(text(sqlite if embedded else postgres)).scalars())
    acts = ("update", "delete") if embedded else ("update", "delete", "truncate")
    assert {name for name in found if "_no_" in name} == {f"{name}_no_{act}" for name in EVERY for act in acts}


def test_a_replaced_row_is_seen_by_the_triggers(db: Database) -> None:
    """SQLite asks no trigger about the row that REPLACE removes, unless a connection says that it should."""
    if db.embedded:
        for engine in (db.writer, db.reader):
            with engine.connect() as conn:
                assert conn.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 1


def _each_refuses(conn: Connection, revision: str) -> None:
    for name in growing_at(revision):
        _refuses(conn, as_it_is(conn, name))


@pytest.mark.slow
def test_they_refuse_after_every_single_migration(db: Database) -> None:
    """A later migration that makes a table anew, as SQLite often needs, must not lose its triggers."""
    run.downgrade(db, "base")
    revisions = [f"{number:04d}" for number in range(1, int(run.head()) + 1)]
    assert set(SINCE) <= set(revisions)
    for revision in revisions:
        run.upgrade(db, revision)
        assert run.current(db) == revision
        with db.writer.connect() as conn:
            _each_refuses(conn, revision)
            conn.rollback()


@pytest.mark.slow
def test_they_refuse_again_after_every_migration_that_was_taken_back(db: Database) -> None:
    for number in range(int(run.head()) - 1, 1, -1):
        run.downgrade(db, f"{number:04d}")
        with db.writer.connect() as conn:
            _each_refuses(conn, f"{number:04d}")
            conn.rollback()
