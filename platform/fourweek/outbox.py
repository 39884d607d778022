"""The outbox of law 11: mail is a row in the transaction that causes it, and leaves later, at least once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import JSON, Connection, and_, delete, select, update
from sqlmodel import Field, SQLModel

from fourweek.accounts.models import EmailAddress
from fourweek.database import INSTANT, Database, add_once, new_id, table

log = structlog.get_logger(__name__)

BATCH = 50
LEASE = timedelta(minutes=5)
PARK_AFTER = 8


class OutboxMessage(SQLModel, table=True):
    """One mail to one person, once per `key`. `kind` names the template, `data` its values (JSON)."""

    __tablename__ = "outbox_message"

    id: str = Field(primary_key=True, max_length=26)
    key: str = Field(max_length=200, unique=True)
    kind: str = Field(max_length=60)
    person_id: str = Field(foreign_key="person.id", index=True)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    created_at: datetime = Field(sa_type=INSTANT)
    try_at: datetime | None = Field(default=None, sa_type=INSTANT, index=True)
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=INSTANT)
    problem: str = Field(default="", max_length=500)
    by_mail: bool = True
    in_product: bool = True
    seen_at: datetime | None = Field(default=None, sa_type=INSTANT)


OUTBOX, EMAIL = table(OutboxMessage), table(EmailAddress)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail about to leave at `at`. `message_id` stays the same on every try, so that a reader sees it once."""

    message_id: str
    at: datetime
    to: str
    kind: str
    data: Mapping[str, Any]


Send = Callable[[Letter], None]


def post(
    conn: Connection,
    key: str,
    kind: str,
    person_id: str,
    *,
    now: datetime,
    data: Mapping[str, Any],
    at: datetime | None = None,
) -> bool:
    """Put a mail into the outbox unless `key` is there already; says whether it was new.

    It leaves at `at`, else at once. Both instants are of the real clock.
    """
    row = OutboxMessage(
        id=new_id(), key=key, kind=kind, person_id=person_id, data=dict(data), created_at=now, try_at=at or now
    )
    return add_once(conn, row)


def withdraw(conn: Connection, *keys: str) -> None:
    """Take back mails that have not left yet. One with the same key can be posted again."""
    conn.execute(delete(OUTBOX).where(OUTBOX.c.key.in_(keys), OUTBOX.c.sent_at.is_(None)))


def deliver(db: Database, send: Send, now: datetime, limit: int = BATCH) -> int:
    """Send what is due. Rows are leased by a conditional update, so that two workers never take the same one."""
    sent = 0
    for row in db.write_now(_lease, now, limit):
        try:
            send(Letter(row.id, now, row.address, row.kind, row.data))
        except Exception as error:  # noqa: BLE001 a letter that fails must not stop the others
            log.warning("mail failed", message=row.id, problem=str(error))
            db.write_now(_failed, row.id, row.attempts + 1, str(error)[:500], now)
        else:
            db.write_now(_sent, row.id, now)
            sent += 1
    return sent


def _lease(conn: Connection, now: datetime, limit: int) -> list[Any]:
    due = (
        select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.data, OUTBOX.c.attempts, EMAIL.c.address)
        .join(EMAIL, and_(EMAIL.c.person_id == OUTBOX.c.person_id, EMAIL.c.is_primary))
        .where(OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at <= now)
        .order_by(OUTBOX.c.try_at, OUTBOX.c.id)
        .limit(limit)
    )
    taken: list[Any] = []
    for row in conn.execute(due).all():
        claim = update(OUTBOX).where(OUTBOX.c.id == row.id, OUTBOX.c.sent_at.is_(None), OUTBOX.c.try_at <= now)
        if conn.execute(claim.values(try_at=now + LEASE)).rowcount:
            taken.append(row)
    return taken


def _sent(conn: Connection, message_id: str, now: datetime) -> None:
    conn.execute(update(OUTBOX).where(OUTBOX.c.id == message_id).values(sent_at=now, try_at=None, problem=""))


def _failed(conn: Connection, message_id: str, attempts: int, problem: str, now: datetime) -> None:
    later = None if attempts >= PARK_AFTER else now + timedelta(minutes=2**attempts)
    conn.execute(
        update(OUTBOX).where(OUTBOX.c.id == message_id).values(attempts=attempts, problem=problem, try_at=later)
    )
