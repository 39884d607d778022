"""Bringing a database to a revision, on both engines, in one transaction. Alembic is loaded only when there is work."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from fourweek.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

First = Callable[[Connection, str], None]
HEAD = "head"
UPGRADES = 4_873_620_001  # any number that nobody else locks
HERE = Path(__file__).parent


def nothing(_conn: Connection, _revision: str) -> None:
    """What `upgrade` does first, unless told otherwise."""


def _config(conn: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 a start without work must not load it

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = conn
    return config


def upgrade(db: Database, revision: str = HEAD, first: First = nothing) -> None:
    """Bring the database up to a revision; nothing happens when it is there, or newer than this program.

    `first` is called in the same transaction before anything changes, with the revision it is at, unless it is empty.
    """
    if revision == HEAD and (at := current(db)) is not None and at >= head():
        return
    db.write_now(_upgrade_after, revision, first)


def _upgrade_after(conn: Connection, revision: str, first: First) -> None:
    if conn.dialect.name == "postgresql":  # one at a time; SQLite holds the whole database already
        conn.execute(text("SET LOCAL statement_timeout = 0"))
        conn.execute(text("SELECT pg_advisory_xact_lock(:ours)"), {"ours": UPGRADES})
    at = current_of(conn)
    if revision == HEAD and at is not None and at >= head():
        return  # another process was quicker
    if at is not None:
        first(conn, at)
    upgrade_in(conn, revision)


def upgrade_in(conn: Connection, revision: str = HEAD) -> None:
    """`upgrade` inside a transaction that somebody else commits. However long it takes."""
    from alembic import command  # noqa: PLC0415

    if conn.dialect.name == "postgresql":
        conn.execute(text("SET LOCAL statement_timeout = 0"))
    command.upgrade(_config(conn), revision)


def downgrade(db: Database, revision: str) -> None:
    """Take the database back to a revision ("base" for nothing)."""
    from alembic import command  # noqa: PLC0415

    db.write_now(lambda conn: command.downgrade(_config(conn), revision))


def current(db: Database) -> str | None:
    """The revision a database is at; None when it is empty."""
    return db.read_now(current_of)


def current_of(conn: Connection) -> str | None:
    """`current`, for who has a connection."""
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def head() -> str:
    """The newest revision this program knows: revisions are numbered, as their files are."""
    return max(path.name.split("_")[0] for path in (HERE / "versions").glob("[0-9]*.py"))


def draft(db: Database, message: str, revision: str) -> None:
    """Write a new revision from the difference between models and database. For developers."""
    from alembic import command  # noqa: PLC0415

    db.write_now(lambda conn: command.revision(_config(conn), message=message, autogenerate=True, rev_id=revision))


def differences(db: Database) -> list[object]:
    """What the models have that the database has not, and the other way round; empty when they agree."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    from fourweek.migrations.tables import metadata  # noqa: PLC0415 knows every table, which the core must not

    return list(db.read_now(lambda conn: compare_metadata(MigrationContext.configure(conn), metadata)))
