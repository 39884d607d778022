"""Acts are chained once each, in order, even where several workers do it at the same time."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from fourweek.audit.checking import (
    APART,
    CHANGED,
    CUT,
    GONE,
    LOOSE,
    LOOSE_FOR,
    MISSING,
    OTHER,
    BrokenAudit,
    Head,
    first_broken_link,
    head,
    read_head,
)
from fourweek.audit.service import LINK, chain, record
from fourweek.database import Database

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ACTS, WORKERS = 120, 6


def _acts(conn: Connection) -> None:
    for number in range(ACTS):
        record(conn, "test.act", "test", str(number), at=NOW, actor_id=None)


def test_every_act_is_linked_once(db: Database) -> None:
    db.write_now(_acts)
    assert [db.write_now(chain), db.write_now(chain)] == [ACTS, 0]
    assert db.read_now(first_broken_link) is None


def test_workers_that_chain_at_once_share_the_work(db: Database) -> None:
    db.write_now(_acts)
    done: list[int] = []
    gate = threading.Barrier(WORKERS)

    def run() -> None:
        gate.wait()
        done.append(db.write_now(chain, 50))

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [0, 0, 0, 20, 50, 50]
    assert db.read_now(lambda conn: conn.execute(select(func.count()).select_from(LINK)).scalar_one()) == ACTS
    assert db.read_now(first_broken_link) is None


def _chained(conn: Connection, number: int = 5) -> None:
    for one in range(number):
        record(conn, "test.act", "test", str(one), at=NOW, actor_id=None, detail={"one": one})
    chain(conn)


def _tamper(conn: Connection, statement: str, **values: Any) -> BrokenAudit | None:
    """What is found after a change by somebody who may switch the triggers off; the change is taken back."""
    if conn.dialect.name == "sqlite":
        triggers = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in triggers:
            conn.execute(text(f"DROP TRIGGER {name}"))
        conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    else:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
    before = conn.begin_nested()
    for one in statement.split(";"):
        conn.execute(text(one), {name: value for name, value in values.items() if f":{name}" in one})
    found = first_broken_link(conn, NOW, values.get("kept"))
    before.rollback()
    return found


def test_one_altered_removed_or_reordered_row_is_named_with_what_is_wrong(conn: Connection) -> None:
    """Row 54 of the checklist, with the triggers off, by somebody who owns the database."""
    _chained(conn)
    assert first_broken_link(conn, NOW) is None
    third, fourth = (conn.execute(select(LINK.c.row_id).where(LINK.c.position == n)).scalar_one() for n in (3, 4))
    altered = {
        "UPDATE audit_row SET reason = 'Another' WHERE id = :third": CHANGED,
        "UPDATE audit_row SET actor_id = 'somebody' WHERE id = :third": CHANGED,
        "UPDATE audit_row SET at = '2020-01-01 00:00:00+00:00' WHERE id = :third": CHANGED,
        "UPDATE audit_row SET detail = '{\"one\": 7}' WHERE id = :third": CHANGED,
        "UPDATE audit_link SET hash = :zeros WHERE position = 3": CHANGED,
        "UPDATE audit_link SET previous = :zeros WHERE position = 3": APART,
        "DELETE FROM audit_row WHERE id = :third": GONE,
        "DELETE FROM audit_link WHERE position = 3": MISSING,
        "DELETE FROM audit_link WHERE position = 3; DELETE FROM audit_row WHERE id = :third": MISSING,
        "UPDATE audit_link SET row_id = 'x' WHERE position = 3; UPDATE audit_link SET row_id = :third "
        "WHERE position = 4; UPDATE audit_link SET row_id = :fourth WHERE position = 3": CHANGED,
        "UPDATE audit_link SET position = 99 WHERE position = 3; UPDATE audit_link SET position = 3 "
        "WHERE position = 4; UPDATE audit_link SET position = 4 WHERE position = 99": APART,
    }
    for statement, why in altered.items():
        found = _tamper(conn, statement, third=third, fourth=fourth, zeros="0" * 64)
        assert found is not None, statement
        assert (found.position, found.why) == (3, why), statement


def test_a_cut_off_end_is_found_with_a_head_that_was_kept_elsewhere(conn: Connection) -> None:
    _chained(conn)
    kept = head(conn)
    assert (read_head(str(kept)), kept.position, first_broken_link(conn, NOW, kept)) == (kept, 5, None)
    rest = "DELETE FROM audit_row WHERE id NOT IN (SELECT row_id FROM audit_link)"
    cut = f"DELETE FROM audit_link WHERE position = 5; {rest}"  # noqa: S608
    assert _tamper(conn, cut) is None
    assert _tamper(conn, cut, kept=kept) == BrokenAudit(5, "", CUT)
    anew = Head(5, "1" * 64)
    found = first_broken_link(conn, NOW, anew)
    assert found is not None
    assert found.why == OTHER
    for wrong in ("", "5", "5:abc", "x:" + "1" * 64):
        with pytest.raises(ValueError, match=wrong or "^$"):
            read_head(wrong)


def test_a_row_without_a_link_is_named_once_the_worker_should_have_linked_it(conn: Connection) -> None:
    _chained(conn)
    record(conn, "test.act", "test", "late", at=NOW, actor_id=None)
    assert first_broken_link(conn, NOW + LOOSE_FOR) is None
    found = first_broken_link(conn, NOW + LOOSE_FOR + timedelta(seconds=1))
    assert found is not None
    assert (found.position, found.why) == (0, LOOSE)
