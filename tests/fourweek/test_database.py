"""The one way to the database: what it promises about transactions, instants and slots."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, make_url, select
from sqlalchemy.exc import DatabaseError

from fourweek import clock
from fourweek.accounts.models import Person
from fourweek.database import Database, UtcDateTime, new_id, table
from fourweek.errors import Invalid
from tests import factories

PERSON = table(Person)
SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_read_cannot_write(db: Database) -> None:
    with pytest.raises(DatabaseError):
        db.read_now(factories.person)


def test_every_commit_is_synced_and_writers_begin_at_once(db: Database) -> None:
    """SQLite: synced at each commit, one writer from the first moment. PostgreSQL: as its operator set it."""
    with db.writer.begin() as conn:
        if not db.embedded:
            source = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"
            assert conn.exec_driver_sql(source).scalar() not in {"client", "session"}
            return
        assert {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in SAFE} == SAFE
        other = sqlite3.connect(make_url(db.url).database or "", timeout=0)
        with closing(other), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")


def test_an_exception_rolls_back_and_comes_out_unchanged(db: Database) -> None:
    def fail(conn: Connection) -> None:
        factories.person(conn)
        raise Invalid({"name": "no"})

    with pytest.raises(Invalid):
        db.write_now(fail)
    assert db.read_now(lambda conn: conn.execute(select(PERSON.c.id)).all()) == []


def test_instants_come_back_aware_and_equal(conn: Connection) -> None:
    person = factories.person(conn)
    odd = datetime(2026, 3, 29, 2, 30, 15, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    conn.execute(PERSON.update().where(PERSON.c.id == person).values(created_at=odd))
    found = conn.execute(select(PERSON.c.created_at).where(PERSON.c.created_at == odd)).scalar_one()
    assert found == odd
    assert found.tzinfo is UTC


def test_a_naive_instant_is_refused() -> None:
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415

    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), sqlite.dialect())  # noqa: DTZ001


@given(st.integers(min_value=1, max_value=50))
def test_ids_are_unique_and_fit(count: int) -> None:
    made = [new_id() for _ in range(count)]
    assert len(set(made)) == count
    assert all(len(one) == 26 and one == one.lower() for one in made)
    assert made == sorted(made)


def test_ids_keep_their_order_when_the_clock_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr("fourweek.database.time.time_ns", lambda: 1)
    later = [new_id() for _ in range(100)]
    assert [first, *later] == sorted({first, *later})


def test_concurrent_increments_lose_nothing(db: Database) -> None:
    step = timedelta(seconds=1)
    db.write_now(clock.move_forward, step)
    threads = [threading.Thread(target=db.write_now, args=(clock.move_forward, step)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = db.read_now(clock.school_now, factories.START)
    assert now.school - now.real == timedelta(seconds=21)


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-1), timedelta(days=400)])
def test_the_school_clock_never_goes_back(conn: Connection, step: timedelta) -> None:
    with pytest.raises(Invalid):
        clock.move_forward(conn, step)


def test_a_write_that_is_given_up_meanwhile_still_ends_whole(db: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        factories.person(conn, "First")
        begun.set()
        go_on.wait(5)
        factories.person(conn, "Second")

    async def give_up() -> None:
        writing = asyncio.ensure_future(db.write(slow))
        await asyncio.to_thread(begun.wait, 5)
        writing.cancel()
        await asyncio.wait([writing])
        assert writing.cancelled()
        go_on.set()
        await db.write(factories.person, "Third")

    asyncio.run(give_up())
    db.close()  # waits for what has begun
    assert sorted(db.read_now(lambda conn: conn.execute(select(PERSON.c.legal_name)).scalars().all())) == [
        "First",
        "Second",
        "Third",
    ]
