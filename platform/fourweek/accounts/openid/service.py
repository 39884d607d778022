"""People who come by the provider: requests under way, whose identity is whose, and roles that follow from claims.

Who is linked to what (docs/operating/accounts.md): an identity opens the account it was linked to, whatever address or
name the provider sends. One that is new is linked by itself only to somebody who has the same address here, verified on
both sides, who holds no role, has no second factor and is not linked to another identity of the same provider: those
give addresses on to the next who is called so. Everybody else signs in first and links it themselves.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, and_, bindparam, delete, exists, select, update

from fourweek import outbox
from fourweek.accounts.access import GRANT, PERSON, Visitor
from fourweek.accounts.models import GrantSource
from fourweek.accounts.openid.errors import Distrusted, LinkFirst
from fourweek.accounts.openid.models import OpenIdIdentity, OpenIdRequest
from fourweek.accounts.openid.rules import Asked, Claims, meant
from fourweek.accounts.operators import LastOperator
from fourweek.accounts.roles import RoleIn, end_role, give_role
from fourweek.accounts.second.queries import second_factor_of
from fourweek.accounts.service import EMAIL, PASSWORD, add_person, digest
from fourweek.accounts.sessions import end_others, renew_sign_ins
from fourweek.audit.service import record
from fourweek.database import add, add_once, new_id, table
from fourweek.errors import Conflict, Invalid, NotFound
from fourweek.language import _
from fourweek.light import dataclass

log = structlog.get_logger(__name__)

IDENTITY: Final = table(OpenIdIdentity)
REQUEST: Final = table(OpenIdRequest)
LASTS: Final = timedelta(minutes=10)
"""How long a browser may take at the provider."""
NOTICE: Final = "provider_linked"

_KNOWN: Any = (
    select(IDENTITY.c.id, IDENTITY.c.person_id, PERSON.c.disabled_at)
    .join(PERSON, PERSON.c.id == IDENTITY.c.person_id)
    .where(IDENTITY.c.issuer == bindparam("issuer"), IDENTITY.c.subject == bindparam("subject"))
)
_SAME_ADDRESS: Any = (
    select(PERSON.c.id, exists().where(GRANT.c.person_id == PERSON.c.id).label("has_role"))
    .join(EMAIL, and_(EMAIL.c.person_id == PERSON.c.id, EMAIL.c.verified_at.is_not(None)))
    .where(
        EMAIL.c.address == bindparam("address"),
        PERSON.c.disabled_at.is_(None),
        ~exists().where(IDENTITY.c.person_id == PERSON.c.id, IDENTITY.c.issuer == bindparam("issuer")),
    )
)
_OWNER: Any = select(IDENTITY.c.person_id).where(
    IDENTITY.c.issuer == bindparam("issuer"), IDENTITY.c.subject == bindparam("subject")
)


@dataclass(frozen=True, slots=True)
class Waited:
    """What was kept of a request whose browser came back. `person_id`: who wants the identity linked."""

    nonce: str
    verifier: str
    goes_to: str
    person_id: str | None


@dataclass(frozen=True, slots=True)
class MyIdentity:
    id: str
    issuer: str
    made_at: datetime
    seen_at: datetime


def begin(conn: Connection, visitor: Visitor, asked: Asked, browser: str, goes_to: str, *, link: bool) -> None:
    """Keep a request until its browser is back; with `link` for the visitor's own account."""
    now = visitor.now.real
    row = OpenIdRequest(
        state_hash=digest(asked.state),
        browser_hash=digest(browser),
        nonce=asked.nonce,
        verifier=asked.verifier,
        goes_to=goes_to[:1000],
        person_id=visitor.me.id if link else None,
        made_at=now,
        ends_at=now + LASTS,
    )
    add(conn, row)


