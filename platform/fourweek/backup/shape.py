"""Which tables a database has, as it says itself: at any revision, on both engines in the same words."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, inspect

from fourweek.light import dataclass

LEFT_OUT = {
    "alembic_version": "the manifest says the revision",
    "attempt_count": "counts tries of the last minutes",
    "lease": "says which worker is on duty",
    "openid_request": "waits minutes for a provider's answer",
    "sign_in": "ends with a restore: everybody signs in again",
}
"""Tables of the moment, which no backup holds, and why."""


class Kind(StrEnum):
    """What a column holds. A line writes truth, number and text as JSON does, all else as text:

    an instant as `2026-11-02T09:00:00.000000Z`, a day as `2026-11-02`, a time as `09:00:00.000000`, JSON as it was
    written, bytes in base64.
    """

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    INSTANT = "instant"
    DAY = "day"
    TIME = "time"
    JSON = "json"
    BYTES = "bytes"


_KINDS = {
    "varchar": Kind.TEXT,
    "character varying": Kind.TEXT,
    "text": Kind.TEXT,
    "integer": Kind.NUMBER,
    "bigint": Kind.NUMBER,
    "boolean": Kind.TRUTH,
    "datetime": Kind.INSTANT,
    "timestamp with time zone": Kind.INSTANT,
    "date": Kind.DAY,
    "time": Kind.TIME,
    "time without time zone": Kind.TIME,
    "json": Kind.JSON,
    "blob": Kind.BYTES,
    "bytea": Kind.BYTES,
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: the columns of its key first, as the key has them, then the others by name."""

    name: str
    columns: tuple[Column, ...]
    keys: int

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def shapes(conn: Connection) -> list[Shape]:
    """Every table with rows worth keeping, those that others point to first. Raises ValueError for a strange column."""
    ordered = [name for name, _ in inspect(conn).get_sorted_table_and_fkc_names() if name and name not in LEFT_OUT]
    look = _on_sqlite if conn.dialect.name == "sqlite" else _on_postgres
    found = look(conn)
    return [_shape(name, found[name]) for name in ordered]


def _shape(name: str, columns: list[tuple[str, str, int]]) -> Shape:
    """`columns` are name, declared type and place in the key, from 1; 0 outside it."""
    keys = sorted((place, column, kind) for column, kind, place in columns if place)
    others = sorted((column, kind) for column, kind, place in columns if not place)
    every = [(column, kind) for _, column, kind in keys] + others
    return Shape(name, tuple(Column(column, _kind(name, column, kind)) for column, kind in every), len(keys))


def _kind(table: str, column: str, declared: str) -> Kind:
    known = _KINDS.get(declared.lower().partition("(")[0])
    if known is None:
        raise ValueError(f"{table}.{column} is a {declared}, which backups do not know")
    return known


def _on_sqlite(conn: Connection) -> dict[str, list[tuple[str, str, int]]]:
    asked = (
        "SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'"
    )
    return _by_table(conn.exec_driver_sql(asked).all())


def _on_postgres(conn: Connection) -> dict[str, list[tuple[str, str, int]]]:
    asked = """
        SELECT c.relname, a.attname, format_type(a.atttypid, NULL), coalesce(array_position(i.indkey, a.attnum), -1) + 1
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
        AND NOT a.attisdropped
    """
    return _by_table(conn.exec_driver_sql(asked).all())


def _by_table(rows: Any) -> dict[str, list[tuple[str, str, int]]]:
    found: dict[str, list[tuple[str, str, int]]] = {}
    for table, column, kind, place in rows:
        found.setdefault(table, []).append((column, kind, place))
    return found
