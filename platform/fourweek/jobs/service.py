"""One tick of idempotent scans, done by the one process that holds the lease."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, or_, select, update

from fourweek.clock import Now, real_time, school_now
from fourweek.database import Database, add_once, table
from fourweek.jobs.models import Lease
from fourweek.light import dataclass

log = structlog.get_logger(__name__)
LEASE = table(Lease)
LONGEST = timedelta(hours=1)
TICKER = "ticker"
TICKED = "ticked"
"""A row of its own beside the duty's: who ended the newest tick, and when."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A thin job: looks for what is due at `now`, does it once, returns how much. Safe to run twice or at once."""

    name: str
    run: Callable[[Now], int]


def take_lease(conn: Connection, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take or renew a duty; False while another holder has it.

    One that would last longer than any was taken while the clock was wrong, and is as good as free.
    """
    add_once(conn, Lease(name=name, holder=holder, until=now))
    free = or_(LEASE.c.holder == holder, LEASE.c.until <= now, LEASE.c.until > now + max(lasts, LONGEST))
    taken = update(LEASE).where(LEASE.c.name == name, free).values(holder=holder, until=now + lasts)
    return conn.execute(taken).rowcount == 1


def give_back(conn: Connection, name: str, holder: str, now: datetime) -> None:
    conn.execute(update(LEASE).where(LEASE.c.name == name, LEASE.c.holder == holder).values(until=now))


def holder_of(conn: Connection, name: str, now: datetime) -> str | None:
    return conn.execute(select(LEASE.c.holder).where(LEASE.c.name == name, LEASE.c.until > now)).scalar()


def note_tick(conn: Connection, holder: str, now: datetime) -> None:
    """Note that a tick has ended, for who watches over the worker."""
    if not add_once(conn, Lease(name=TICKED, holder=holder, until=now)):
        conn.execute(update(LEASE).where(LEASE.c.name == TICKED).values(holder=holder, until=now))


def last_tick(conn: Connection) -> datetime | None:
    """When a worker last ended a tick; None for never."""
    return conn.execute(select(LEASE.c.until).where(LEASE.c.name == TICKED)).scalar()


def tick(
    db: Database, scans: tuple[Scan, ...], real: datetime | None = None, stopping: Callable[[], bool] = lambda: False
) -> dict[str, int]:
    """Run every scan once; one that fails is logged and does not stop the others. Returns what each did.

    Once `stopping` says so, the scans that have not begun are left to the next tick.
    """
    done: dict[str, int] = {}
    for scan in scans:
        if stopping():
            break
        now = db.read_now(school_now, real or real_time())
        try:
            done[scan.name] = scan.run(now)
        except Exception:
            log.exception("scan failed", scan=scan.name)
            done[scan.name] = -1
    return done


def tick_if_elected(
    db: Database,
    scans: tuple[Scan, ...],
    holder: str,
    pause: timedelta,
    stopping: Callable[[], bool] = lambda: False,
) -> dict[str, int] | None:
    """A tick by the elected process; None when another process holds the lease."""
    if not db.write_now(take_lease, TICKER, holder, real_time(), pause * 3):
        return None
    done = tick(db, scans, stopping=stopping)
    db.write_now(note_tick, holder, real_time())
    return done
