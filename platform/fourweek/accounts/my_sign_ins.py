"""Where a person is signed in, for themself: seen, ended one by one, or all but this one."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, not_, select

from fourweek.accounts.access import SIGN_IN, Visitor
from fourweek.accounts.changing import my_password
from fourweek.accounts.devices import say_device
from fourweek.accounts.models import SignInWay
from fourweek.accounts.sessions import MOST, end_others, renew_at_once
from fourweek.audit.service import record
from fourweek.errors import NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass

_MINE: Any = (
    select(SIGN_IN.c.id, SIGN_IN.c.device, SIGN_IN.c.created_at, SIGN_IN.c.seen_at, SIGN_IN.c.way)
    .where(
        SIGN_IN.c.person_id == bindparam("person"),
        SIGN_IN.c.ends_at > bindparam("real"),
        SIGN_IN.c.seen_at > bindparam("idle"),
        not_(SIGN_IN.c.waiting),
    )
    .order_by(SIGN_IN.c.seen_at.desc(), SIGN_IN.c.id)
    .limit(MOST)
)
WAYS = {
    SignInWay.PASSWORD: N_("with the password"),
    SignInWay.LINK: N_("by the link of a letter"),
    SignInWay.PROVIDER: N_("by the institution's sign-in"),
}


@dataclass(frozen=True, slots=True)
class MySignIn:
    """One browser that is signed in; instants are of the real clock."""

    id: str
    device: str
    way: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class MySecurity:
    sign_ins: tuple[MySignIn, ...]
    password_since: datetime | None


def my_security(conn: Connection, visitor: Visitor, idle_since: datetime) -> MySecurity:
    """This sign-in first, then as they were used; never more than MOST. Three statements."""
    rows = conn.execute(_MINE, {"person": visitor.me.id, "real": visitor.now.real, "idle": idle_since})
    found = [_sign_in(row, visitor.me.sign_in_id) for row in rows]
    return MySecurity(
        sign_ins=tuple(sorted(found, key=lambda one: not one.is_this)),
        password_since=my_password(conn, visitor).changed_at,
    )


def end_one(conn: Connection, visitor: Visitor, sign_in_id: str) -> None:
    """End one of the visitor's other sign-ins. Raises NotFound for what is not theirs, or this one."""
    mine = SIGN_IN.c.person_id == visitor.me.id, SIGN_IN.c.id != visitor.me.sign_in_id
    if not conn.execute(delete(SIGN_IN).where(SIGN_IN.c.id == sign_in_id, *mine)).rowcount:
        raise NotFound
    record(conn, "sign_in.end", "person", visitor.me.id, at=visitor.now.real, actor_id=visitor.me.id)


def end_all_others(conn: Connection, visitor: Visitor) -> str:
    """End all sign-ins but this one, which gets a new identifier: returns it."""
    ended = end_others(conn, visitor.me.id, visitor.me.sign_in_id)
    detail = {"ended": ended}
    record(conn, "sign_in.end", "person", visitor.me.id, at=visitor.now.real, actor_id=visitor.me.id, detail=detail)
    return renew_at_once(conn, visitor)


def _sign_in(row: Any, mine: str) -> MySignIn:
    return MySignIn(row.id, say_device(row.device), _(WAYS[row.way]), row.created_at, row.seen_at, row.id == mine)
