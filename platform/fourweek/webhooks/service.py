"""Telling other programs: a message for each webhook that wants it, in the transaction of what it is about.

Below it, what those who connect programs do: add and end webhooks, and send messages once more.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from fourweek.accounts.access import Visitor
from fourweek.audit.service import record
from fourweek.database import add, add_all_once, lock, new_id
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.webhooks.forms import HookForm
from fourweek.webhooks.kinds import EventKind
from fourweek.webhooks.models import Webhook, WebhookMessage
from fourweek.webhooks.queries import GIVEN_UP, HOOK, MESSAGE, keeper, one_hook, one_message

MOST_HOOKS = 20
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


def add_hook(conn: Connection, visitor: Visitor, typed: HookForm, secret: str) -> str:
    """Keep a new webhook; returns its id. Raises Invalid where it cannot be."""
    me = keeper(visitor)
    live = conn.execute(select(HOOK.c.url).where(HOOK.c.ended_at.is_(None))).scalars().all()
    if typed.url in live:
        raise Invalid({"url": _("A webhook leads to this address already. End it first.")})
    if len(live) >= MOST_HOOKS:
        raise Invalid(
            {"": _("There are {most_hooks} webhooks, and more are not told. End one first.", most_hooks=MOST_HOOKS)}
        )
    made = Webhook(
        id=new_id(),
        url=typed.url,
        title=typed.title,
        secret=secret,
        kinds=list(typed.kinds),
        made_at=visitor.now.real,
        made_by=me.id,
    )
    add(conn, made)
    _note(conn, visitor, "webhook.add", made.id, url=typed.url, kinds=list(typed.kinds))
    return made.id


def end_hook(conn: Connection, visitor: Visitor, hook_id: str) -> None:
    """Send nothing more to it; what waits is given up. Its log stays. Once only."""
    row = one_hook(conn, visitor, hook_id)
    ended = update(HOOK).where(HOOK.c.id == row.id, HOOK.c.ended_at.is_(None)).values(ended_at=visitor.now.real)
    if not conn.execute(ended).rowcount:
        return
    conn.execute(update(MESSAGE).where(MESSAGE.c.webhook_id == row.id).values(try_at=None))
    _note(conn, visitor, "webhook.end", row.id, url=row.url)


def send_test(conn: Connection, visitor: Visitor, hook_id: str) -> str:
    """Put a test message for one webhook; returns the message's id. Raises Conflict for one that has ended."""
    row = _live_hook(conn, visitor, hook_id)
    now = visitor.now.real
    made = message(row.id, EventKind.TEST, f"test:{new_id()}", {"said": _("This is a test message.")}, now)
    add(conn, made)
    _note(conn, visitor, "webhook.test", row.id, message=made.id)
    return made.id


def send_again(conn: Connection, visitor: Visitor, message_id: str) -> None:
    """Send a message once more, whatever came of it: the same id and body. It may be tried as often as a new one."""
    row = one_message(conn, visitor, message_id)
    _live_hook(conn, visitor, row.webhook_id)
    _send_anew(conn, MESSAGE.c.id == row.id, visitor)
    _note(conn, visitor, "webhook.again", row.webhook_id, message=row.id)


def send_given_up_again(conn: Connection, visitor: Visitor, hook_id: str) -> int:
    """Send everything once more that was given up; returns how many messages."""
    row = _live_hook(conn, visitor, hook_id)
    number = _send_anew(conn, and_(MESSAGE.c.webhook_id == row.id, GIVEN_UP), visitor)
    if number:
        _note(conn, visitor, "webhook.all_again", row.id, messages=number)
    return number


def _live_hook(conn: Connection, visitor: Visitor, hook_id: str) -> Row[Any]:
    row = one_hook(conn, visitor, hook_id)
    lock(conn, HOOK, row.id)
    row = one_hook(conn, visitor, hook_id)
    if row.ended_at is not None:
        raise Conflict(_("This webhook has ended."), what_to_do=_("Add a new one for its address."))
    return row


def _send_anew(conn: Connection, which: ColumnElement[bool], visitor: Visitor) -> int:
    values = {"try_at": visitor.now.real, "delivered_at": None, "attempts": 0}
    return conn.execute(update(MESSAGE).where(which).values(values)).rowcount


def _note(conn: Connection, visitor: Visitor, act: str, hook_id: str, **detail: Any) -> None:
    record(conn, act, "webhook", hook_id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
