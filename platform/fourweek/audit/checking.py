"""Following the audit log's chain: the first link that does not hold, and what is wrong with it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, func, select

from fourweek.audit.service import GENESIS, LINK, ROW, link_hash
from fourweek.light import dataclass

PIECE: Final = 2_000
LOOSE_FOR: Final = timedelta(minutes=15)
"""How long a row may be without its link: the worker chains at every tick."""
GONE = "The row that it is about is not there any more."
CHANGED = "Its row, or the link itself, was changed after it was written."
APART = "It does not follow the link before it: one was changed, put in or put elsewhere."
MISSING = "It is not there: a link was taken out."
CUT = "It is not there: the end of the log was cut off."
OTHER = "It is not the one whose hash was kept elsewhere: the log was written anew."
LOOSE = "It has no link yet. Either no worker runs, or it was put in by a way of its own."
_LINKS: Select[Any] = (
    select(LINK.c.position, LINK.c.previous, LINK.c.hash, LINK.c.row_id, ROW)
    .outerjoin(ROW, ROW.c.id == LINK.c.row_id)
    .where(LINK.c.position > bindparam("after"))
    .order_by(LINK.c.position)
    .limit(PIECE)
)
_LOOSE: Select[Any] = (
    select(ROW.c.id, ROW.c.at)
    .outerjoin(LINK, LINK.c.row_id == ROW.c.id)
    .where(LINK.c.row_id.is_(None), ROW.c.at < bindparam("since"))
    .order_by(ROW.c.id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends: to be kept elsewhere, so that a log that was cut off or written anew is found out."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


@dataclass(frozen=True, slots=True)
class BrokenAudit:
    """The first link that does not hold; position 0 for a row without one."""

    position: int
    row_id: str
    why: str

    def __str__(self) -> str:
        where = f"link {self.position}" if self.position else "a row"
        return f"{where}{f' (row {self.row_id})' if self.row_id else ''}: {self.why}"


def read_head(typed: str) -> Head:
    """A head as `audit head` printed it. Raises ValueError."""
    position, _, digest = typed.strip().partition(":")
    if not (position.isascii() and position.isdigit() and len(digest) == len(GENESIS)):
        raise ValueError(typed)
    return Head(int(position), digest)


def head(conn: Connection) -> Head:
    """The end of the chain; position 0 while nothing is linked."""
    last = conn.execute(select(LINK.c.position, LINK.c.hash).order_by(LINK.c.position.desc()).limit(1)).first()
    return Head(last.position, last.hash) if last else Head(0, GENESIS)


def links_kept(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(LINK)).scalar_one())


def first_broken_link(
    conn: Connection,
    now: datetime | None = None,
    kept: Head | None = None,
    done: Callable[[int], None] = lambda _number: None,
) -> BrokenAudit | None:
    """The first link that does not hold; None when the log is whole.

    With `now` (real clock) also a row that should have been linked by then; with a head that was `kept` elsewhere also
    a log that does not lead to it. `done` is told how many links were followed since it was told last.
    """
    expected = Head(0, GENESIS)
    for row in _followed(conn, done):
        if wrong := _wrong(row, expected):
            return BrokenAudit(min(row.position, expected.position + 1), row.row_id, wrong)
        expected = Head(row.position, row.hash)
        if kept is not None and kept.position == expected.position and kept != expected:
            return BrokenAudit(kept.position, row.row_id, OTHER)
    if kept is not None and kept.position > expected.position:
        return BrokenAudit(expected.position + 1, "", CUT)
    return _first_loose(conn, now) if now else None


def _followed(conn: Connection, done: Callable[[int], None]) -> Iterator[Row[Any]]:
    after = 0
    while rows := conn.execute(_LINKS, {"after": after}).all():
        yield from rows
        after = rows[-1].position
        done(len(rows))


def _wrong(row: Row[Any], expected: Head) -> str:
    if row.position != expected.position + 1:
        return MISSING
    if row.previous != expected.hash:
        return APART
    if row.id is None:
        return GONE
    return "" if row.hash == link_hash(expected.hash, row) else CHANGED


def _first_loose(conn: Connection, now: datetime) -> BrokenAudit | None:
    found = conn.execute(_LOOSE, {"since": now - LOOSE_FOR}).first()
    return BrokenAudit(0, found.id, LOOSE) if found else None
