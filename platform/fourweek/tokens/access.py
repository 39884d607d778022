"""Who asks by a token: the person whose it is, as long as it and they hold."""

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update

from fourweek.accounts.access import GRANT, PERSON, SignedIn, Visitor, grants_of, parts_of
from fourweek.clock import AHEAD, now_at
from fourweek.database import table
from fourweek.errors import FourweekError
from fourweek.language import N_, _
from fourweek.tokens.models import ApiToken
from fourweek.tokens.scopes import TokenScope

TOKEN: Final = table(ApiToken)
PREFIX: Final = "fw_"
NOTED_EVERY: Final = timedelta(minutes=5)
REALM: Final = 'Bearer realm="fourweek"'

_WHO: Any = (
    select(
        *(TOKEN.c[name] for name in ("scopes", "used_at")),
        *(PERSON.c[name] for name in ("id", "display_name", "zone")),
        *(GRANT.c[name] for name in ("role", "scope_id", "scope_kind")),
        AHEAD.label("ahead"),
    )
    .select_from(
        TOKEN.join(PERSON, PERSON.c.id == TOKEN.c.person_id).outerjoin(GRANT, GRANT.c.person_id == PERSON.c.id)
    )
    .where(
        TOKEN.c.token_hash == bindparam("token"),
        TOKEN.c.revoked_at.is_(None),
        TOKEN.c.ends_at > bindparam("real"),
        PERSON.c.disabled_at.is_(None),
    )
)


class TokenRefused(FourweekError):
    """Not a token, or one that has ended or was revoked, or whose owner may come no more: one answer for all."""

    status = 401
    title = N_("This token opens nothing")
    what_to_do = N_("Make another one on the page of your tokens.")
    headers = MappingProxyType({"www-authenticate": f'{REALM}, error="invalid_token"'})


class ScopeMissing(FourweekError):
    """The token holds, and was not made for this."""

    status = 403
    title = N_("This token was not made for that")
    what_to_do = N_("Make another one that may read it.")

    def __init__(self, scope: TokenScope) -> None:
        super().__init__(_("It has not the scope {value}.", value=scope.value))
        self.headers = {"www-authenticate": f'{REALM}, error="insufficient_scope", scope="{scope.value}"'}


def bearer(authorization: str | None) -> str | None:
    """The token that a header carries; None without a header, "" where it carries something else."""
    if authorization is None:
        return None
    scheme, _space, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def owner_of(conn: Connection, token_hash: str, scope: TokenScope, real: datetime, *, demo: bool) -> Visitor:
    """The visitor behind a token; one statement. Raises TokenRefused, or ScopeMissing."""
    rows = conn.execute(_WHO, {"token": token_hash, "real": real}).all()
    if not rows:
        raise TokenRefused
    first = rows[0]
    if scope.value not in first.scopes:
        raise ScopeMissing(scope)
    person = SignedIn(
        id=first.id,
        sign_in_id="",
        name=first.display_name,
        zone=first.zone,
        grants=grants_of(conn, rows),
        parts=parts_of(conn, rows),
    )
    return Visitor(now=now_at(real, first.ahead if demo else 0), person=person)


def note_use(conn: Connection, token_hash: str, now: datetime) -> None:
    """Note that a token was used, every five minutes at most."""
    before = or_(TOKEN.c.used_at.is_(None), TOKEN.c.used_at <= now - NOTED_EVERY)
    conn.execute(update(TOKEN).where(TOKEN.c.token_hash == token_hash, before).values(used_at=now))
