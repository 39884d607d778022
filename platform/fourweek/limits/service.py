"""Counting tries: one statement a try, exact however many come at once, on both databases."""

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from fourweek.database import table
from fourweek.errors import TooMany
from fourweek.limits.models import AttemptCount
from fourweek.limits.rules import Limit

COUNT: Final = table(AttemptCount)


def count(conn: Connection, limit: Limit, key: str, now: datetime, by: int = 1) -> int:
    """Add `by` to what `key` tried in this span, and say how much it is now. `key`: see `keys.hidden`.

    With `by` 0 it only says it, by the same statement. `now` is the real clock's.
    """
    return count_each(conn, ((limit, key),), now, by)[0]


def count_each(conn: Connection, tried: Sequence[tuple[Limit, str]], now: datetime, by: int = 1) -> tuple[int, ...]:
    """`count` for several kinds with one statement; how much each is now, in their order."""
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    rows = [{"kind": limit.name, "key": key, "span": limit.span(now), "count": by} for limit, key in tried]
    first = make(COUNT).values(sorted(rows, key=itemgetter("kind")))  # in one order, so that nobody waits in a circle
    added: Any = first.on_conflict_do_update(
        index_elements=[COUNT.c.kind, COUNT.c.key, COUNT.c.span], set_={"count": COUNT.c.count + by}
    ).returning(COUNT.c.kind, COUNT.c.count)
    found = {row.kind: row[1] for row in conn.execute(added)}
    return tuple(found[limit.name] for limit, _ in tried)


def allow(conn: Connection, limit: Limit, key: str, now: datetime) -> bool:
    """Count one try of `key`; False where it is one too many."""
    return count(conn, limit, key, now) <= limit.most


def need(conn: Connection, limit: Limit, key: str, now: datetime, said: str = "") -> None:
    """Count one try. Raises TooMany, with the seconds to wait and what is `said`, where it is one too many."""
    if not allow(conn, limit, key, now):
        raise TooMany(limit.wait(now), said)


def sweep(conn: Connection, now: datetime) -> int:
    """Remove what was counted in spans that are over; how many rows that were."""
    gone = 0
    for name in conn.execute(select(COUNT.c.kind).distinct()).scalars().all():
        kind, _, seconds = name.rpartition("/")
        current = Limit(kind, 0, int(seconds)).span(now)
        gone += conn.execute(delete(COUNT).where(COUNT.c.kind == name, COUNT.c.span < current)).rowcount
    return gone
