"""The lease elects one process; a scan that fails stops nobody; ticks by hand and by the worker do the same."""

import threading
from datetime import UTC, datetime, timedelta

from fourweek.clock import Now
from fourweek.database import Database
from fourweek.jobs.service import TICKER, Scan, give_back, holder_of, last_tick, take_lease, tick
from fourweek.jobs.worker import Worker

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def _take(db: Database, who: str, at: datetime) -> bool:
    return db.write_now(take_lease, TICKER, who, at, MINUTE)


def test_one_holder_until_the_lease_ends(db: Database) -> None:
    assert _take(db, "first", NOW)
    assert not _take(db, "second", NOW + MINUTE / 2)
    assert _take(db, "first", NOW + MINUTE / 2)
    assert not _take(db, "second", NOW + MINUTE)
    assert _take(db, "second", NOW + MINUTE * 2)
    assert db.read_now(holder_of, TICKER, NOW + MINUTE * 2) == "second"


def test_a_lease_given_back_is_free_at_once(db: Database) -> None:
    assert _take(db, "first", NOW)
    db.write_now(give_back, TICKER, "first", NOW)
    assert _take(db, "second", NOW)


def test_twenty_processes_at_once_elect_one(db: Database) -> None:
    elected: list[str] = []

    def run(name: str) -> None:
        if _take(db, name, NOW):
            elected.append(name)

    threads = [threading.Thread(target=run, args=(f"p{n}",)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(elected) == 1


def test_a_failing_scan_does_not_stop_the_next(db: Database) -> None:
    def fail(_now: Now) -> int:
        raise ValueError("broken on purpose")

    done = tick(db, (Scan("bad", fail), Scan("good", lambda _now: 3)), NOW)
    assert done == {"bad": -1, "good": 3}


def test_worker_ticks_at_once_and_hands_over_when_stopped(db: Database) -> None:
    ticked = threading.Event()
    worker = Worker(db, (Scan("once", lambda _now: ticked.set() or 1),), tick_seconds=60)  # type: ignore[func-returns-value]
    worker.start()
    assert ticked.wait(10)
    worker.stop()
    assert _take(db, "other", datetime.now(UTC))


def test_a_worker_ends_after_the_scan_that_runs(db: Database) -> None:
    begun, go_on, ran = threading.Event(), threading.Event(), []

    def first(_now: Now) -> int:
        begun.set()
        go_on.wait(10)
        ran.append("first")
        return 1

    worker = Worker(db, (Scan("first", first), Scan("second", lambda _now: ran.append("second") or 1)), tick_seconds=60)  # type: ignore[func-returns-value]
    worker.start()
    assert begun.wait(10)
    assert not worker.stop(within=0.05)
    go_on.set()
    assert worker.stop()
    assert ran == ["first"]
    assert db.read_now(last_tick) is not None


def test_a_duty_taken_while_the_clock_was_wrong_keeps_nobody_from_it(db: Database) -> None:
    """A day ahead, then put right: whoever comes next need not wait for that day."""
    assert _take(db, "first", NOW + timedelta(days=1))
    assert _take(db, "second", NOW)
    assert not _take(db, "third", NOW + MINUTE / 2)
    assert _take(db, "third", NOW + timedelta(days=1))
