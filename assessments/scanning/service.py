"""The worker's scan: files that wait are given to the scanner one by one, and their people are told of what is held."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from assessments.scanning.places import places_of
from fourweek.clock import Now
from fourweek.database import Database
from fourweek.errors import Busy, NotFound
from fourweek.language import _
from fourweek.outbox import Mail, post_all
from fourweek.scanning import waiting
from fourweek.scanning.asking import Answer, ask
from fourweek.settings import Settings
from fourweek.storage import Store
from fourweek.storage.rows import NamedFiles

log = structlog.get_logger(__name__)
KIND: Final = "file_held"
AT_ONCE, BUDGET, EVERY = 500, 20.0, timedelta(hours=1)
"""Files of one tick, how many seconds it begins new ones, and how often it looks for files that nobody announced."""
SILENT: Final = 2
"""So many files in a row without an answer end the tick: the scanner is away, and others wait for this tick."""


class Scanning:
    """Remembers when it last looked for files without a verdict: those of before the scanner was turned on."""

    def __init__(self, db: Database, store: Store, settings: Settings, sources: Sequence[NamedFiles]) -> None:
        self.db, self.store, self.settings, self.sources = db, store, settings, sources
        self.looks_at: datetime | None = None

    def run(self, now: Now) -> int:
        """Returns how many files the scanner had an answer for; without a scanner, how many wait no more."""
        if not self.settings.scan_command:
            return self._stop_waiting(now.real)
        self._gather(now.real)
        answered, silent, began = 0, 0, time.monotonic()
        for sha256 in self.db.read_now(waiting.due, now.real, AT_ONCE):
            if silent == SILENT or time.monotonic() - began > BUDGET:
                break
            answer = self._asked(sha256)
            if answer is None:
                continue
            self.db.write_now(keep, sha256, answer, now.real)
            silent = 0 if answer.state else silent + 1
            answered += bool(answer.state)
            if answer.state is None:
                log.warning("the scanner could not say", sha256=sha256, said=answer.words)
        return answered

    def _stop_waiting(self, now: datetime) -> int:
        """At first, then hourly: a server that was not started anew yet may still let files wait."""
        if self.looks_at is not None and now < self.looks_at:
            return 0
        self.looks_at = now + EVERY
        return self.db.write_now(waiting.forget_waiting) if self.db.read_now(waiting.waiting).count else 0

    def _gather(self, now: datetime) -> None:
        """Let files wait that rows name and nobody announced, a piece at a time until all are known, then hourly.

        Then tell those of held files whose row came after the answer.
        """
        if self.looks_at is not None and now < self.looks_at:
            return
        if found := self.db.read_now(waiting.unknown, self.sources):
            self.db.write_now(waiting.wait, found, now)
            return
        self.db.write_now(waiting.forget_unnamed, self.sources, now)
        for sha256 in self.db.read_now(waiting.held_since, now - 2 * EVERY):
            self.db.write_now(tell, sha256, now)
        self.looks_at = now + EVERY

    def _asked(self, sha256: str) -> Answer | None:
        """What the scanner says; None for a file that is not there any more."""
        try:
            with self.store.borrow(sha256) as path:
                return ask(self.settings.scan_command, path, self.settings.scan_seconds)
        except NotFound:
            self.db.write_now(waiting.forget, sha256)
            return None
        except Busy:
            return Answer(None, _("The store did not answer."))


def keep(conn: Connection, sha256: str, answer: Answer, now: datetime) -> None:
    """Write down an answer; whose file is held from now on is told in the same transaction."""
    if waiting.keep_answer(conn, sha256, answer, now):
        tell(conn, sha256, now)


def tell(conn: Connection, sha256: str, now: datetime) -> int:
    """Tell everybody who sent this content that it is held, once for each place; returns how many are new."""
    mails = [
        Mail(
            f"{KIND}:{sha256}:{place.id}:{place.person_id}", place.person_id, {"title": place.title, "path": place.path}
        )
        for place in places_of(conn, sha256, most=None)
    ]
    return post_all(conn, KIND, mails, now=now)
