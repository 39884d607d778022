"""Acts are chained once each, in order, even where several workers do it at the same time."""

import threading
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from fourweek.audit.service import LINK, chain, first_broken_link, record
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
