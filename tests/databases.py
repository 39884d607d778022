"""Fresh databases, copied from a migrated one that is made once per process (SQLite) or per schema (PostgreSQL)."""

import os
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from fourweek.database import Database
from fourweek.migrations import run
from tests.postgres import own_server


@cache
def _sqlite_template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="fourweek-template-")) / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    run.upgrade(database)
    database.close()  # the last connection writes the log into the file
    return path


def fresh_sqlite(folder: Path) -> str:
    """Address of a new migrated SQLite database in `folder`."""
    path = folder / f"{uuid.uuid4().hex}.sqlite3"
    shutil.copy(_sqlite_template(), path)
    return f"sqlite:///{path}"


@cache
def postgres_server() -> str:
    """Address of the server's own database: the one of FOURWEEK_TEST_POSTGRES, else one of this run from a wheel."""
    return os.environ.get("FOURWEEK_TEST_POSTGRES") or own_server()


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _named(url: str, name: str) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@cache
def _postgres_template() -> str:
    """Name of a migrated database that nobody connects to, made once per test process."""
    name = f"fw_template_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    database = Database(_named(postgres_server(), name))
    run.upgrade(database)
    database.close()
    return name


@dataclass(slots=True)
class _Emptied:
    """A database of this process that a test has used and left; `shape` is what its schema looked like when made."""

    name: str
    shape: str
    uses: int = 1


_SHAPE = """
SELECT md5(string_agg(what, ',' ORDER BY what)) FROM (
  SELECT c.oid || ':' || c.relnatts AS what FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT 't' || t.oid || t.tgenabled::text FROM pg_trigger t) AS seen
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_RESTART = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
MOST_USES = 100
_idle: list[_Emptied] = []
_lent: dict[str, _Emptied] = {}


def fresh_postgres() -> str:
    """Address of a migrated, empty PostgreSQL database: one that an earlier test left, emptied, or a new one.

    Emptying costs a tenth of copying the template.
    """
    one = _idle.pop() if _idle else _made()
    _lent[one.name] = one
    return _named(postgres_server(), one.name)


def _made() -> _Emptied:
    name, template = f"fw_{uuid.uuid4().hex}", _postgres_template()
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    with _connected(name) as conn:
        return _Emptied(name, _shape(conn))


def _connected(name: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(_plain(_named(postgres_server(), name)))


def _shape(conn: psycopg.Connection[tuple[Any, ...]]) -> str:
    """Changes whenever a table, column, index or trigger is made anew, so that no test meets another's schema."""
    row = conn.execute(_SHAPE).fetchone()
    return str(row[0]) if row else ""


def remove_postgres(url: str) -> None:
    """Give back a database made by `fresh_postgres`: emptied for the next test, or dropped. Nothing for SQLite."""
    if url.startswith("sqlite"):
        return
    one = _lent.pop(make_url(url).database or "", None)
    if one and one.uses < MOST_USES and _empty(one):
        one.uses += 1
        _idle.append(one)
    else:
        _drop(make_url(url).database or "")


def _empty(one: _Emptied) -> bool:
    """Take every row out, triggers and foreign keys aside; False where the schema is not as it was."""
    with _connected(one.name) as conn:
        conn.execute(_OTHERS)
        if _shape(conn) != one.shape:
            return False
        names = [row[0] for row in conn.execute(_TABLES).fetchall() if row[0] != "alembic_version"]
        holds = sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})")
        asked = [holds.format(sql.Literal(name), sql.Identifier(name)) for name in names]
        try:
            conn.execute("SET session_replication_role = replica")
        except psycopg.errors.InsufficientPrivilege:
            return False
        for row in conn.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall():
            conn.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(row[0])))
        conn.execute(_RESTART)
        return True


def _drop(name: str) -> None:
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def forget_template() -> None:
    """Drop this process's databases, if it made any."""
    while _idle:
        _drop(_idle.pop().name)
    if _postgres_template.cache_info().currsize:
        _drop(_postgres_template())
