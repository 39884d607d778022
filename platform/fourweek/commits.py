"""Whether anything at all was committed since an answer was kept: SQLite tells in microseconds, PostgreSQL does not."""

import sqlite3
from pathlib import Path


class Commits:
    """Marks that change with every commit of any process. Holds a connection of its own, opened when first asked."""

    def __init__(self, database: Path | None) -> None:
        """`database` is the file of an SQLite database, None where there is none."""
        self._database = database
        self._held: sqlite3.Connection | None = None

    def mark(self) -> int | None:
        """The mark of this moment, None where it cannot be told. What was read after a mark holds while it is the mark.

        See https://sqlite.org/pragma.html#pragma_data_version: the number is of this connection alone and counts the
        commits of all others; this one never writes. It waits for nobody, so it may be asked on the loop.
        """
        if self._database is None:
            return None
        try:
            if self._held is None:
                self._held = sqlite3.connect(self._database, timeout=0, isolation_level=None, check_same_thread=False)
            (mark,) = self._held.execute("PRAGMA data_version").fetchone()
        except sqlite3.OperationalError:
            return None
        return int(mark)

    def close(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None
