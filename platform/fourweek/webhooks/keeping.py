"""Once an hour: saying of webhooks that they fail for days, and removing old messages.

The duty is a lease that nobody gives back.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from fourweek.database import Database, new_id
from fourweek.jobs.service import holder_of, take_lease
from fourweek.outbox import post
from fourweek.webhooks.queries import DAYS_OF_TROUBLE, FAILING, HOOK, LAST_TAKEN, MESSAGE

KEPT_FOR = timedelta(days=90)
PIECE = 500
HOUR = timedelta(hours=1)
DUTY = "webhooks"

_PROBLEM = (
    select(MESSAGE.c.problem)
    .where(MESSAGE.c.webhook_id == HOOK.c.id, MESSAGE.c.problem != "")
    .order_by(MESSAGE.c.tried_at.desc())
    .limit(1)
    .correlate(HOOK)
    .scalar_subquery()
)
_FAILING = select(
    HOOK.c.id, HOOK.c.title, HOOK.c.url, HOOK.c.made_by, LAST_TAKEN.label("last_taken"), _PROBLEM.label("problem")
).where(FAILING, HOOK.c.made_by.is_not(None))


def look_after(db: Database, now: datetime) -> int:
    """Tell whoever made a webhook that it fails, once each time it begins to; delete messages after 90 days.

    Returns how many were told or deleted. `now` is the real clock.
    """
    if db.read_now(holder_of, DUTY, now) or not db.write_now(take_lease, DUTY, new_id(), now, HOUR):
        return 0
    done = db.write_now(_tell, now)
    while gone := db.read_now(_old, now):
        done += db.write_now(_delete, gone)
    return done


def _tell(conn: Connection, now: datetime) -> int:
    told = 0
    for row in conn.execute(_FAILING, {"long_ago": now - DAYS_OF_TROUBLE}).all():
        since = row.last_taken.isoformat() if row.last_taken else "the beginning"
        data = {"title": row.title, "url": row.url, "problem": row.problem or "", "path": f"/webhooks/{row.id}"}
        told += post(conn, f"webhook_failing:{row.id}:{since}", "webhook_failing", row.made_by, now=now, data=data)
    return told


def _old(conn: Connection, now: datetime) -> list[str]:
    wanted = select(MESSAGE.c.id).where(MESSAGE.c.created_at <= now - KEPT_FOR, MESSAGE.c.try_at.is_(None)).limit(PIECE)
    return list(conn.execute(wanted).scalars())


def _delete(conn: Connection, ids: list[str]) -> int:
    return conn.execute(delete(MESSAGE).where(MESSAGE.c.id.in_(ids))).rowcount
