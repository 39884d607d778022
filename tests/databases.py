"""Fresh databases, copied from a migrated one that is made once per process (SQLite) or per schema (PostgreSQL)."""

import os
import shutil
import tempfile
import uuid
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from fourweek.database import Database
from fourweek.migrations import run
from tests.postgres import own_server


@cache
def _sqlite_template() -> bytes:
    with tempfile.TemporaryDirectory(prefix="fourweek-template-") as folder:
        path = Path(folder) / "template.sqlite3"
        database = Database(f"sqlite:///{path}")
        run.upgrade(database)
        database.close()  # the last connection writes the log into the file
        return path.read_bytes()


def fresh_sqlite(folder: Path) -> str:
    """Address of a new migrated SQLite database in `folder`."""
    path = folder / f"{uuid.uuid4().hex}.sqlite3"
    path.write_bytes(_sqlite_template())
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


_SHAPE = """
SELECT md5(string_agg(what, ',' ORDER BY what)) FROM (
  SELECT c.oid || ':' || c.relnatts AS what FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
  UNION ALL SELECT 't' || t.oid || t.tgenabled::text FROM pg_trigger t) AS seen
"""
_WRITTEN = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
AND pg_relation_size(oid) > 0 AND relname <> 'alembic_version'
"""
"""Tables that ever held a row: few of all, and the others need not be looked at."""
_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
AND pid <> pg_backend_pid()
"""
_RESTART = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
MOST_USES = 100
_MEMORY = Path("/dev/shm")  # noqa: S108 tests lose nothing in a power cut; one that needs a disk makes its own database


@dataclass(slots=True)
class _Kept:
    """A database of this process with its open engines, which remember what they compiled.

    `shape` is what a PostgreSQL schema looked like when it was made, `folder` where an SQLite file lies.
    """

    database: Database
    shape: str = ""
    folder: Path | None = None
    uses: int = 1


_idle: dict[str, list[_Kept]] = {"sqlite": [], "postgres": []}
_lent: dict[int, _Kept] = {}


def lend(engine: str) -> Database:
    """A migrated, empty database of the test's own: one that an earlier test left, emptied, or a new one."""
    one = _idle[engine].pop() if _idle[engine] else _made(engine)
    _lent[id(one.database)] = one
    return one.database


def take_back(database: Database) -> None:
    """The test has ended: its database is emptied for the next one, or removed where that cannot be done well."""
    one = _lent.pop(id(database))
    engine = "sqlite" if one.folder else "postgres"
    if one.uses < MOST_USES and is_open(database) and (_replaced(one) if one.folder else _empty(one)):
        one.uses += 1
        _idle[engine].append(one)
    else:
        _remove(one)


def is_open(database: Database) -> bool:
    """Whether the test has left it open."""
    try:
        database._reading.submit(int)
    except RuntimeError:
        return False
    return True


def _made(engine: str) -> _Kept:
    if engine == "sqlite":
        folder = Path(tempfile.mkdtemp(prefix="fourweek-test-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))
        return _Kept(Database(fresh_sqlite(folder)), folder=folder)
    one = _Kept(Database(fresh_postgres()))
    with one.database.writer.connect() as conn:
        one.shape = _shape(conn)
    return one


def _remove(one: _Kept) -> None:
    one.database.close()
    if one.folder:
        shutil.rmtree(one.folder, ignore_errors=True)
    else:
        remove_postgres(one.database.url)


def _replaced(one: _Kept) -> bool:
    """Put the empty file in the place of the used one; nothing is connected to it meanwhile."""
    database, path = one.database, Path(make_url(one.database.url).database or "")
    database.reader.dispose()
    database.writer.dispose()
    database.commits.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    path.write_bytes(_sqlite_template())
    return True


def _shape(conn: Connection) -> str:
    """Changes whenever a table, column, index or trigger is made anew, so that no test meets another's schema."""
    return str(conn.exec_driver_sql(_SHAPE).scalar())


def _empty(one: _Kept) -> bool:
    """Take every row out, triggers and foreign keys aside; False where the schema is not as it was."""
    one.database.reader.dispose()
    one.database.writer.dispose()
    with one.database.writer.begin() as conn:
        conn.exec_driver_sql(_OTHERS)
        if _shape(conn) != one.shape:
            return False
        names = conn.exec_driver_sql(_WRITTEN).scalars().all()
        asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)  # noqa: S608 names of our tables
        try:
            conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        except DBAPIError:
            return False
        for name in conn.exec_driver_sql(asked).scalars().all() if names else ():
            conn.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608 names of our tables
        conn.exec_driver_sql(_RESTART)
    return True


def fresh_postgres() -> str:
    """Address of a new migrated, empty PostgreSQL database."""
    return _copied(_postgres_template())


def copy_postgres(url: str) -> str:
    """Address of a copy of a database that nobody is connected to."""
    return _copied(make_url(url).database or "")


def _copied(template: str) -> str:
    name, statement = f"fw_{uuid.uuid4().hex}", sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return _named(postgres_server(), name)


def remove_postgres(url: str) -> None:
    """Drop a database made by `fresh_postgres`; nothing for SQLite."""
    if not url.startswith("sqlite"):
        _drop(make_url(url).database or "")


def _drop(name: str) -> None:
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def forget_template() -> None:
    """Remove this process's databases, if it made any."""
    for kept in _idle.values():
        while kept:
            _remove(kept.pop())
    if _postgres_template.cache_info().currsize:
        _drop(_postgres_template())
