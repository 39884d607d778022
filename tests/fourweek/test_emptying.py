"""Words of rows that only grow may become empty, which erasure needs; no other change passes, on both databases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Table, types
from sqlalchemy.exc import DatabaseError

from tests.fourweek.growing import as_it_is, put_row, rows

WORDS = {
    "decision": ("comment", "reason"),
    "decision_line": ("comment",),
    "grader_note": ("text",),
    "reveal": ("reason",),
    "decision_review": ("note",),
    "appeal_line": ("argument",),
    "appeal_message": ("text",),
    "identity_check": ("note",),
    "credit_hold": ("why",),
}
OTHERS: tuple[tuple[type[types.TypeEngine[Any]], Any], ...] = (
    (types.Boolean, False),
    (types.Integer, 2),
    (types.DateTime, datetime(2027, 1, 1, tzinfo=UTC)),
    (types.Date, date(2027, 1, 1)),
)


def _another(column: Column[Any]) -> Any:
    return next((value for kind, value in OTHERS if isinstance(column.type, kind)), "y")


def _let_point_nowhere(conn: Connection, table: Table) -> None:
    """The row points to none that is there, which PostgreSQL would find when it changes."""
    if conn.dialect.name == "postgresql":
        for key in table.foreign_key_constraints:
            conn.exec_driver_sql(f"ALTER TABLE {table.name} DROP CONSTRAINT {key.name}")


@pytest.mark.parametrize("name", sorted(WORDS))
def test_words_may_go_and_nothing_else(conn: Connection, name: str) -> None:
    """Every column is tried, so that one that is added later is thought of too."""
    table, emptied = as_it_is(conn, name), dict.fromkeys(WORDS[name], "")
    _let_point_nowhere(conn, table)
    put_row(conn, table)
    conn.execute(table.update().values(emptied))
    (after,) = rows(conn, name)
    assert [getattr(after, word) for word in WORDS[name]] == ["" for _ in WORDS[name]]
    for column in table.columns:
        with pytest.raises(DatabaseError, match="append-only"), conn.begin_nested():
            conn.execute(table.update().values(emptied | {column.name: _another(column)}))
    assert rows(conn, name) == [after]
