"""Counting the statements a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from fourweek.database import Database


class Count:
    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def number(self) -> int:
        return len(self.texts)


@contextmanager
def statements(db: Database) -> Iterator[Count]:
    """Counts what both engines of `db` execute inside the block (BEGIN, COMMIT and pragmas do not count)."""
    count = Count()

    def note(_conn: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if not text.startswith(("BEGIN", "PRAGMA")):
            count.texts.append(text)

    engines = (db.reader, db.writer)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield count
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
