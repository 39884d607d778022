"""The sweep of files that no row names."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

import structlog

from fourweek.database import Database
from fourweek.errors import NotFound
from fourweek.storage.rows import BATCH, NamedFiles, named
from fourweek.storage.store import Store

log = structlog.get_logger(__name__)
UNNAMED_FOR = timedelta(hours=24)
"""How long a file stays that no row names: longer than anybody takes from keeping it to saying so."""
PREFIXES = tuple(f"{number:02x}" for number in range(256))


def remove_orphans(db: Database, store: Store, sources: Sequence[NamedFiles], now: datetime, prefix: str = "") -> int:
    """Remove what no row names and nobody wrote or claimed for a day; returns how many. `now` is the real clock's.

    Somebody may keep the same bytes again while this decides. Whoever keeps a file claims it first and names it in a
    row within the day, and `Store.remove` takes a file only if there was no claim when it had taken it away: so a claim
    before that keeps the file, and one after that finds none and writes it anew.
    """
    before, removed = now - UNNAMED_FOR, 0
    old = (found.sha256 for found in store.found(prefix) if found.sha256 and found.written < before)
    while batch := list(islice(old, BATCH)):
        for sha256 in sorted(set(batch) - db.read_now(named, sources, batch)):
            with suppress(NotFound):  # somebody else removed it
                if store.remove(sha256, before):
                    log.info("orphan removed", sha256=sha256)
                    removed += 1
    return removed


class OrphanSweep:
    """A 256th of the store at each tick, so that no tick takes long however much there is."""

    def __init__(self, db: Database, store: Store, sources: Sequence[NamedFiles]) -> None:
        self.db, self.store, self.sources = db, store, sources
        self.turn = 0

    def run(self, now: datetime) -> int:
        """The next part; returns how many files went."""
        prefix, self.turn = PREFIXES[self.turn % len(PREFIXES)], self.turn + 1
        self.store.put_back()
        return remove_orphans(self.db, self.store, self.sources, now, prefix)
