"""What the database can say of its own wholeness."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, inspect

SHOWN = 20


def broken(conn: Connection) -> Iterator[str]:
    """Each thing that does not hold, in words: pages and indexes (SQLite), rows that point to none."""
    if conn.dialect.name == "sqlite":
        yield from _sqlite(conn)
    else:
        yield from _postgres(conn)


def _sqlite(conn: Connection) -> Iterator[str]:
    for (said,) in conn.exec_driver_sql(f"PRAGMA integrity_check({SHOWN})"):
        if said != "ok":
            yield f"damaged: {said}"
    orphans = conn.exec_driver_sql('SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2')
    for table, parent, count in orphans:
        yield _orphans(table, parent, count)


def _postgres(conn: Connection) -> Iterator[str]:
    """Every row is read on the way, so that a page that cannot be read is found too."""
    look = inspect(conn)
    for name in look.get_table_names():
        conn.exec_driver_sql(f'SELECT count(t.*::text) FROM "{name}" t')  # noqa: S608 names of our tables
        for key in look.get_foreign_keys(name):
            count = conn.exec_driver_sql(_without_parent(name, key)).scalar_one()
            if count:
                yield _orphans(name, key["referred_table"], count)


def _without_parent(table: str, key: Any) -> str:
    pairs = list(zip(key["constrained_columns"], key["referred_columns"], strict=True))
    points = " AND ".join(f'c."{column}" IS NOT NULL' for column, _ in pairs)
    fits = " AND ".join(f'p."{there}" = c."{here}"' for here, there in pairs)
    parent = key["referred_table"]
    return f'SELECT count(*) FROM "{table}" c WHERE {points} AND NOT EXISTS (SELECT 1 FROM "{parent}" p WHERE {fits})'  # noqa: S608 names of our tables


def _orphans(table: str, parent: str, count: int) -> str:
    rows = "1 row points" if count == 1 else f"{count} rows point"
    return f"broken: in {table}, {rows} to a row of {parent} that is not there"
