"""Telling other programs: a message for each webhook that wants it, in the transaction of what it is about."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from fourweek.database import add_all_once, new_id, table
from fourweek.webhooks.models import Webhook, WebhookMessage

HOOK, MESSAGE = table(Webhook), table(WebhookMessage)
_LIVE = select(HOOK.c.id, HOOK.c.kinds).where(HOOK.c.ended_at.is_(None)).order_by(HOOK.c.id)


def tell(conn: Connection, kind: str, key: str, data: Mapping[str, Any], now: datetime) -> int:
    """Put a message for every webhook that wants `kind`, once per `key`; returns how many were new.

    `data` is JSON: addresses, states and dates, never a person's name or mail address. `now` is the real clock.
    """
    hooks = [row.id for row in conn.execute(_LIVE) if kind in row.kinds]
    messages = [message(hook, kind, key, data, now) for hook in hooks]
    return add_all_once(conn, *messages) if messages else 0


def message(hook_id: str, kind: str, key: str, data: Mapping[str, Any], now: datetime) -> WebhookMessage:
    """A message to one webhook, due at once, with the exact body that is signed and sent on every try."""
    message_id = new_id()
    at = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    body = {"id": message_id, "kind": kind, "at": at, "data": dict(data)}
    return WebhookMessage(
        id=message_id,
        webhook_id=hook_id,
        key=key,
        kind=kind,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        try_at=now,
    )
