"""The worker's part: what is due is sent, at least once, with growing pauses; one closed door holds up nobody else."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Connection, Select, and_, or_, select, update

from fourweek.database import Database
from fourweek.language import _
from fourweek.light import dataclass
from fourweek.webhooks.queries import HOOK, MESSAGE
from fourweek.webhooks.sending import Answer
from fourweek.webhooks.signing import headers

log = structlog.get_logger(__name__)

BATCH = 50
AT_ONCE = 4
LEASE = timedelta(minutes=5)
HOLD = LEASE.total_seconds() / 2
LONGEST_TURN = 20.0
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=24),
    timedelta(hours=24),
)
"""After each failed try; after the last one, nearly four days after the first, the message is given up."""

LONGEST_REST = timedelta(minutes=30)
"""How long a receiver in trouble is left alone at most, whatever its oldest message waits for."""

Send = Callable[[str, Mapping[str, str], str], Answer]

_DUE = (MESSAGE.c.delivered_at.is_(None), HOOK.c.ended_at.is_(None))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that this worker has leased. `attempts` counts the tries before this one."""

    id: str
    hook_id: str
    url: str
    secret: str
    body: str
    attempts: int


def deliver_messages(db: Database, send: Send, now: datetime) -> int:
    """Send what is due, oldest first, for one turn at most; returns how many messages were taken.

    A piece is leased by a conditional update, so that two workers never take the same row. A receiver that is in
    trouble is left alone until its message's next try. `now` is the real clock.
    """
    began, delivered, closed = monotonic(), 0, frozenset[str]()
    while (spent := monotonic() - began) < LONGEST_TURN:
        at = now + timedelta(seconds=int(spent))
        if not db.read_now(_due, at, closed):
            break
        taken = db.write_now(_lease, at, closed)
        with ThreadPoolExecutor(AT_ONCE, "webhook") as threads:
            by_hook = groupby(sorted(taken, key=lambda one: (one.hook_id, one.id)), key=lambda one: one.hook_id)
            pieces = [list(piece) for _, piece in by_hook]
            ends = list(threads.map(partial(_send_piece, db, send, at), pieces))
        delivered += sum(count for count, _ in ends)
        closed |= {piece[0].hook_id for piece, (_, is_open) in zip(pieces, ends, strict=True) if not is_open}
    return delivered


def _send_piece(db: Database, send: Send, now: datetime, piece: list[Outgoing]) -> tuple[int, bool]:
    """Send what one receiver gets, in order; says how many it took and whether it is still to be asked."""
    began, count = monotonic(), 0
    for place, one in enumerate(piece):
        spent = monotonic() - began
        if spent > HOLD:
            db.write_now(_release, [left.id for left in piece[place:]], now)
            return count, False
        at = now + timedelta(seconds=int(spent))
        answer = _try(send, one, at)
        if answer.taken:
            db.write_now(_taken, one, answer, at)
            count += 1
            continue
        later = db.write_now(_failed, one, answer, at)
        if answer.closed_door:
            until = min(later or at + PAUSES[0], at + LONGEST_REST)
            db.write_now(_put_off, one.hook_id, [left.id for left in piece[place + 1 :]], until)
            return count, False
    return count, True


def _try(send: Send, one: Outgoing, at: datetime) -> Answer:
    try:
        return send(one.url, headers(one.secret, one.id, one.body, at), one.body)
    except Exception as error:
        log.exception("webhook message not sent", message=one.id)
        return Answer(0, _("It could not be sent ({name}).", name=type(error).__name__))


def _due(conn: Connection, now: datetime, closed: frozenset[str]) -> bool:
    return conn.execute(_wanted(now, closed).limit(1)).first() is not None


def _wanted(now: datetime, closed: frozenset[str]) -> Select[Any]:
    return (
        select(MESSAGE.c.id, MESSAGE.c.webhook_id, HOOK.c.url, HOOK.c.secret, MESSAGE.c.body, MESSAGE.c.attempts)
        .join(HOOK, HOOK.c.id == MESSAGE.c.webhook_id)
        .where(*_DUE, MESSAGE.c.try_at <= now, MESSAGE.c.webhook_id.not_in(sorted(closed)))
        .order_by(MESSAGE.c.try_at, MESSAGE.c.id)
    )


def _lease(conn: Connection, now: datetime, closed: frozenset[str]) -> list[Outgoing]:
    """Messages that are due, for this worker alone until the lease ends."""
    rows = conn.execute(_wanted(now, closed).limit(BATCH)).all()
    claim = update(MESSAGE).where(
        MESSAGE.c.id.in_([row.id for row in rows]), MESSAGE.c.delivered_at.is_(None), MESSAGE.c.try_at <= now
    )
    mine = set(conn.execute(claim.values(try_at=now + LEASE).returning(MESSAGE.c.id)).scalars()) if rows else set()
    return [Outgoing(*row) for row in rows if row.id in mine]


def _taken(conn: Connection, one: Outgoing, answer: Answer, at: datetime) -> None:
    ended = {"delivered_at": at, "try_at": None, "status": answer.status, "problem": ""}
    _note(conn, one, at, ended)


def _failed(conn: Connection, one: Outgoing, answer: Answer, at: datetime) -> datetime | None:
    """Note it, and say when it is tried again; None for a message that is given up."""
    later = at + PAUSES[one.attempts] if one.attempts < len(PAUSES) else None
    _note(conn, one, at, {"try_at": later, "status": answer.status, "problem": answer.problem[:500]})
    return later


def _note(conn: Connection, one: Outgoing, at: datetime, ended: Mapping[str, object]) -> None:
    values = {"attempts": one.attempts + 1, "tried_at": at, **ended}
    conn.execute(update(MESSAGE).where(MESSAGE.c.id == one.id, MESSAGE.c.delivered_at.is_(None)).values(values))


def _release(conn: Connection, ids: list[str], now: datetime) -> None:
    conn.execute(update(MESSAGE).where(MESSAGE.c.id.in_(ids), MESSAGE.c.delivered_at.is_(None)).values(try_at=now))


def _put_off(conn: Connection, hook_id: str, leased: list[str], until: datetime) -> None:
    """Let the receiver's other messages wait too, without counting a try."""
    waits = and_(MESSAGE.c.webhook_id == hook_id, MESSAGE.c.delivered_at.is_(None), MESSAGE.c.try_at.is_not(None))
    sooner = or_(MESSAGE.c.try_at < until, MESSAGE.c.id.in_(leased))
    conn.execute(update(MESSAGE).where(waits, sooner).values(try_at=until))
