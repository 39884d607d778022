"""How the school runs: letters that wait, the worker, the audit log's newest links, the last backup."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from fourweek.audit.service import LINK, ROW, link_hash
from fourweek.database import Database
from fourweek.doctor.finding import Finding, fault, note, ok
from fourweek.jobs.service import last_tick
from fourweek.outbox import parked, standing
from fourweek.settings import Settings

LATE: Final = timedelta(minutes=15)
NEWEST: Final = 200
LOOSE: Final = 1000
OLD_BACKUP: Final = timedelta(days=7)


def outbox_look(db: Database, now: datetime) -> Iterator[Finding]:
    """Letters that are due: the oldest says whether they leave."""
    found, given_up = db.read_now(standing, now), db.read_now(parked)
    if given_up:
        words = f"{given_up:,} letters are tried no more: their address or the mail server refused them."
        yield note("outbox", words, "The log names each as `mail failed`; put the address right, or tell the person.")
    late = timedelta(seconds=found.late_seconds(now))
    if late > LATE:
        words = f"{found.waiting:,} letters wait, the oldest for {_say(late)}."
        yield fault("outbox", words, "See that a worker runs and that the mail server takes letters.")
    elif not given_up:
        yield ok("outbox", f"{found.waiting:,} letters wait, none for long.")


def worker_look(db: Database, now: datetime, tick_seconds: int) -> Iterator[Finding]:
    """When a worker last ended a tick."""
    ticked = db.read_now(last_tick)
    if ticked is None:
        yield note("worker", "None has run here yet.", "Start `fourweek work` (or `fourweek run`).")
        return
    ago = max(now - ticked, timedelta(0))
    if ago > timedelta(minutes=5) + 5 * timedelta(seconds=tick_seconds):
        yield fault("worker", f"None has ended a tick for {_say(ago)}.", "Start `fourweek work` (or `fourweek run`).")
    else:
        yield ok("worker", f"The last tick ended {_say(ago)} ago.")


def audit_look(db: Database) -> Iterator[Finding]:
    """Whether the newest links of the audit log fit; `fourweek audit check` follows all of them."""
    broken, loose = db.read_now(_broken_link), db.read_now(_loose)
    if broken is not None:
        words = f"The audit log's chain is broken at link {broken}."
        yield fault("chains", words, "Run `fourweek audit check`; compare with a backup who changed what.")
    elif loose > LOOSE:
        yield note("chains", f"{loose:,} audit rows are not chained yet.", "See that a worker runs.")
    else:
        yield ok("chains", "The newest links of the audit log fit.")


def _broken_link(conn: Connection) -> int | None:
    chained = select(LINK.c.position, LINK.c.previous, LINK.c.hash, ROW).join(ROW, ROW.c.id == LINK.c.row_id)
    newest = conn.execute(chained.order_by(LINK.c.position.desc()).limit(NEWEST)).all()
    expected = ""
    for row in reversed(newest):
        if (expected and row.previous != expected) or row.hash != link_hash(row.previous, row):
            return int(row.position)
        expected = row.hash
    return None


def _loose(conn: Connection) -> int:
    """Rows that wait for their link: there are as many more rows than links."""
    rows, links = (conn.execute(select(func.count()).select_from(one)).scalar_one() for one in (ROW, LINK))
    return int(rows - links)


def newest_act(conn: Connection) -> datetime | None:
    """When the newest audit row was written: ids sort by time."""
    return conn.execute(select(ROW.c.at).order_by(ROW.c.id.desc()).limit(1)).scalar()


def backup_look(settings: Settings, now: datetime) -> Iterator[Finding]:
    """The note that `fourweek backup` leaves: when the last one was made, and where."""
    path = settings.backups / "last.json"
    if not path.exists():
        yield note("backup", "None was made of this school yet.", "Run `fourweek backup`, by a timer, every day.")
        return
    facts = json.loads(path.read_text())
    age = now - datetime.fromisoformat(facts["made_at"])
    words = f"The last one is {_say(age)} old, in {facts['folder']}."
    if facts.get("lost"):
        yield fault("backup", f"{facts['lost']} files were missing from it.", "Run `fourweek evidence verify`.")
    elif age > OLD_BACKUP:
        yield fault("backup", words, "See why the timer made none; run `fourweek backup`.")
    else:
        yield ok("backup", words)


def _say(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}s"
    return f"{seconds} seconds"
