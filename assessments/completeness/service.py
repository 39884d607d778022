"""Letting the rules run, and writing down that a person says evidence can be judged."""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import anyio
import anyio.to_thread
import structlog
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from assessments.completeness.looking import troubles
from assessments.completeness.queries import CHECK, Work, not_ruled, work_of
from assessments.completeness.rules import Finding, findings
from assessments.showing.derived import Derived
from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.errors import Busy
from fourweek.language.stored import lines_in_each_language
from fourweek.storage import Store

log = structlog.get_logger(__name__)
AT_ONCE, BUDGET = 10, timedelta(seconds=20)
"""Submissions that one tick takes, and how long it begins new ones."""
PATIENCE = 8.0
"""Seconds that a grader waits for the rules; after that the worker sees to them."""


class Rules:
    """The scan: a few submissions at each tick, whose files are looked at between two short transactions."""

    def __init__(self, db: Database, store: Store, derived: Derived) -> None:
        self.db, self.store, self.derived = db, store, derived

    def run(self, now: Now) -> int:
        """Returns how many submissions the rules looked at."""
        done, began = 0, time.monotonic()
        for submission_id in self.db.read_now(not_ruled, AT_ONCE):
            if time.monotonic() - began > BUDGET.total_seconds():
                break
            work = self.db.read_now(work_of, submission_id)
            if work is None:
                continue
            try:
                found = look(self.store, self.derived, work)
            except Busy:
                log.warning("the rules could not look at files", submission=submission_id)
                continue
            self.db.write_now(keep_findings, submission_id, found, now.real)
            done += 1
        return done


def look(store: Store, derived: Derived, work: Work) -> tuple[Finding, ...]:
    """What the rules find, in words for whoever reads them. Blocks while files are opened.

    Raises Busy where the store cannot be asked.
    """
    wrong = troubles(store, derived, work.files)
    slots = [replace(one, troubles=wrong.get(one.asked.key, ())) for one in work.slots]
    words = lines_in_each_language(lambda: [str(one.words) for one in findings(slots)])
    return tuple(Finding(one.requirement, said) for one, said in zip(findings(slots), words, strict=True))


async def look_soon(store: Store, derived: Derived, work: Work) -> tuple[Finding, ...] | None:
    """`look` beside the loop, for somebody who waits; None where it takes too long."""
    with anyio.move_on_after(PATIENCE):
        try:
            return await anyio.to_thread.run_sync(look, store, derived, work, abandon_on_cancel=True, limiter=_turns())
        except Busy:
            return None
    return None


@cache
def _turns() -> anyio.CapacityLimiter:
    """Files are opened for few people at once."""
    return anyio.CapacityLimiter(2)


def keep_findings(conn: Connection, submission_id: str, found: Iterable[Finding], real: datetime) -> None:
    """What the rules found, once and for all; what a person said meanwhile stays."""
    rows = [{"requirement": one.requirement, "words": one.words} for one in found]
    values = {"submission_id": submission_id, "findings": rows, "ruled_at": real}
    _upsert(conn, values, ("findings", "ruled_at"), CHECK.c.ruled_at.is_(None))


def mark_complete(conn: Connection, visitor: Visitor, submission_id: str) -> None:
    """A person says that it can be judged; only the first to say so counts. The caller has authorised it."""
    real = visitor.now.real
    values = {
        "submission_id": submission_id,
        "findings": [],
        "checked_at": real,
        "checked_by": visitor.me.id,
    }
    if _upsert(conn, values, ("checked_at", "checked_by"), CHECK.c.checked_at.is_(None)):
        record(conn, "completeness.checked", "submission", submission_id, at=real, actor_id=visitor.me.id)


def _upsert(conn: Connection, values: dict[str, Any], changed: tuple[str, ...], if_still: Any) -> bool:
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    statement = (
        make(CHECK)
        .values(values)
        .on_conflict_do_update(
            index_elements=[CHECK.c.submission_id], set_={name: values[name] for name in changed}, where=if_still
        )
    )
    return conn.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1