def take_up(conn: Connection, visitor: Visitor, state: str, browser: str | None) -> Waited | None:
    """What was kept for this state and this browser, once; None for another browser, a second time, or too late."""
    mine = delete(REQUEST).where(
        REQUEST.c.state_hash == digest(state),
        REQUEST.c.browser_hash == digest(browser or ""),
        REQUEST.c.ends_at > visitor.now.real,
    )
    found = conn.execute(
        mine.returning(REQUEST.c.nonce, REQUEST.c.verifier, REQUEST.c.goes_to, REQUEST.c.person_id)
    ).first()
    return Waited(found.nonce, found.verifier, found.goes_to, found.person_id) if found else None


def arrive(conn: Connection, visitor: Visitor, claims: Claims, roles: Mapping[str, RoleIn], *, sign_up: bool) -> str:
    """Whom an identity opens, with the roles that follow from it given and ended; the id of the person.

    With `sign_up` somebody new gets an account. Raises LinkFirst, or Distrusted for an account that is disabled.
    """
    now = visitor.now.real
    person_id = _known_person(conn, claims, now) or _same_person(conn, claims)
    if person_id is None and sign_up:
        person_id = _new_person(conn, claims, now)
    if person_id is None:
        raise LinkFirst(_("No account here belongs to who you are there."))
    _keep(conn, person_id, claims, now)
    follow(conn, person_id, claims, roles, now)
    return person_id


def link(conn: Connection, visitor: Visitor, claims: Claims, roles: Mapping[str, RoleIn], wanted_by: str) -> None:
    """Link an identity to the visitor's account. Raises Conflict where it is another's, or somebody else asked."""
    me, now = visitor.me.id, visitor.now.real
    if me != wanted_by:
        raise Conflict(
            _("Somebody else is signed in here now."), what_to_do=_("Sign in as yourself and link it again.")
        )
    owner = conn.execute(_KNOWN, {"issuer": claims.issuer, "subject": claims.subject}).first()
    if owner is not None and owner.person_id != me:
        raise _anothers()
    _keep(conn, me, claims, now)
    follow(conn, me, claims, roles, now)


def need_password(conn: Connection, visitor: Visitor) -> None:
    """Raises Conflict for somebody without a password, who could not come back without a link."""
    if conn.execute(select(PASSWORD.c.person_id).where(PASSWORD.c.person_id == visitor.me.id)).first() is None:
        raise Conflict(_("You have no password yet."), what_to_do=_("Set one first: you could not sign in otherwise."))


def unlink(conn: Connection, visitor: Visitor, identity_id: str) -> None:
    """End a link of the visitor's, and their other sign-ins; this one gets a new identifier.

    Raises NotFound, or Conflict as `need_password`.
    """
    me, now = visitor.me.id, visitor.now.real
    need_password(conn, visitor)
    mine = delete(IDENTITY).where(IDENTITY.c.id == identity_id, IDENTITY.c.person_id == me)
    if not conn.execute(mine).rowcount:
        raise NotFound
    end_others(conn, me, visitor.me.sign_in_id)
    renew_sign_ins(conn, me)
    record(conn, "provider.unlink", "person", me, at=now, actor_id=me)
    _tell(conn, me, now, linked=False)


def follow(conn: Connection, person_id: str, claims: Claims, roles: Mapping[str, RoleIn], now: datetime) -> None:
    """Give the roles that the claims mean, and end those that the provider gave and means no more.

    What a person gave by hand stays. A role for what is not there is said in the log and passed over, and so is the end
    of the last operator.
    """
    if claims.said is None:
        return
    wanted = meant(claims.said, roles)
    given = select(GRANT.c.role, GRANT.c.scope_kind, GRANT.c.scope_id).where(
        GRANT.c.person_id == person_id, GRANT.c.source == GrantSource.PROVIDER
    )
    for row in conn.execute(given).all():
        held = RoleIn(row.role, row.scope_kind, row.scope_id)
        if held not in wanted:
            _end(conn, person_id, held, now)
    for one in sorted(wanted, key=str):
        try:
            give_role(conn, None, person_id, one, GrantSource.PROVIDER, now=now)
        except Invalid as error:
            log.warning("role of the provider passed over", role=one.role.value, scope=one.scope_id, problem=str(error))


