"""How long notices are kept. Once a day: the duty is a lease that nobody gives back."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, func, not_, or_, select, update

from fourweek.database import Database, new_id
from fourweek.jobs.service import holder_of, take_lease
from fourweek.notices.kinds import SCANNED
from fourweek.outbox import OUTBOX

LISTED_FOR = timedelta(days=365)
SENT_FOR = timedelta(days=90)
PIECE = 500
DAY = timedelta(days=1)
DUTY = "old_notices"


def clear_old(db: Database, now: datetime, looked_for: ColumnElement[bool]) -> int:
    """Delete notices a year after they were shown, and those for mail alone 90 days after; returns how many.

    What a scan wrote stays, unlisted, while it may be `looked_for`: without it the scan would write it again.
    """
    if db.read_now(holder_of, DUTY, now) or not db.write_now(take_lease, DUTY, new_id(), now, DAY):
        return 0
    cleared = 0
    while gone := db.read_now(_old, now, looked_for):
        cleared += db.write_now(_delete, gone)
    db.write_now(_hide, now)
    return cleared


def _old(conn: Connection, now: datetime, looked_for: ColumnElement[bool]) -> list[str]:
    listed = and_(OUTBOX.c.in_product, OUTBOX.c.shown_from <= now - LISTED_FOR)
    mailed = and_(~OUTBOX.c.in_product, func.coalesce(OUTBOX.c.sent_at, OUTBOX.c.shown_from) <= now - SENT_FOR)
    kept = and_(OUTBOX.c.kind.in_(SCANNED), looked_for)
    return list(conn.execute(select(OUTBOX.c.id).where(or_(listed, mailed), not_(kept)).limit(PIECE)).scalars())


def _delete(conn: Connection, ids: list[str]) -> int:
    return conn.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(ids))).rowcount


def _hide(conn: Connection, now: datetime) -> None:
    old = update(OUTBOX).where(OUTBOX.c.in_product, OUTBOX.c.shown_from <= now - LISTED_FOR)
    conn.execute(old.values(in_product=False))
