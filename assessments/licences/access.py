"""A licence for its holder alone; staff look at it through the registrar's pages."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.licences.queries import LICENCE
from fourweek.accounts.access import Visitor
from fourweek.errors import NotFound

_MINE: Select[Any] = select(LICENCE).where(
    LICENCE.c.id == bindparam("licence"), LICENCE.c.person_id == bindparam("person"), LICENCE.c.removed_at.is_(None)
)


def my_licence(conn: Connection, visitor: Visitor, licence_id: str) -> Row[Any]:
    """A licence of the visitor's own that was not removed. Raises NotFound for any other."""
    row = conn.execute(_MINE, {"licence": licence_id, "person": visitor.me.id}).first()
    if row is None:
        raise NotFound
    return row