def _end(conn: Connection, person_id: str, held: RoleIn, now: datetime) -> None:
    try:
        end_role(conn, None, person_id, held, GrantSource.PROVIDER, now=now)
    except LastOperator:
        log.warning("role of the provider kept", role=held.role.value, problem="nobody else is an operator")


def my_identities(conn: Connection, visitor: Visitor) -> tuple[MyIdentity, ...]:
    """The visitor's links, the oldest first; at most fifty are shown."""
    wanted = select(IDENTITY.c.id, IDENTITY.c.issuer, IDENTITY.c.made_at, IDENTITY.c.seen_at)
    rows = conn.execute(wanted.where(IDENTITY.c.person_id == visitor.me.id).order_by(IDENTITY.c.made_at).limit(50))
    return tuple(MyIdentity(row.id, row.issuer, row.made_at, row.seen_at) for row in rows)


def clear_ended(conn: Connection, now: datetime) -> int:
    """Remove requests whose browsers never came back. For the worker."""
    return conn.execute(delete(REQUEST).where(REQUEST.c.ends_at <= now)).rowcount


def _known_person(conn: Connection, claims: Claims, now: datetime) -> str | None:
    found = conn.execute(_KNOWN, {"issuer": claims.issuer, "subject": claims.subject}).first()
    if found is None:
        return None
    if found.disabled_at is not None:
        raise Distrusted(_("This account takes no sign-ins."), what_to_do=_("Ask the people who run this school."))
    still = conn.execute(update(IDENTITY).where(IDENTITY.c.id == found.id).values(seen_at=now)).rowcount
    return str(found.person_id) if still else None  # none: unlinked at this very moment


def _same_person(conn: Connection, claims: Claims) -> str | None:
    """Who has the same verified address, if nothing of worth can be had by it."""
    wanted = {"address": claims.address, "issuer": claims.issuer}
    found = conn.execute(_SAME_ADDRESS, wanted).first() if claims.address else None
    if found is None or found.has_role or second_factor_of(conn, found.id) is not None:
        return None
    return str(found.id)


def _new_person(conn: Connection, claims: Claims, now: datetime) -> str | None:
    """An account for somebody new; None where the address is another's. Raises Distrusted without address or name."""
    if not claims.address or not claims.name:
        raise Distrusted(_("The provider sends no name, or no mail address that it has verified."))
    if conn.execute(select(EMAIL.c.address).where(EMAIL.c.address == claims.address)).first():
        return None
    try:
        return add_person(conn, address=claims.address, legal_name=claims.name, password_hash=None, zone="UTC", now=now)
    except Invalid as error:
        raise Distrusted(_("The provider sends a name that cannot be taken: {error}", error=error)) from None


def _keep(conn: Connection, person_id: str, claims: Claims, now: datetime) -> None:
    """The identity is this person's from now on; they are told, once. Raises Conflict where another was quicker."""
    row = OpenIdIdentity(
        id=new_id(), issuer=claims.issuer, subject=claims.subject, person_id=person_id, made_at=now, seen_at=now
    )
    if add_once(conn, row):
        record(conn, "provider.link", "person", person_id, at=now, actor_id=person_id)
        _tell(conn, person_id, now, linked=True)
    elif conn.execute(_OWNER, {"issuer": claims.issuer, "subject": claims.subject}).scalar() != person_id:
        raise _anothers()


def _anothers() -> Conflict:
    return Conflict(_("Another account here is linked to it already."), what_to_do=_("Sign in there with another one."))


def _tell(conn: Connection, person_id: str, now: datetime, *, linked: bool) -> None:
    data = {"linked": linked, "path": "/account/provider"}
    outbox.post(conn, f"{NOTICE}:{new_id()}", NOTICE, person_id, now=now, data=data)
