"""Reading webhooks and their messages, for those who connect programs and for nobody else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, exists, func, select, true

from fourweek.accounts.access import PERSON, Permission, SignedIn, Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.webhooks.models import Webhook, WebhookMessage

HOOK, MESSAGE = table(Webhook), table(WebhookMessage)
PER_PAGE = 25
DAYS_OF_TROUBLE = timedelta(days=2)

GIVEN_UP = and_(MESSAGE.c.delivered_at.is_(None), MESSAGE.c.try_at.is_(None))


class Show(StrEnum):
    """Which messages of a webhook are listed."""

    ALL = "all"
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given-up"


_FITS: Mapping[Show, ColumnElement[bool]] = {
    Show.ALL: true(),
    Show.WAITING: MESSAGE.c.try_at.is_not(None),
    Show.DELIVERED: MESSAGE.c.delivered_at.is_not(None),
    Show.GIVEN_UP: GIVEN_UP,
}
_OF_HOOK = MESSAGE.c.webhook_id == HOOK.c.id
_OLD_TROUBLE = and_(
    MESSAGE.c.delivered_at.is_(None), MESSAGE.c.attempts > 0, MESSAGE.c.created_at <= bindparam("long_ago")
)
_LATELY = and_(MESSAGE.c.delivered_at > bindparam("long_ago"))
FAILING = and_(
    HOOK.c.ended_at.is_(None),
    exists().where(_OF_HOOK, _OLD_TROUBLE).correlate(HOOK),
    ~exists().where(_OF_HOOK, _LATELY).correlate(HOOK),
)
"""Nothing was taken for two days, and something that old was tried in vain. Binds `long_ago`."""
LAST_TAKEN = select(func.max(MESSAGE.c.delivered_at)).where(_OF_HOOK).correlate(HOOK).scalar_subquery()

_HOOKS: Select[Any] = select(
    HOOK, PERSON.c.display_name.label("maker"), FAILING.label("failing"), LAST_TAKEN.label("last_taken")
).outerjoin(PERSON, PERSON.c.id == HOOK.c.made_by)
_LIST = _HOOKS.order_by(HOOK.c.ended_at.is_not(None), HOOK.c.id.desc()).limit(PER_PAGE + 1)
_ONE = _HOOKS.where(HOOK.c.id == bindparam("hook"))
_MESSAGE: Select[Any] = (
    select(MESSAGE, HOOK.c.title, HOOK.c.url, HOOK.c.ended_at)
    .join(HOOK, HOOK.c.id == MESSAGE.c.webhook_id)
    .where(MESSAGE.c.id == bindparam("message"))
)


def keeper(visitor: Visitor) -> SignedIn:
    """The visitor if they connect programs; raises NotFound for everybody else who is signed in."""
    if not visitor.me.may(Permission.CONNECT_PROGRAMS):
        raise NotFound
    return visitor.me


def hooks(conn: Connection, visitor: Visitor, skipped: int = 0) -> list[Row[Any]]:
    """A page of the webhooks and one row more, if there is one: live ones first, then the newest. One statement."""
    keeper(visitor)
    return list(conn.execute(_LIST.offset(skipped), _since(visitor.now.real)).all())


def one_hook(conn: Connection, visitor: Visitor, hook_id: str) -> Row[Any]:
    """A webhook, live or ended. Raises NotFound."""
    keeper(visitor)
    row = conn.execute(_ONE, _since(visitor.now.real) | {"hook": hook_id}).first()
    if row is None:
        raise NotFound
    return row


def hook_with_messages(
    conn: Connection, visitor: Visitor, hook_id: str, show: Show, before: str
) -> tuple[Row[Any], list[Row[Any]], dict[str, int]]:
    """A webhook; a page of its messages, newest first, and one more if there is one; how many stand how.

    `before` is the id of the message that the page goes on after. Three statements.
    """
    row = one_hook(conn, visitor, hook_id)
    columns = [column for column in MESSAGE.c if column is not MESSAGE.c.body]
    wanted = select(*columns).where(MESSAGE.c.webhook_id == row.id, _FITS[show])
    if before and "\0" not in before:
        wanted = wanted.where(MESSAGE.c.id < before)
    listed = conn.execute(wanted.order_by(MESSAGE.c.id.desc()).limit(PER_PAGE + 1)).all()
    sums = select(*(func.count().filter(fits).label(name.value) for name, fits in _FITS.items()))
    counted = conn.execute(sums.where(MESSAGE.c.webhook_id == row.id)).mappings().one()
    return row, list(listed), dict(counted)


def one_message(conn: Connection, visitor: Visitor, message_id: str) -> Row[Any]:
    """A message with its webhook's title and address. Raises NotFound."""
    keeper(visitor)
    row = conn.execute(_MESSAGE, {"message": message_id}).first()
    if row is None:
        raise NotFound
    return row


def _since(now: datetime) -> dict[str, datetime]:
    return {"long_ago": now - DAYS_OF_TROUBLE}
