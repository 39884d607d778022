"""A database beside a backup, row by row in the order of the key."""

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from fourweek.backup.errors import NoBackup
from fourweek.backup.folder import Backup
from fourweek.backup.letters import HELD
from fourweek.backup.loading import backed_up
from fourweek.backup.manifest import TablePart
from fourweek.backup.restoring import ACT
from fourweek.backup.rows import hold_moment, lines
from fourweek.backup.shape import Shape
from fourweek.light import dataclass
from fourweek.migrations import run as migrations

Row = list[Any]


class Trouble(StrEnum):
    MISSING = "missing"
    CHANGED = "changed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A row that is not as the backup has it; `columns` are those that differ. Values stay out: they may be secret."""

    trouble: Trouble
    table: str
    key: str
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        also = f": {', '.join(self.columns)}" if self.columns else ""
        return f"{self.trouble}: {self.table} {self.key}{also}"


def compare(conn: Connection, backup: Backup, tell: Callable[[str], None]) -> Iterator[RowDifference]:
    """Every difference between the rows of this moment and those of a backup, but for what a restore itself does."""
    hold_moment(conn)
    here = migrations.current_of(conn)
    if here != backup.manifest.revision:
        raise NoBackup(
            f"The backup is of schema {backup.manifest.revision}, the database of {here}: they cannot be compared. "
            "A restore has compared them before it upgraded."
        )
    for table in backup.manifest.tables:
        tell(table.name)
        for found in _compare_table(conn, backup, table):
            if found is not None:
                yield found


def _compare_table(conn: Connection, backup: Backup, table: TablePart) -> Iterator[RowDifference | None]:
    """Both sides are in the order of the key: whichever is behind has a row that the other has not."""
    shape = table.shape
    kept, here = backed_up(backup, table), lines(conn, shape)
    left, right = next(kept, None), next(here, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(kept, None), next(here, None)
            continue
        was, now = _row(left), _row(right)
        if now is None or (was is not None and _key(shape, was) < _key(shape, now)):
            yield _named(Trouble.MISSING, shape, was)
            left = next(kept, None)
        elif was is None or _key(shape, now) < _key(shape, was):
            yield None if _by_the_restore(shape, now) else _named(Trouble.ADDED, shape, now)
            right = next(here, None)
        else:
            yield _changed(shape, was, now)
            left, right = next(kept, None), next(here, None)


def _row(line: bytes | None) -> Row | None:
    return None if line is None else json.loads(line)


def _key(shape: Shape, row: Row) -> Row:
    return row[: shape.keys]


def _named(trouble: Trouble, shape: Shape, row: Row | None, columns: tuple[str, ...] = ()) -> RowDifference:
    key = " ".join(map(str, _key(shape, row or [])))
    return RowDifference(trouble, shape.name, key, columns)


def _changed(shape: Shape, was: Row, now: Row) -> RowDifference | None:
    differ = tuple(name for name, old, new in zip(shape.names, was, now, strict=True) if old != new)
    held = shape.name == "outbox_message" and now[shape.names.index("problem")] == HELD
    if held:
        differ = tuple(name for name in differ if name not in ("try_at", "problem"))
    return _named(Trouble.CHANGED, shape, now, differ) if differ else None


def _by_the_restore(shape: Shape, row: Row) -> bool:
    return shape.name == "audit_row" and row[shape.names.index("act")] == ACT
