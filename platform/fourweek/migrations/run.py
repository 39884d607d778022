"""Bringing a database to a revision, on both engines, in one transaction. Alembic is loaded only when there is work."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from fourweek.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "head"
HERE = Path(__file__).parent


def _config(conn: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 a start without work must not load it

    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = conn
    return config


def upgrade(db: Database, revision: str = HEAD) -> None:
    """Bring the database up to a revision; nothing happens when it is there."""
    if revision == HEAD and current(db) == head():
        return
    from alembic import command  # noqa: PLC0415

    db.write_now(lambda conn: command.upgrade(_config(conn), revision))


def downgrade(db: Database, revision: str) -> None:
    """Take the database back to a revision ("base" for nothing)."""
    from alembic import command  # noqa: PLC0415

    db.write_now(lambda conn: command.downgrade(_config(conn), revision))


def current(db: Database) -> str | None:
    """The revision a database is at; None when it is empty."""
    return db.read_now(_current)


def _current(conn: Connection) -> str | None:
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
