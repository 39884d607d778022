"""A database that is full, locked, read-only or away: a clear answer, nothing half, and well again by itself."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, func, make_url, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

from fourweek import database, faults
from fourweek.accounts.models import Person
from fourweek.database import Database, table
from fourweek.errors import Busy, NoRoom
from tests import factories

PERSON = table(Person)
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ON_POSTGRES = pytest.mark.parametrize("engine", ["postgres"], indirect=True)


def _people(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(PERSON)).scalar_one())


def _pragma(db: Database, words: str) -> int:
    with db.writer.connect() as conn:
        return int(conn.exec_driver_sql(f"PRAGMA {words}").scalar_one())


@contextmanager
def _held_elsewhere(db: Database) -> Iterator[sqlite3.Connection]:
    """Another process writes: a transaction of its own is open."""
    path = make_url(db.url).database or ""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("ROLLBACK")


def _fill(conn: Connection) -> None:
    for number in range(200):
        factories.person(conn, f"Somebody {number}")


@ON_SQLITE
def test_a_full_database_takes_nothing_half_and_takes_it_once_there_is_room(db: Database) -> None:
    free = _pragma(db, "max_page_count")
    _pragma(db, f"max_page_count = {_pragma(db, 'page_count') + 2}")
    with pytest.raises(NoRoom, match="no room"):
        db.write_now(_fill)
    assert db.read_now(_people) == 0
    _pragma(db, f"max_page_count = {free}")
    db.write_now(_fill)
    assert db.read_now(_people) == 200


@ON_SQLITE
def test_a_locked_database_is_waited_for_while_reads_go_on(db: Database) -> None:
    with _held_elsewhere(db) as other:
        writing = threading.Thread(target=db.write_now, args=(factories.person,))
        writing.start()
        begun = time.monotonic()
        assert db.read_now(_people) == 0
        assert time.monotonic() - begun < 0.2
        time.sleep(0.2)
        assert writing.is_alive()
        other.execute("ROLLBACK")
        writing.join(5)
    assert db.read_now(_people) == 1


@ON_SQLITE
def test_one_locked_for_too_long_is_busy_and_then_takes_the_same(db: Database) -> None:
    _pragma(db, "busy_timeout = 100")
    with _held_elsewhere(db), pytest.raises(Busy, match="in time"):
        db.write_now(factories.person)
    db.write_now(factories.person)
    _pragma(db, f"busy_timeout = {database.BUSY_MS}")
    assert db.read_now(_people) == 1


def test_nobody_waits_behind_a_slow_write_without_end(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "QUEUE_DEADLINE", 0.05)
    go_on, waits = threading.Event(), []
    monkeypatch.setattr(db, "heard_wait", lambda way, seconds: waits.append((way, seconds > 0.05)))

    async def crowd() -> list[object]:
        slow = [asyncio.create_task(db.write(lambda _conn: go_on.wait(5))) for _ in range(db.write_slots)]
        await asyncio.sleep(0.02)
        late = [asyncio.create_task(db.write(factories.person)) for _ in range(3)]
        asyncio.get_running_loop().call_later(0.2, go_on.set)
        await asyncio.gather(*slow)
        return await asyncio.gather(*late, return_exceptions=True)

    assert [type(answer) for answer in asyncio.run(crowd())] == [Busy] * 3
    assert waits.count(("write", True)) == 3
    assert db.read_now(_people) == 0


@ON_POSTGRES
def test_connections_that_a_server_ended_are_made_anew(db: Database) -> None:
    """As when it is restarted: who is in the middle is told once, everybody after is served."""

    def ended(conn: Connection) -> int:
        _end_others(db)
        return _people(conn)

    for _ in range(2):
        with pytest.raises(Busy, match="does not answer"):
            db.read_now(ended)
        with pytest.raises(Busy, match="does not answer"):
            db.write_now(ended)
        _end_others(db)
        db.write_now(factories.person)
        assert db.read_now(_people) > 0


def _end_others(db: Database) -> None:
    with psycopg.connect(db.url.replace("+psycopg", ""), autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_server_that_is_not_there_is_busy() -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    for call in (away.read_now, away.write_now):
        with pytest.raises(Busy, match="does not answer"):
            call(_people)
    away.close()


def test_a_folder_that_went_away_is_busy(tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path / 'gone' / 'fourweek.sqlite3'}")
    (tmp_path / "gone").rmdir()
    with pytest.raises(Busy, match="does not answer"):
        away.read_now(_people)
    away.close()


def _sqlite(code: int) -> DBAPIError:
    said = sqlite3.OperationalError("no")
    said.sqlite_errorcode = code
    return OperationalError("…", None, said)


def _postgres(state: str) -> DBAPIError:
    return OperationalError("…", None, psycopg.errors.lookup(state)("no"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), faults.WAITED),
        (_sqlite(sqlite3.SQLITE_FULL), faults.NO_ROOM),
        (_sqlite(sqlite3.SQLITE_IOERR_FSYNC), faults.NO_WRITING),
        (_sqlite(sqlite3.SQLITE_READONLY), faults.NO_WRITING),
        (_sqlite(sqlite3.SQLITE_CORRUPT), faults.AWAY),
        (_postgres("53100"), faults.NO_ROOM),
        (_postgres("57P01"), faults.AWAY),
        (_postgres("08006"), faults.AWAY),
        (_postgres("40P01"), faults.WAITED),
        (_postgres("58030"), faults.NO_WRITING),
        (_postgres("25006"), faults.NO_WRITING),
        (InterfaceError("…", None, psycopg.InterfaceError("the connection is closed")), faults.AWAY),
    ],
)
def test_what_drivers_say_is_one_of_ours(said: DBAPIError, words: str) -> None:
    ours = faults.of_database(said)
    assert (str(ours), type(ours)) == (words, NoRoom if words == faults.NO_ROOM else Busy)
    assert faults.foreseen(said) is not None


@pytest.mark.parametrize(
    "said",
    [_sqlite(sqlite3.SQLITE_ERROR), ProgrammingError("…", None, psycopg.errors.lookup("42601")("no"))],
)
def test_mistakes_of_ours_stay_mistakes(said: DBAPIError) -> None:
    assert faults.of_database(said) is None


def test_who_reads_and_writes_all_the_same_is_no_fault_of_the_database() -> None:
    for said in (_sqlite(sqlite3.SQLITE_READONLY), _postgres("25006")):
        assert faults.of_database(said, reading=True) is None
