"""Giving roles and ending them: for the institution, a course, a cohort or a section.

Whoever calls has decided that `by` may do so; `None` is the operator at the command line, or the sign-in provider.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from fourweek import outbox
from fourweek.accounts.access import EVERYWHERE
from fourweek.accounts.appointing import tell_keepers
from fourweek.accounts.models import GrantSource, Person, Role, RoleGrant, ScopeKind
from fourweek.accounts.operators import need_another_operator
from fourweek.accounts.scopes import GIVEN_FOR, Scope, scopes
from fourweek.accounts.sessions import renew_sign_ins
from fourweek.accounts.words import FOR, NO_SUCH, NOT_FOR, ROLE_WORDS
from fourweek.audit.service import record
from fourweek.database import add_once, lock, new_id, table
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.language.stored import in_each_language
from fourweek.light import dataclass

GRANT, PERSON = table(RoleGrant), table(Person)
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class RoleIn:
    """A role, and what it is for: the institution, or the course, cohort or section of this id."""

    role: Role
    kind: ScopeKind = ScopeKind.INSTITUTION
    scope_id: str = EVERYWHERE


def give_role(
    conn: Connection,
    by: str | None,
    person_id: str,
    given: RoleIn,
    source: GrantSource = GrantSource.HAND,
    *,
    now: datetime,
    reason: str = "",
) -> bool:
    """Give a role and tell the person; whether anything changed. It holds from their next request (real clock).

    What is held already stays as it is, but that a role given by hand is a provider's no more. Raises Invalid, on
    `scope`, for a role that is not given for such a scope, and for a scope that is not there.
    """
    scope = checked_scope(conn, given)
    lock(conn, PERSON, person_id)
    row = RoleGrant(
        id=new_id(),
        person_id=person_id,
        role=given.role,
        scope_id=scope.id,
        scope_kind=scope.kind,
        source=source,
        granted_at=now,
        granted_by=by,
    )
    if not add_once(conn, row):
        return source is GrantSource.HAND and _take_over(conn, by, row, now, reason)
    _note(conn, "role.grant", by, row, now, reason)
    _changed(conn, row, scope, now, given=True)
    tell_keepers(conn, by, row, now, reason, given=True)
    return True


def end_role(
    conn: Connection,
    by: str | None,
    person_id: str,
    held: RoleIn,
    source: GrantSource = GrantSource.HAND,
    *,
    now: datetime,
    reason: str = "",
) -> bool:
    """End a role and tell the person; whether anything changed. It holds no more at their next request (real clock).

    The sign-in provider ends what it gave and nothing else; ending by hand what the provider gave raises Conflict,
    since it would give it again. The last operator stays one: Conflict.
    """
    lock(conn, PERSON, person_id)
    wanted = select(GRANT).where(GRANT.c.person_id == person_id, GRANT.c.role == held.role)
    found = conn.execute(wanted.where(GRANT.c.scope_id == held.scope_id)).first()
    if found is None or (source is GrantSource.PROVIDER and found.source is GrantSource.HAND):
        return False
    if found.source is not source:
        raise Conflict(
            _("The sign-in provider says that this person has this role."),
            what_to_do=_("End it there; it ends here when they next sign in."),
        )
    if found.role is Role.OPERATOR:
        need_another_operator(conn, person_id)
    conn.execute(delete(GRANT).where(GRANT.c.id == found.id))
    scope = scopes().named(conn, [held.scope_id]).get(held.scope_id) if held.scope_id else None
    _note(conn, "role.end", by, found, now, reason)
    _changed(conn, found, scope or Scope(held.scope_id, found.scope_kind, ""), now, given=False)
    tell_keepers(conn, by, found, now, reason, given=False)
    return True


def checked_scope(conn: Connection, given: RoleIn) -> Scope:
    """The scope that a role is to be given for. Raises Invalid, on `scope`."""
    kind = given.kind
    if kind not in GIVEN_FOR[given.role]:
        raise Invalid({"scope": _(NOT_FOR[kind], role=_(ROLE_WORDS[given.role]))})
    if kind is ScopeKind.INSTITUTION:
        return Scope(EVERYWHERE, kind, "")
    found = scopes().named(conn, [given.scope_id]).get(given.scope_id)
    if found is None or found.kind is not kind:
        raise Invalid({"scope": _(NO_SUCH[kind])})
    return found


def _take_over(conn: Connection, by: str | None, row: RoleGrant, now: datetime, reason: str) -> bool:
    """Make what the provider gave a role given by hand."""
    provided = (
        GRANT.c.person_id == row.person_id,
        GRANT.c.role == row.role,
        GRANT.c.scope_id == row.scope_id,
        GRANT.c.source == GrantSource.PROVIDER,
    )
    by_hand = {"source": GrantSource.HAND, "granted_by": by, "granted_at": now}
    if not conn.execute(update(GRANT).where(*provided).values(by_hand)).rowcount:
        return False
    _note(conn, "role.grant", by, row, now, reason)
    return True


def _note(conn: Connection, act: str, by: str | None, row: Any, now: datetime, reason: str) -> None:
    detail = {"role": row.role.value, "scope": row.scope_id, "kind": row.scope_kind.value, "source": row.source.value}
    record(conn, act, "person", row.person_id, at=now, actor_id=by, reason=reason, detail=detail)


def _changed(conn: Connection, row: Any, scope: Scope, now: datetime, *, given: bool) -> None:
    """What follows from a changed right: the person is told, and their sign-ins get new cookies."""
    data = {
        "role": in_each_language(lambda: _(ROLE_WORDS[row.role])),
        "scope": in_each_language(lambda: _(FOR[row.scope_kind], name=scope.words)) if scope.words else "",
        "given": given,
        "path": "/home",
    }
    outbox.post(conn, f"role_changed:{row.id}:{given}", "role_changed", row.person_id, now=now, data=data)
    renew_sign_ins(conn, row.person_id)
