"""Tries are counted exactly however many come at once, and forgotten when their time is over."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from fourweek.database import Database
from fourweek.errors import TooMany
from fourweek.limits.keys import FILE, hidden
from fourweek.limits.rules import Limit
from fourweek.limits.service import COUNT, allow, count, need, sweep
from fourweek.settings import Settings

NOW = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
THREE = Limit("door", 3, 60)
HERE, THERE = "a" * 64, "b" * 64


def test_a_limit_holds_for_each_key_and_each_span(conn: Connection) -> None:
    assert [allow(conn, THREE, HERE, NOW) for _ in range(4)] == [True, True, True, False]
    assert allow(conn, THREE, THERE, NOW)
    assert allow(conn, THREE, HERE, NOW + timedelta(minutes=1))
    assert not allow(conn, THREE, HERE, NOW + timedelta(seconds=49))


def test_one_too_many_says_how_long_to_wait(conn: Connection) -> None:
    count(conn, THREE, HERE, NOW, by=3)
    with pytest.raises(TooMany) as caught:
        need(conn, THREE, HERE, NOW)
    assert (caught.value.status, caught.value.wait) == (429, 50)
    assert caught.value.advice == "Wait 50 seconds, then try again. Nothing was changed."


def test_asking_counts_nothing(conn: Connection) -> None:
    assert [count(conn, THREE, HERE, NOW, by=by) for by in (0, 2, 0, 1)] == [0, 2, 2, 3]


def test_sixty_tries_at_once_are_all_counted(db: Database) -> None:
    with ThreadPoolExecutor(12) as threads:
        allowed = list(threads.map(lambda _n: db.write_now(allow, Limit("door", 25, 60), HERE, NOW), range(60)))
    assert sum(allowed) == 25
    assert db.read_now(lambda conn: conn.execute(select(COUNT.c.count)).scalar_one()) == 60


def test_what_is_over_is_swept_and_the_rest_stays(conn: Connection) -> None:
    hour = Limit("door", 3, 3600)
    for limit in (THREE, hour):
        allow(conn, limit, HERE, NOW - timedelta(minutes=2))
    allow(conn, THREE, THERE, NOW)
    allow(conn, hour, HERE, NOW + timedelta(hours=1))
    assert sweep(conn, NOW) == 2
    assert sweep(conn, NOW) == 0
    left = conn.execute(select(COUNT.c.kind, COUNT.c.key).order_by(COUNT.c.kind)).all()
    assert [tuple(row) for row in left] == [("door/3600", HERE), ("door/60", THERE)]


def test_a_key_tells_nothing_and_differs_between_houses(tmp_path: Path) -> None:
    first, second = (Settings(home=tmp_path / name) for name in ("one", "two"))
    said = hidden(first, "address 203.0.113.9")
    assert said == hidden(first, "address 203.0.113.9") != hidden(first, "name 203.0.113.9")
    assert said != hidden(second, "address 203.0.113.9")
    assert (len(said), int(said, 16) > 0) == (64, True)
    made = tmp_path / "one" / "keys" / FILE
    assert (stat.S_IMODE(made.stat().st_mode), made.stat().st_size) == (0o600, 32)
    assert [path.name for path in made.parent.iterdir()] == [FILE]
