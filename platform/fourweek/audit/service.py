"""Writing the audit log, and chaining it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text

from fourweek.audit.models import AuditLink, AuditRow
from fourweek.database import add, new_id, table

ROW, LINK = table(AuditRow), table(AuditLink)
GENESIS = "0" * 64


def record(
    conn: Connection,
    act: str,
    subject_kind: str,
    subject_id: str,
    *,
    at: datetime,
    actor_id: str | None,
    reason: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Note an act in the transaction that does it. `at` is the real clock; `act` reads `noun.verb`."""
    row = AuditRow(
        id=new_id(),
        at=at,
        actor_id=actor_id,
        act=act,
        subject_kind=subject_kind,
        subject_id=subject_id,
        reason=reason,
        detail=dict(detail or {}),
    )
    add(conn, row)


def record_all(
    conn: Connection,
    act: str,
    subject_kind: str,
    details: Mapping[str, Mapping[str, Any]],
    *,
    at: datetime,
    actor_id: str | None,
    reason: str = "",
) -> None:
    """Note the same act upon many subjects with one statement; `details` by subject id."""
    rows = [
        AuditRow(
            id=new_id(),
            at=at,
            actor_id=actor_id,
            act=act,
            subject_kind=subject_kind,
            subject_id=subject_id,
            reason=reason,
            detail=dict(detail),
        )
        for subject_id, detail in details.items()
    ]
    if rows:
        add(conn, *rows)


def chain(conn: Connection, limit: int = 500) -> int:
    """Link audit rows that are not yet linked, oldest first; returns how many. For workers, one at a time."""
    if conn.dialect.name == "postgresql":  # SQLite holds the whole database already
        conn.execute(text("LOCK TABLE audit_link IN EXCLUSIVE MODE"))
    last = conn.execute(select(LINK.c.position, LINK.c.hash).order_by(LINK.c.position.desc()).limit(1)).first()
    position, previous = (last.position, last.hash) if last else (0, GENESIS)
    loose = (
        select(ROW)
        .outerjoin(LINK, LINK.c.row_id == ROW.c.id)
        .where(LINK.c.row_id.is_(None))
        .order_by(ROW.c.id)
        .limit(limit)
    )
    rows = conn.execute(loose).all()
    for row in rows:
        position += 1
        link = AuditLink(position=position, row_id=row.id, previous=previous, hash=link_hash(previous, row))
        add(conn, link)
        previous = link.hash
    return len(rows)


def link_hash(previous: str, row: Row[Any]) -> str:
    """SHA-256 over the previous hash and every column of an audit row, canonical JSON."""
    body = {
        "id": row.id,
        "at": row.at.isoformat(),
        "actor": row.actor_id,
        "act": row.act,
        "subject": [row.subject_kind, row.subject_id],
        "reason": row.reason,
        "detail": row.detail,
    }
    text = previous + json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
