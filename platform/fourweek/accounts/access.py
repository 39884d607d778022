"""Who is here: the visitor of a request, and what their roles let them do."""

from collections.abc import Iterable
from dataclasses import field
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, bindparam, func, not_, select

from fourweek.accounts.models import Person, Role, RoleGrant, ScopeKind, SignIn
from fourweek.accounts.renewing import is_lost
from fourweek.accounts.scopes import scopes
from fourweek.clock import AHEAD, Now, now_at, school_now
from fourweek.database import table
from fourweek.errors import Forbidden, SignInNeeded
from fourweek.light import dataclass
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
    KEEP_PEOPLE = auto()
    READ_AUDIT = auto()
    RELEASE_FILES = auto()
    SET_UP = auto()


ALLOWS: dict[Role, frozenset[Permission]] = {
    Role.INSTRUCTOR: frozenset({Permission.TEACH}),
    Role.GRADER: frozenset({Permission.GRADE}),
    Role.LEAD: frozenset({Permission.GRADE, Permission.REVIEW_GRADES, Permission.RUN_COHORT, Permission.TEACH}),
    Role.AUTHOR: frozenset({Permission.PUBLISH_COURSE, Permission.RUN_COHORT, Permission.TEACH}),
    Role.REGISTRAR: frozenset(
        {
            Permission.KEEP_RECORD,
            Permission.HOLD_EVIDENCE,
            Permission.CONNECT_PROGRAMS,
            Permission.KEEP_PEOPLE,
            Permission.READ_AUDIT,
            Permission.RELEASE_FILES,
        }
    ),
    Role.OPERATOR: frozenset(
        {
            Permission.CONNECT_PROGRAMS,
            Permission.KEEP_PEOPLE,
            Permission.READ_AUDIT,
            Permission.RELEASE_FILES,
            Permission.SET_UP,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """What the edge knows of a request before any SQL. `real` is the real clock, `token_hash` of the cookie.

    `api_token_hash` is of the token of a program that asks, instead of a cookie.
    """

    real: datetime
    token_hash: str | None = None
    demo: bool = False
    api_token_hash: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at this request.

    `grants` holds (role, scope id), scope "" for the whole institution; a role for a course stands there for each of
    its cohorts too. `parts` holds (role, cohort id) where a role is for a section of that cohort. `unread` counts the
    notices that are new to them, up to MANY.
    """

    id: str
    sign_in_id: str
    name: str
    zone: str
    grants: frozenset[tuple[Role, str]] = field(default_factory=frozenset)
    unread: int = 0
    renew: bool = False
    parts: frozenset[tuple[Role, str]] = field(default_factory=frozenset)
    language: str = ""

    def may(self, permission: Permission, *scope_ids: str | None) -> bool:
        """Whether a grant for the institution or for one of these scopes allows it.

        What belongs to a section is asked for with its cohort and its section: a role for either will do.
        """
        return any(permission in ALLOWS[role] for role, scope in self.grants if scope in (EVERYWHERE, *scope_ids))

    def may_anywhere(self, permission: Permission) -> bool:
        return any(permission in ALLOWS[role] for role, _ in self.grants)

    def may_in_part(self, permission: Permission, cohort_id: str) -> bool:
        """Whether it is allowed in a cohort or in one of its sections: for what all sections share, and nothing of a
        learner's."""
        in_part = any(permission in ALLOWS[role] for role, cohort in self.parts if cohort == cohort_id)
        return in_part or self.may(permission, cohort_id)

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

    def need(self, permission: Permission, *scope_ids: str | None) -> SignedIn:
        """The signed-in person if the permission holds for one of the scopes; raises SignInNeeded or Forbidden."""
        if not self.me.may(permission, *scope_ids):
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


def _who(*extra: Any, known_by: Any = SIGN_IN.c.token_hash) -> Any:
    joined = SIGN_IN.join(PERSON, PERSON.c.id == SIGN_IN.c.person_id).outerjoin(GRANT, GRANT.c.person_id == PERSON.c.id)
    return (
        select(
            SIGN_IN.c.id.label("sign_in_id"),
            PERSON.c.id,
            PERSON.c.display_name,
            PERSON.c.zone,
            PERSON.c.language,
            GRANT.c.role,
            GRANT.c.scope_id,
            GRANT.c.scope_kind,
            UNREAD.label("unread"),
            SIGN_IN.c.renew,
            *extra,
        )
        .select_from(joined)
        .where(
            known_by == bindparam("token"),
            not_(SIGN_IN.c.waiting),
            SIGN_IN.c.ends_at > bindparam("real"),
            SIGN_IN.c.seen_at > bindparam("idle"),
            PERSON.c.disabled_at.is_(None),
        )
    )


_WHO, _WHO_DEMO = Prepared(_who()), Prepared(_who(AHEAD.label("ahead")))
_BEFORE: Any = _who(
    AHEAD.label("ahead"), SIGN_IN.c.seen_at, SIGN_IN.c.previous_until, known_by=SIGN_IN.c.previous_hash
).where(SIGN_IN.c.previous_until > bindparam("real"))


def identify(conn: Connection, visit: Visit, idle_since: datetime) -> Visitor:
    """The visitor behind a request: one statement, for the demonstration's clock too.

    One more each for roles by course and by section.
    """
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
        grants=grants_of(conn, rows),
        unread=first.unread,
        renew=_renews(first, visit.real),
        parts=parts_of(conn, rows),
        language=first.language,
    )
    return Visitor(now=now_at(visit.real, first.ahead if visit.demo else 0), person=person)


def grants_of(conn: Connection, rows: Iterable[Any]) -> frozenset[tuple[Role, str]]:
    """What rows with `role`, `scope_id` and `scope_kind` give, as `SignedIn.grants` holds it.

    One statement where a role is given for a course, none otherwise.
    """
    held = [row for row in rows if row.role is not None]
    courses = {row.scope_id for row in held if row.scope_kind is ScopeKind.COURSE}
    cohorts = scopes().cohorts_of(conn, courses) if courses else {}
    within = {(row.role, cohort) for row in held for cohort in cohorts.get(row.scope_id, ())}
    return frozenset({(row.role, row.scope_id) for row in held} | within)


def parts_of(conn: Connection, rows: Iterable[Any]) -> frozenset[tuple[Role, str]]:
    """What the same rows give for sections, as `SignedIn.parts` holds it; a statement where there is any."""
    held = [row for row in rows if row.role is not None and row.scope_kind is ScopeKind.SECTION]
    cohorts = scopes().cohorts_with(conn, {row.scope_id for row in held}) if held else {}
    return frozenset((row.role, cohorts[row.scope_id]) for row in held if row.scope_id in cohorts)


def _rows(conn: Connection, visit: Visit, idle_since: datetime) -> Any:
    statement = _WHO_DEMO if visit.demo else _WHO
    keys = {"token": visit.token_hash, "real": visit.real, "idle": idle_since}
    return statement.all(conn, **keys) or conn.execute(_BEFORE, keys).all()


def _renews(row: Any, now: datetime) -> bool:
    """Whether the next page brings a new identifier. `previous_until` is there for who comes with the one before."""
    before = getattr(row, "previous_until", None)
    return bool(row.renew) if before is None else is_lost(row.seen_at, before, now)
