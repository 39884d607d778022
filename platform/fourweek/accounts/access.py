"""Who is here: the visitor of a request, and what their roles let them do."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from fourweek.accounts.models import Person, Role, RoleGrant, SignIn
from fourweek.clock import AHEAD, Now, now_at, school_now
from fourweek.database import table
from fourweek.errors import Forbidden, SignInNeeded
from fourweek.outbox import OUTBOX
from fourweek.prepared import Prepared

PERSON, SIGN_IN, GRANT = table(Person), table(SignIn), table(RoleGrant)
EVERYWHERE = ""


class Permission(Enum):
    """What roles allow. A learner's rights come from enrolment instead."""

    PUBLISH_COURSE = auto()
    RUN_COHORT = auto()
    TEACH = auto()
    GRADE = auto()
    REVIEW_GRADES = auto()
    KEEP_RECORD = auto()
    HOLD_EVIDENCE = auto()
    CONNECT_PROGRAMS = auto()


ALLOWS: dict[Role, frozenset[Permission]] = {
    Role.INSTRUCTOR: frozenset({Permission.TEACH}),
    Role.GRADER: frozenset({Permission.GRADE}),
    Role.LEAD: frozenset({Permission.GRADE, Permission.REVIEW_GRADES, Permission.RUN_COHORT, Permission.TEACH}),
    Role.AUTHOR: frozenset({Permission.PUBLISH_COURSE, Permission.RUN_COHORT, Permission.TEACH}),
    Role.REGISTRAR: frozenset({Permission.KEEP_RECORD, Permission.HOLD_EVIDENCE, Permission.CONNECT_PROGRAMS}),
    Role.OPERATOR: frozenset({Permission.CONNECT_PROGRAMS}),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What the edge knows of a request before any SQL. `real` is the real clock, `token_hash` of the cookie."""

    real: datetime
    token_hash: str | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at this request. `grants` holds (role, scope id), scope "" for the whole institution.

    `unread` counts the notices that are new to them, up to MANY.
    """

    id: str
    sign_in_id: str
    name: str
    zone: str
    grants: frozenset[tuple[Role, str]] = field(default_factory=frozenset)
    unread: int = 0

    def may(self, permission: Permission, scope_id: str = EVERYWHERE) -> bool:
        """Whether a grant for the institution or for this scope allows it."""
        return any(permission in ALLOWS[role] for role, scope in self.grants if scope in (EVERYWHERE, scope_id))

    def may_anywhere(self, permission: Permission) -> bool:
        return any(permission in ALLOWS[role] for role, _ in self.grants)

    def scopes(self, permission: Permission) -> frozenset[str]:
        """Ids of the scopes where the permission is held; contains "" when it is held everywhere."""
        return frozenset(scope for role, scope in self.grants if permission in ALLOWS[role])


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks, signed in or not, with both clocks. Every database function gets one after the connection."""

    now: Now
    person: SignedIn | None = None

    @property
    def me(self) -> SignedIn:
        """The signed-in person; raises SignInNeeded for anybody else."""
        if self.person is None:
            raise SignInNeeded
        return self.person

    def need(self, permission: Permission, scope_id: str = EVERYWHERE) -> SignedIn:
        """The signed-in person if the permission holds for the scope; raises SignInNeeded or Forbidden."""
        if not self.me.may(permission, scope_id):
            raise Forbidden
        return self.me

    def need_anywhere(self, permission: Permission) -> SignedIn:
        """The signed-in person if the permission holds in any scope."""
        if not self.me.may_anywhere(permission):
            raise Forbidden
        return self.me


MANY = 10
# Counted in the statement that asks for the person anyway, no further than is told apart on a page, from an index that
# holds unread notices alone.
_NEW = (
    select(OUTBOX.c.id)
    .where(
        OUTBOX.c.person_id == PERSON.c.id,
        OUTBOX.c.in_product,
        OUTBOX.c.seen_at.is_(None),
        OUTBOX.c.shown_from <= bindparam("real"),
    )
    .correlate(PERSON)
    .limit(MANY)
)
UNREAD = select(func.count()).select_from(_NEW.subquery()).correlate(PERSON).scalar_subquery()


def _who(*extra: Any) -> Any:
    joined = SIGN_IN.join(PERSON, PERSON.c.id == SIGN_IN.c.person_id).outerjoin(GRANT, GRANT.c.person_id == PERSON.c.id)
    return (
        select(
            SIGN_IN.c.id.label("sign_in_id"),
            PERSON.c.id,
            PERSON.c.display_name,
            PERSON.c.zone,
            GRANT.c.role,
            GRANT.c.scope_id,
            UNREAD.label("unread"),
            *extra,
        )
        .select_from(joined)
        .where(
            SIGN_IN.c.token_hash == bindparam("token"),
            SIGN_IN.c.ends_at > bindparam("real"),
            SIGN_IN.c.seen_at > bindparam("idle"),
            PERSON.c.disabled_at.is_(None),
        )
    )


_WHO, _WHO_DEMO = Prepared(_who()), Prepared(_who(AHEAD.label("ahead")))


def identify(conn: Connection, visit: Visit, idle_since: datetime) -> Visitor:
    """The visitor behind a request: one statement, for the demonstration's clock too."""
    rows = _rows(conn, visit, idle_since) if visit.token_hash else []
    if not rows:
        now = school_now(conn, visit.real) if visit.demo else now_at(visit.real, 0)
        return Visitor(now=now)
    first = rows[0]
    person = SignedIn(
        id=first.id,
        sign_in_id=first.sign_in_id,
        name=first.display_name,
        zone=first.zone,
        grants=frozenset((row.role, row.scope_id) for row in rows if row.role is not None),
        unread=first.unread,
    )
    return Visitor(now=now_at(visit.real, first.ahead if visit.demo else 0), person=person)


def _rows(conn: Connection, visit: Visit, idle_since: datetime) -> Any:
    statement = _WHO_DEMO if visit.demo else _WHO
    return statement.all(conn, token=visit.token_hash, real=visit.real, idle=idle_since)
