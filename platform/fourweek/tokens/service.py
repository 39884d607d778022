"""Making tokens and ending them."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from fourweek import outbox
from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.service import digest
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _
from fourweek.letters.cleaning import clean_text
from fourweek.light import dataclass
from fourweek.tokens.access import PREFIX, TOKEN
from fourweek.tokens.models import ApiToken
from fourweek.tokens.scopes import TokenScope

DAYS: Final = (30, 90, 180, 365)
"""How long a token may last."""
MOST: Final = 50
"""Tokens of one person that hold at a time."""
PER_PAGE: Final = 25
LONGEST_NAME: Final = 100
NOTICE: Final = "token_made"

_MINE: Any = (
    select(*(TOKEN.c[name] for name in ("id", "name", "hint", "scopes", "made_at", "ends_at", "used_at", "revoked_at")))
    .where(TOKEN.c.person_id == bindparam("person"))
    .order_by(TOKEN.c.made_at.desc(), TOKEN.c.id.desc())
    .limit(PER_PAGE + 1)
    .offset(bindparam("skipped"))
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for. `days` is None where it named none that is offered."""

    name: str
    scopes: tuple[TokenScope, ...]
    days: int | None

    def problems(self) -> dict[str, str]:
        found = {}
        if not self.name:
            found["name"] = _("Name the program that will use it.")
        elif len(self.name) > LONGEST_NAME:
            found["name"] = _("Use at most {longest_name} characters.", longest_name=LONGEST_NAME)
        if not self.scopes:
            found["scopes"] = _("Choose what the program may read.")
        if self.days not in DAYS:
            found["days"] = _("Choose how long it lasts.")
        return found


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as its owner sees it."""

    id: str
    name: str
    hint: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def new_token() -> str:
    """256 random bits, said to be ours: `fw_…`."""
    return PREFIX + secrets.token_urlsafe(32)


def make(conn: Connection, visitor: Visitor, wish: Wish, token: str) -> None:
    """Keep the digest of a token, and tell its owner. Raises Invalid, or Conflict for too many."""
    if problems := wish.problems():
        raise Invalid(problems)
    assert wish.days is not None  # noqa: S101
    person, now = visitor.me.id, visitor.now.real
    lock(conn, PERSON, person)
    holds = select(func.count()).where(TOKEN.c.person_id == person, TOKEN.c.revoked_at.is_(None), TOKEN.c.ends_at > now)
    if conn.execute(holds).scalar_one() >= MOST:
        raise Conflict(
            _("You have {most} tokens that hold.", most=MOST), what_to_do=_("End one that is not used any more.")
        )
    row = ApiToken(
        id=new_id(),
        person_id=person,
        name=clean_text(wish.name),
        token_hash=digest(token),
        hint=token[-4:],
        scopes=[scope.value for scope in wish.scopes],
        made_at=now,
        ends_at=now + timedelta(days=wish.days),
    )
    add(conn, row)
    detail = {"scopes": row.scopes, "days": wish.days}
    record(conn, "token.make", "token", row.id, at=now, actor_id=person, detail=detail)
    data = {"name": row.name, "path": "/account/tokens"}
    outbox.post(conn, f"{NOTICE}:{row.id}", NOTICE, person, now=now, data=data)


def revoke(conn: Connection, visitor: Visitor, token_id: str) -> None:
    """End one of the visitor's tokens at once. Raises NotFound for what is not theirs or has ended."""
    person, now = visitor.me.id, visitor.now.real
    mine = update(TOKEN).where(TOKEN.c.id == token_id, TOKEN.c.person_id == person, TOKEN.c.revoked_at.is_(None))
    if not conn.execute(mine.values(revoked_at=now)).rowcount:
        raise NotFound
    record(conn, "token.revoke", "token", token_id, at=now, actor_id=person)


def revoke_all(conn: Connection, person_id: str, by: str | None, now: datetime) -> int:
    """End every token of a person; how many that were."""
    theirs = update(TOKEN).where(TOKEN.c.person_id == person_id, TOKEN.c.revoked_at.is_(None)).returning(TOKEN.c.id)
    ended: Collection[str] = conn.execute(theirs.values(revoked_at=now)).scalars().all()
    for token_id in ended:
        record(conn, "token.revoke", "token", token_id, at=now, actor_id=by)
    return len(ended)


def my_tokens(conn: Connection, visitor: Visitor, page: int) -> tuple[TokenFacts, ...]:
    """Page `page` of the visitor's tokens, newest first, and one more where there is another page."""
    rows = conn.execute(_MINE, {"person": visitor.me.id, "skipped": (page - 1) * PER_PAGE})
    return tuple(
        TokenFacts(row.id, row.name, row.hint, tuple(row.scopes), row.made_at, row.ends_at, row.used_at, row.revoked_at)
        for row in rows
    )
