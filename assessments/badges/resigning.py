"""What was signed with a revoked key is stated anew, so that the worker signs it with the present one."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from assessments.badges.keys import KeyRing
from assessments.badges.keys.published import Revocation
from assessments.badges.queries import AWARD, ISSUE
from assessments.badges.restating import restate
from fourweek.clock import Now
from fourweek.database import Database, lock

PIECE: Final = 50
LINGERS: Final = timedelta(hours=1)
"""As long as somebody may still be signing with a key that was loaded before it was revoked."""

# Newest forms only; whoever waits for a newer one gets the present key anyway. What is revoked or withdrawn is not
# signed again.
_STANDS = and_(AWARD.c.revoked_at.is_(None), AWARD.c.withdrawn_at.is_(None))
_UNDER = and_(_STANDS, or_(ISSUE.c.key_id == bindparam("key"), ISSUE.c.jwt_key_id == bindparam("key")))
_NEWEST = and_(ISSUE.c.award_id == AWARD.c.id, ISSUE.c.number == AWARD.c.number)
_SOME: Select[Any] = (
    select(AWARD.c.id).join(ISSUE, _NEWEST).where(_UNDER, AWARD.c.id > bindparam("after")).order_by(AWARD.c.id)
).limit(PIECE)
_ONE: Select[Any] = select(AWARD.c.id).join(ISSUE, _NEWEST).where(_UNDER, AWARD.c.id == bindparam("award"))
_COUNTS: Select[Any] = (
    select(ISSUE.c.key_id, ISSUE.c.jwt_key_id, func.count())
    .join(AWARD, _NEWEST)
    .where(_STANDS)
    .group_by(ISSUE.c.key_id, ISSUE.c.jwt_key_id)
)


def standing_by_key(conn: Connection) -> Counter[str]:
    """How many badges would have to be signed again without each key, by its id. One reading of all badges."""
    counts = Counter[str]()
    for key_id, jwt_key_id, count in conn.execute(_COUNTS):
        counts.update(dict.fromkeys({key_id, jwt_key_id}, count))
    return counts


def state_anew(
    db: Database, revoked: Revocation, now: datetime, tell: Callable[[int], None] = lambda _done: None
) -> int:
    """State anew, in pieces, every award whose newest form was signed with that key; returns how many. Real clock.

    Safe to stop at any moment and to run again, or twice at once. `tell` hears how many were done after each piece.
    """
    done, after = 0, ""
    while ids := db.read_now(_some, revoked.key_id, after):
        done += db.write_now(_restate_all, ids, revoked, now)
        tell(len(ids))
        after = ids[-1]
    return done


class Resigning:
    """The worker's scan for what a command left undone, or was signed while the key was being revoked."""

    def __init__(self, db: Database, load: Callable[[], KeyRing]) -> None:
        self._db, self._load = db, load
        self._done: set[str] = set()

    def run(self, now: Now) -> int:
        """Nothing but a look at the keys, unless one was revoked that this process has not dealt with for good."""
        stated = 0
        for revoked in self._load().revocations.values():
            if revoked.key_id not in self._done:
                stated += state_anew(self._db, revoked, now.real)
                if now.real - revoked.at > LINGERS:
                    self._done.add(revoked.key_id)
        return stated


def _some(conn: Connection, key_id: str, after: str) -> list[str]:
    return list(conn.execute(_SOME, {"key": key_id, "after": after}).scalars())


def _restate_all(conn: Connection, ids: list[str], revoked: Revocation, now: datetime) -> int:
    return sum(_restate(conn, award_id, revoked, now) for award_id in ids)


def _restate(conn: Connection, award_id: str, revoked: Revocation, now: datetime) -> bool:
    lock(conn, AWARD, award_id)
    if conn.execute(_ONE, {"award": award_id, "key": revoked.key_id}).first() is None:
        return False
    why = f"The key it was signed with was revoked: {revoked.why}"
    restate(conn, award_id, why[:500], now, actor_id=None)
    return True
