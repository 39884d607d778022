"""Reading people, for those who keep them. Everybody else gets NotFound."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, func, or_, select, true

from fourweek.accounts.access import GRANT, PERSON, SIGN_IN, Permission, SignedIn, Visitor
from fourweek.accounts.models import EmailAddress, GrantSource, Role, ScopeKind
from fourweek.accounts.scopes import Scope, scopes
from fourweek.accounts.second.queries import second_factor_of
from fourweek.database import table
from fourweek.errors import Forbidden, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.searching import holds

EMAIL = table(EmailAddress)
PER_PAGE = 25
OWN = N_("Nobody decides about their own roles and their own account.")
_GIVER = PERSON.alias("giver")
_ROLES = (
    select(GRANT, _GIVER.c.display_name.label("giver"))
    .outerjoin(_GIVER, _GIVER.c.id == GRANT.c.granted_by)
    .order_by(GRANT.c.role, GRANT.c.granted_at, GRANT.c.id)
)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that somebody has. `scope` is None for the institution, and where a course, cohort or section is gone."""

    id: str
    role: Role
    kind: ScopeKind
    scope_id: str
    scope: Scope | None
    source: GrantSource
    given_at: datetime
    giver: str


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what their account is made of. `row` holds the columns of `person`."""

    row: Row[Any]
    addresses: tuple[Row[Any], ...]
    roles: tuple[HeldRole, ...]
    sign_ins: int
    has_second_factor: bool


def keeper(visitor: Visitor) -> SignedIn:
    """The visitor if they keep people; raises NotFound for everybody else who is signed in."""
    if not visitor.me.may(Permission.KEEP_PEOPLE):
        raise NotFound
    return visitor.me


def another(visitor: Visitor, person_id: str) -> SignedIn:
    """The same for what is decided about a person, which is never oneself: Forbidden."""
    me = keeper(visitor)
    if me.id == person_id:
        raise Forbidden(OWN, what_to_do=_("Ask another registrar or operator."))
    return me


def people(conn: Connection, visitor: Visitor, words: str, role: str, number: int) -> tuple[list[Row[Any]], list[str]]:
    """One page of the people whose name or address holds every word, or whose learner number begins with them.

    `role` leaves those who have it anywhere. One row more than the page shows where there are more; the second list
    is which of them have a role at all, as "person id/role". Two statements.
    """
    keeper(visitor)
    wanted: Select[Any] = (
        select(PERSON.c.id, PERSON.c.legal_name, PERSON.c.learner_number, PERSON.c.disabled_at, PERSON.c.erased_at)
        .where(fits(words), _has(role))
        .order_by(PERSON.c.legal_name, PERSON.c.id)
        .limit(PER_PAGE + 1)
        .offset((number - 1) * PER_PAGE)
    )
    rows = list(conn.execute(wanted))
    held = select(GRANT.c.person_id, GRANT.c.role).where(GRANT.c.person_id.in_([row.id for row in rows])).distinct()
    return rows, [f"{one.person_id}/{one.role.value}" for one in conn.execute(held)]


def fits(typed: str) -> ColumnElement[bool]:
    words = typed.replace("\0", " ").split()
    if not words:
        return true()
    in_address = (
        select(EMAIL.c.address)
        .where(EMAIL.c.person_id == PERSON.c.id, and_(*(holds(word, EMAIL.c.address) for word in words)))
        .correlate(PERSON)
    )
    number = func.lower(PERSON.c.learner_number).startswith(" ".join(words).lower(), autoescape=True)
    return or_(and_(*(holds(word, PERSON.c.legal_name) for word in words)), exists(in_address), number)


def _has(role: str) -> ColumnElement[bool]:
    if role not in set(Role):
        return true()
    return exists().where(GRANT.c.person_id == PERSON.c.id, GRANT.c.role == Role(role))


def account(conn: Connection, visitor: Visitor, person_id: str) -> Account:
    """A person with addresses, roles and sign-ins; eight statements at most. Raises NotFound."""
    keeper(visitor)
    row = conn.execute(select(PERSON).where(PERSON.c.id == person_id)).first()
    if row is None:
        raise NotFound
    addresses = select(EMAIL).where(EMAIL.c.person_id == person_id).order_by(EMAIL.c.is_primary.desc(), EMAIL.c.address)
    live = select(func.count()).where(SIGN_IN.c.person_id == person_id, SIGN_IN.c.ends_at > visitor.now.real)
    return Account(
        row=row,
        addresses=tuple(conn.execute(addresses)),
        roles=_roles(conn, person_id),
        sign_ins=conn.execute(live.where(~SIGN_IN.c.waiting)).scalar_one(),
        has_second_factor=second_factor_of(conn, person_id) is not None,
    )


def held_role(conn: Connection, visitor: Visitor, person_id: str, grant_id: str) -> tuple[Row[Any], HeldRole]:
    """One role of a person, with their row. Raises NotFound."""
    found = account(conn, visitor, person_id)
    for one in found.roles:
        if one.id == grant_id:
            return found.row, one
    raise NotFound


def _roles(conn: Connection, person_id: str) -> tuple[HeldRole, ...]:
    rows = conn.execute(_ROLES.where(GRANT.c.person_id == person_id)).all()
    known = scopes().named(conn, [row.scope_id for row in rows if row.scope_id])
    return tuple(
        HeldRole(
            row.id,
            row.role,
            row.scope_kind,
            row.scope_id,
            known.get(row.scope_id),
            row.source,
            row.granted_at,
            row.giver or "",
        )
        for row in rows
    )
