"""What those who keep people do: give and end roles, disable accounts, take away a lost second factor."""

from sqlalchemy import Connection

from fourweek.accounts import disabling, roles
from fourweek.accounts.access import Visitor
from fourweek.accounts.models import ScopeKind
from fourweek.accounts.roles import RoleIn
from fourweek.accounts.scopes import Scope, scopes
from fourweek.accounts.second.service import take_away
from fourweek.accounts.words import NONE_NAMED
from fourweek.errors import Invalid
from fourweek.language import _
from fourweek.people.forms import MOST_OFFERED, Act, GiveForm, reason_problem
from fourweek.people.queries import account, another, held_role


def offered(conn: Connection, visitor: Visitor, person_id: str, typed: GiveForm) -> tuple[Scope, ...]:
    """What the words of the form may mean: one where they name one; nothing for the institution.

    Raises Invalid where they name nothing, and for a form that says too little.
    """
    another(visitor, person_id)
    if problems := typed.problems():
        raise Invalid(problems)
    if typed.kind is ScopeKind.INSTITUTION:
        return ()
    found = scopes().found(conn, typed.kind, typed.scope_id or typed.which, MOST_OFFERED)
    if not found:
        raise Invalid({"which": _(NONE_NAMED[typed.kind])})
    exact = [one for one in found if typed.which.strip() in (one.id, one.words)]
    return tuple(exact or found)


def give(conn: Connection, visitor: Visitor, person_id: str, given: RoleIn, reason: str) -> bool:
    """Give a role; whether it is new. Raises Invalid."""
    me = another(visitor, person_id)
    if problem := reason_problem(reason):
        raise Invalid({"reason": problem})
    if account(conn, visitor, person_id).row.disabled_at is not None:
        raise Invalid({"": _("This account is disabled. Enable it first.")})
    return roles.give_role(conn, me.id, person_id, given, now=visitor.now.real, reason=reason.strip())


def end(conn: Connection, visitor: Visitor, person_id: str, grant_id: str, reason: str) -> None:
    """End a role. Raises NotFound, Invalid, and Conflict for what the sign-in provider gave."""
    me = another(visitor, person_id)
    _unused, held = held_role(conn, visitor, person_id, grant_id)
    if problem := reason_problem(reason):
        raise Invalid({"reason": problem})
    where = RoleIn(held.role, held.kind, held.scope_id)
    roles.end_role(conn, me.id, person_id, where, now=visitor.now.real, reason=reason.strip())


def act(conn: Connection, visitor: Visitor, person_id: str, what: Act, reason: str) -> None:
    """Disable or enable an account, or take a second factor away. Raises NotFound, Invalid or Conflict."""
    me = another(visitor, person_id)
    if problem := reason_problem(reason):
        raise Invalid({"reason": problem})
    do = {Act.DISABLE: disabling.disable, Act.ENABLE: disabling.enable, Act.SECOND_FACTOR: take_away}[what]
    do(conn, me.id, person_id, reason.strip(), visitor.now.real)
