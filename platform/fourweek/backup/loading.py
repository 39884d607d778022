"""Reading tables of a backup, and putting them into an empty database."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection

from fourweek.backup.errors import NotRestored
from fourweek.backup.folder import Backup
from fourweek.backup.manifest import TablePart
from fourweek.backup.rows import lines, put_rows
from fourweek.backup.shape import Shape, shapes


def backed_up(backup: Backup, table: TablePart) -> Iterator[bytes]:
    """The lines of a table, in the order of its key."""
    if table.part:
        with gzip.open(backup.folder / table.part.path) as rows:
            yield from rows


def load(conn: Connection, backup: Backup, tell: Callable[[str], None]) -> None:
    """Put every table into a database that has the same revision and no rows. Raises NotRestored, nothing committed."""
    here = {shape.name: shape for shape in shapes(conn)}
    tables = {table.name: table for table in backup.manifest.tables}
    if {name: set(shape.names) for name, shape in here.items()} != {
        name: {column.name for column in table.columns} for name, table in tables.items()
    }:
        raise NotRestored("The tables of the backup are not those of its schema: a program of another branch made it.")
    with _rules_aside(conn):
        _empty(conn, list(here))
        for name, shape in here.items():
            tell(name)
            _load_table(conn, backup, tables[name], shape)
    _go_on_counting(conn)


def _load_table(conn: Connection, backup: Backup, table: TablePart, shape: Shape) -> None:
    """Kinds are those of the database that gets the rows."""
    kinds = {column.name: column for column in shape.columns}
    columns = [kinds[one.name] for one in table.columns]
    if table.rows:
        put_rows(conn, table.name, columns, (json.loads(line) for line in backed_up(backup, table)))
    total = hashlib.sha256()
    for line in lines(conn, shape):
        total.update(line)
    if total.hexdigest() != table.rows_sha256:
        raise NotRestored(f"The rows of {table.name} did not arrive as they were; nothing was restored.")


def _empty(conn: Connection, names: list[str]) -> None:
    """Take out what migrations put in by themselves: the backup has it as it was."""
    for name in reversed(names):
        conn.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608 names of our tables


@contextmanager
def _rules_aside(conn: Connection) -> Iterator[None]:
    """Without triggers, which would refuse evidence of a submission that was handed in. All in one transaction."""
    if conn.dialect.name == "sqlite":
        yield from _on_sqlite(conn)
    else:
        yield from _on_postgres(conn)


def _on_sqlite(conn: Connection) -> Iterator[None]:
    rules = conn.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all()
    conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    for name, _ in rules:
        conn.exec_driver_sql(f'DROP TRIGGER "{name}"')
    yield
    for _, statement in rules:
        conn.exec_driver_sql(statement)
    if orphan := conn.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise NotRestored(f"A row of {orphan[0]} points to one of {orphan[2]} that is not in the backup.")
    conn.exec_driver_sql("PRAGMA defer_foreign_keys=OFF")


def _on_postgres(conn: Connection) -> Iterator[None]:
    asked = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    names = conn.exec_driver_sql(asked).scalars().all()
    for name in names:
        conn.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    yield
    for name in names:
        conn.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def _go_on_counting(conn: Connection) -> None:
    """Let numbers that PostgreSQL gives go on after the greatest that came; SQLite does so by itself."""
    if conn.dialect.name == "sqlite":
        return
    owned: Any = conn.exec_driver_sql("""
        SELECT s.oid::regclass::text, d.refobjid::regclass::text, a.attname
        FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
        JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        WHERE s.relkind = 'S' AND s.relnamespace = current_schema()::regnamespace
    """).all()
    for sequence, name, column in owned:
        conn.exec_driver_sql(f"SELECT setval('{sequence}', coalesce(max({column}), 0) + 1, false) FROM {name}")  # noqa: S608 names of our tables
