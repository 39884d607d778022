"""Alembic's environment: one connection handed in by `fourweek.migrations.run`."""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from fourweek.migrations.tables import metadata


def render_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """SQLModel's own string type is written as the plain one."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=render_type,
    render_as_batch=context.config.attributes.get("batch", False),
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
