"""Tables whose rows are only added, since when, and everything that somebody could try with such a row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, Table, text, types

SINCE = {
    "0002": ("audit_row", "audit_link", "credit_entry", "decision", "decision_line", "credential_issue"),
    "0013": ("grader_note", "reveal", "decision_review", "decision_rule", "appeal_line", "appeal_message"),
    "0015": ("issuer_address", "series_rule", "series_rule_course"),
    "0019": ("credit_hold", "identity_check", "equivalence", "document_line", "share_visit"),
    "0021": ("consent",),
}
"""The revision that made each of them refuse a change. A new one: say so here."""


def growing_at(revision: str) -> list[str]:
    """The tables that only grow when the database is at a revision; numbers of revisions sort."""
    return [name for since, names in SINCE.items() if since <= revision for name in names]


def as_it_is(conn: Connection, name: str) -> Table:
    """The table as the database has it at this revision, whatever the models say."""
    return Table(name, MetaData(), autoload_with=conn)


def put_row(conn: Connection, table: Table) -> None:
    """Some row, true to the types of its columns and to nothing else: no row that it points to is there."""
    row = {column.name: _some(column.type) for column in table.columns if not column.nullable}
    with _pointing_nowhere(conn):
        conn.execute(table.insert(), row)


@contextmanager
def _pointing_nowhere(conn: Connection) -> Iterator[None]:
    """Foreign keys are not asked for what happens inside; what is inside is rolled back later."""
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        yield
    else:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        conn.exec_driver_sql("SET LOCAL session_replication_role = origin")


_VALUES: tuple[tuple[type[types.TypeEngine[Any]], Any], ...] = (
    (types.Boolean, True),
    (types.Integer, 1),
    (types.DateTime, datetime(2026, 1, 1, tzinfo=UTC)),
    (types.Date, date(2026, 1, 1)),
    (types.LargeBinary, b"bytes"),
    (types.JSON, {}),
)


def _some(kind: types.TypeEngine[Any]) -> Any:
    return next((value for known, value in _VALUES if isinstance(kind, known)), "x")


_EVERYWHERE = (
    "UPDATE {name} SET {first} = {first}",
    "DELETE FROM {name}",
    "INSERT INTO {name} SELECT * FROM {name} WHERE true ON CONFLICT ({keys}) DO UPDATE SET {first} = excluded.{first}",
)
_ON_SQLITE = ("INSERT OR REPLACE INTO {name} SELECT * FROM {name}", "UPDATE OR REPLACE {name} SET {first} = {first}")
_ON_POSTGRES = ("TRUNCATE {name}", "TRUNCATE {name} CASCADE")


def attempts(conn: Connection, table: Table) -> list[str]:
    """Statements that would change, remove or replace a row of the table, each in another way."""
    key = [column.name for column in table.primary_key]
    tried = (*_EVERYWHERE, *(_ON_SQLITE if conn.dialect.name == "sqlite" else _ON_POSTGRES))
    return [one.format(name=table.name, keys=", ".join(key), first=key[0]) for one in tried]


def rows(conn: Connection, name: str) -> list[Any]:
    return list(conn.execute(text(f"SELECT * FROM {name}")).all())  # noqa: S608 names of our tables
