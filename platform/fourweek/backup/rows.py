"""Rows as lines: the same line for the same row on both engines, in the order of the key."""

import base64
import json
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import Connection, text

from fourweek.backup.shape import Column, Kind, Shape

PIECE = 2000
_ON_POSTGRES = {
    Kind.INSTANT: "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
    Kind.DAY: "to_char({}, 'YYYY-MM-DD')",
    Kind.TIME: "to_char({}, 'HH24:MI:SS.US')",
    Kind.JSON: "{}::text",
}


def hold_moment(conn: Connection) -> None:
    """Let everything that is read from now on be of this moment, until the connection goes back. First call on it.

    On SQLite a reader sees one moment anyway, from its first look on.
    """
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()
        return
    conn.execution_options(isolation_level="REPEATABLE READ")
    for name in ("statement_timeout", "idle_in_transaction_session_timeout"):
        conn.execute(text(f"SET LOCAL {name} = 0"))


def lines(conn: Connection, shape: Shape) -> Generator[bytes, None, None]:
    """Every row of a table as a line of JSON with its end, in the order of its key. Close it when you stop early."""
    sqlite = conn.dialect.name == "sqlite"
    asked = (_sqlite_select if sqlite else _postgres_select)(shape)
    ways = [_FROM_SQLITE.get(column.kind) if sqlite else _FROM_POSTGRES.get(column.kind) for column in shape.columns]
    changed = [(place, way) for place, way in enumerate(ways) if way]
    options = {"stream_results": True, "max_row_buffer": PIECE}
    with closing(conn.exec_driver_sql(asked, execution_options=options)) as found:
        for row in found:
            values = list(row)
            for place, way in changed:
                if values[place] is not None:
                    values[place] = way(values[place])
            yield line_of(values)


def line_of(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _sqlite_select(shape: Shape) -> str:
    names, order = (", ".join(f'"{name}"' for name in names) for names in (shape.names, shape.names[: shape.keys]))
    return f'SELECT {names} FROM "{shape.name}" ORDER BY {order}'  # noqa: S608 names of our tables


def _postgres_select(shape: Shape) -> str:
    """Text is put in the order of its bytes, as SQLite and Python do, whatever the database's language."""
    names = ", ".join(_ON_POSTGRES.get(column.kind, "{}").format(f'"{column.name}"') for column in shape.columns)
    order = ", ".join(
        f'"{column.name}"' + (' COLLATE "C"' if column.kind is Kind.TEXT else "")
        for column in shape.columns[: shape.keys]
    )
    return f'SELECT {names} FROM "{shape.name}" ORDER BY {order}'  # noqa: S608 names of our tables


def _instant(stored: str) -> str:
    """SQLite's words for an instant in ours."""
    at = datetime.fromisoformat(stored)
    return (at.astimezone(UTC) if at.tzinfo else at).replace(tzinfo=None).isoformat("T", "microseconds") + "Z"


def _base64(stored: Any) -> str:
    return base64.b64encode(bytes(stored)).decode()


_FROM_SQLITE: dict[Kind, Callable[[Any], Any]] = {
    Kind.TRUTH: bool,
    Kind.INSTANT: _instant,
    Kind.TIME: lambda stored: time.fromisoformat(stored).isoformat("microseconds"),
    Kind.JSON: lambda stored: stored if isinstance(stored, str) else json.dumps(stored),  # SQLite makes "5" a number
    Kind.BYTES: _base64,
}
_FROM_POSTGRES: dict[Kind, Callable[[Any], Any]] = {Kind.BYTES: _base64}
_TO_SQLITE: dict[Kind, Callable[[Any], Any]] = {
    Kind.TRUTH: int,
    Kind.INSTANT: lambda said: said[:10] + " " + said[11:].removesuffix("Z"),
    Kind.BYTES: base64.b64decode,
}
_TO_POSTGRES: dict[Kind, Callable[[Any], Any]] = {Kind.BYTES: base64.b64decode}


def put_rows(conn: Connection, name: str, columns: Iterable[Column], rows: Iterable[list[Any]]) -> None:
    """Insert rows as lines say them. Triggers must be out of the way; foreign keys hold at the end."""
    columns = list(columns)
    sqlite = conn.dialect.name == "sqlite"
    ways = [(_TO_SQLITE if sqlite else _TO_POSTGRES).get(column.kind) for column in columns]
    ready = (_changed(row, ways) for row in rows)
    named = ", ".join(f'"{column.name}"' for column in columns)
    if sqlite:
        marks = ", ".join("?" for _ in columns)
        insert = f'INSERT INTO "{name}" ({named}) VALUES ({marks})'  # noqa: S608 names of our tables
        while some := list(islice(ready, PIECE)):
            conn.exec_driver_sql(insert, some)
        return
    cursor: Any = conn.connection.cursor()
    with cursor, cursor.copy(f'COPY "{name}" ({named}) FROM STDIN') as copy:
        for row in ready:
            copy.write_row(row)


def _changed(row: list[Any], ways: list[Callable[[Any], Any] | None]) -> tuple[Any, ...]:
    return tuple(way(value) if way and value is not None else value for way, value in zip(ways, row, strict=True))
