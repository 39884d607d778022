"""Credit from elsewhere for whoever states it; its certificate also for the registrar."""

from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from assessments.stated.queries import STATED
from fourweek.accounts.access import Permission, Visitor
from fourweek.errors import NotFound
from fourweek.scanning.gate import let_out, verdict_of

_ONE: Select[Any] = select(STATED, verdict_of(STATED.c.evidence_sha256)).where(
    STATED.c.id == bindparam("stated"), STATED.c.removed_at.is_(None)
)


def my_stated(conn: Connection, visitor: Visitor, stated_id: str) -> Row[Any]:
    """A row of the visitor's own that was not removed. Raises NotFound for any other."""
    row = conn.execute(_ONE, {"stated": stated_id}).first()
    if row is None or row.person_id != visitor.me.id:
        raise NotFound
    return row


def certificate_of(conn: Connection, visitor: Visitor, stated_id: str) -> tuple[str, str]:
    """Digest and name of its certificate. Raises NotFound for everybody but its learner and the registrar.

    Raises HeldBack or BeingChecked for what a scanner has yet to let go.
    """
    row = conn.execute(_ONE, {"stated": stated_id}).first()
    allowed = row is not None and (row.person_id == visitor.me.id or visitor.me.may(Permission.KEEP_RECORD))
    if row is None or not allowed or not row.evidence_sha256:
        raise NotFound
    let_out(row.verdict, mine=row.person_id == visitor.me.id)
    return row.evidence_sha256, row.evidence_name
