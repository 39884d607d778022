"""Bringing a database to a revision, on both engines, in one transaction."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from fourweek.database import Database

HEAD = "head"


def _config(conn: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = conn
    return config


def upgrade(db: Database, revision: str = HEAD) -> None:
    """Bring the database up to a revision; nothing happens when it is there."""
    db.write_now(lambda conn: command.upgrade(_config(conn), revision))


def downgrade(db: Database, revision: str) -> None:
    """Take the database back to a revision ("base" for nothing)."""
    db.write_now(lambda conn: command.downgrade(_config(conn), revision))


def current(db: Database) -> str | None:
    """The revision a database is at; None when it is empty."""
    return db.read_now(lambda conn: MigrationContext.configure(conn).get_current_revision())


def head() -> str:
    """The newest revision this program knows."""
    found = ScriptDirectory(str(Path(__file__).parent)).get_current_head()
    assert found is not None  # noqa: S101
    return found


def draft(db: Database, message: str, revision: str) -> None:
    """Write a new revision from the difference between models and database. For developers."""
    db.write_now(lambda conn: command.revision(_config(conn), message=message, autogenerate=True, rev_id=revision))


def differences(db: Database) -> list[object]:
    """What the models have that the database has not, and the other way round; empty when they agree."""
    from fourweek.migrations.tables import metadata  # noqa: PLC0415 knows every table, which the core must not

    return list(db.read_now(lambda conn: compare_metadata(MigrationContext.configure(conn), metadata)))
