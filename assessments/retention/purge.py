"""The end of evidence's period: content goes, once; its row stays as a tombstone."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, text, update

from assessments.assignments.models import RequirementKind
from assessments.evidence.queries import EVIDENCE, SUBMISSION
from assessments.retention.queries import LEFT, Old, old_attempts, these_attempts
from courses.enrolment.access import ENROLMENT
from fourweek.audit.service import record_all
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.light import dataclass

BATCH = 200
"""Attempts that are looked at in one read."""
AT_ONCE = 20
"""Attempts whose evidence goes in one transaction."""
EACH_TICK = 400
"""Attempts that one tick looks at, so that it ends soon however much there is."""
PAUSE = timedelta(hours=1)

_FREE: Select[Any] = (
    select(SUBMISSION.c.id)
    .join(ENROLMENT, ENROLMENT.c.id == SUBMISSION.c.enrolment_id)
    .where(SUBMISSION.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(ENROLMENT.c.id, SUBMISSION.c.id)
    .with_for_update(of=(ENROLMENT, SUBMISSION), skip_locked=True)
)
_IS_FILE = EVIDENCE.c.kind == RequirementKind.FILES
_COUNTS: Select[Any] = (
    select(
        SUBMISSION.c.id,
        func.count(EVIDENCE.c.id).label("pieces"),
        func.count(EVIDENCE.c.id).filter(_IS_FILE).label("files"),
        func.sum(EVIDENCE.c.size).label("size"),
    )
    .join(EVIDENCE, LEFT)
    .where(SUBMISSION.c.id.in_(bindparam("ids", expanding=True)))
    .group_by(SUBMISSION.c.id)
)


def purge(conn: Connection, now: Now, kept_days: int, ids: Collection[str], actor_id: str | None = None) -> int:
    """Take the content of these attempts' evidence, as far as nothing keeps it; returns of how many attempts.

    No legal hold comes or goes from here to the end of the transaction: one that is being placed at this moment is
    waited for, and wins. What somebody else works on is left for another time. Safe to ask for twice, or at once.
    """
    hold_the_holds(conn)
    free = conn.execute(_FREE, {"ids": sorted(ids)}).scalars().all()
    due = [one.id for one in these_attempts(conn, now.school, kept_days, free) if one.keeps is None]
    if not due:
        return 0
    counts = {
        row.id: {"pieces": row.pieces, "files": row.files, "bytes": int(row.size)}
        for row in conn.execute(_COUNTS, {"ids": due})
    }
    left = EVIDENCE.c.submission_id.in_(due) & EVIDENCE.c.purged_at.is_(None)
    gone = update(EVIDENCE).where(left, EVIDENCE.c.kind != RequirementKind.CHECK)
    conn.execute(gone.values(text="", url="", purged_at=now.school))
    record_all(conn, "evidence.purged", "submission", counts, at=now.real, actor_id=actor_id)
    return len(counts)


def hold_the_holds(conn: Connection) -> None:
    """SHARE waits for whoever is placing or lifting a hold, and lets nobody begin to (SQLite has one writer anyway)."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("LOCK TABLE legal_hold IN SHARE MODE"))


def batches(db: Database, now: datetime, kept_days: int, after: str = "") -> Iterator[Sequence[Old]]:
    """Every attempt whose period is over and that still has content, some at a time."""
    while found := db.read_now(old_attempts, now, kept_days, after, BATCH):
        yield found
        after = found[-1].id


def purge_found(
    db: Database, now: Now, kept_days: int, found: Sequence[Old], tell: Callable[[int], None] = lambda _done: None
) -> int:
    """Purge what is due among these, in small transactions; `tell` hears how many were done after each."""
    due, gone = [one.id for one in found if one.keeps is None], 0
    for first in range(0, len(due), AT_ONCE):
        some = due[first : first + AT_ONCE]
        gone += db.write_now(purge, now, kept_days, some)
        tell(len(some))
    return gone


@dataclass(slots=True)
class Purge:
    """The worker's scan: some of what is old at each tick, and once all was looked at nothing for an hour.

    What it remembers saves work only; a worker that remembers nothing begins at the start.
    """

    db: Database
    kept_days: int
    after: str = ""
    rests_until: datetime | None = None

    def run(self, now: Now) -> int:
        """Returns how many attempts lost their content."""
        if self.rests_until is not None and now.school < self.rests_until:
            return 0
        gone = looked_at = 0
        for found in batches(self.db, now.school, self.kept_days, self.after):
            gone += purge_found(self.db, now, self.kept_days, found)
            self.after, looked_at = found[-1].id, looked_at + len(found)
            if looked_at >= EACH_TICK:
                return gone
        self.after, self.rests_until = "", now.school + PAUSE
        return gone
