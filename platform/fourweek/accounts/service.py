"""Making people, signing them in and out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from fourweek.accounts.access import Visitor
from fourweek.accounts.models import EmailAddress, PasswordHash, Person, Role, RoleGrant, SignIn
from fourweek.audit.service import record
from fourweek.database import add, add_once, new_id, table
from fourweek.errors import Invalid

PERSON, EMAIL, PASSWORD, SIGN_IN = table(Person), table(EmailAddress), table(PasswordHash), table(SignIn)
SEEN_STEP = timedelta(minutes=5)
_ACCOUNT = (
    select(PERSON.c.id, PASSWORD.c.hash)
    .join_from(EMAIL, PERSON, PERSON.c.id == EMAIL.c.person_id)
    .join(PASSWORD, PASSWORD.c.person_id == PERSON.c.id)
    .where(EMAIL.c.address == bindparam("address"), PERSON.c.disabled_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Account:
    """What sign-in must know of an address: the person and the stored hash, or neither."""

    person_id: str | None
    hash: str | None


def digest(token: str) -> str:
    """SHA-256 of a cookie or link token, hex: what the database keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(conn: Connection, _visitor: Visitor, address: str) -> Account:
    """The account behind an address; an empty one for an unknown address or a disabled person."""
    found = conn.execute(_ACCOUNT, {"address": address.strip().lower()}).first()
    return Account(found.id, found.hash) if found else Account(None, None)


def sign_in(
    conn: Connection, visitor: Visitor, person_id: str, lasts: timedelta, device: str, fresh: str | None
) -> str:
    """Open a sign-in and return its cookie's value. Ends the one the browser had; `fresh` replaces an outdated hash."""
    token, now = secrets.token_urlsafe(32), visitor.now.real
    if visitor.person is not None:
        conn.execute(delete(SIGN_IN).where(SIGN_IN.c.id == visitor.person.sign_in_id))
    row = SignIn(
        id=new_id(),
        token_hash=digest(token),
        person_id=person_id,
        created_at=now,
        seen_at=now,
        ends_at=now + lasts,
        device=device[:200],
    )
    add(conn, row)
    if fresh:
        conn.execute(update(PASSWORD).where(PASSWORD.c.person_id == person_id).values(hash=fresh))
    record(conn, "sign_in.open", "person", person_id, at=now, actor_id=person_id)
    return token


def sign_out(conn: Connection, visitor: Visitor) -> None:
    """End this browser's sign-in in the database, so that a replayed cookie is worth nothing."""
    if visitor.person is not None:
        conn.execute(delete(SIGN_IN).where(SIGN_IN.c.id == visitor.person.sign_in_id))
        record(conn, "sign_in.close", "person", visitor.person.id, at=visitor.now.real, actor_id=visitor.person.id)


def seen(conn: Connection, token_hashes: frozenset[str], now: datetime) -> None:
    """Note that these sign-ins were used; called now and then, never per request."""
    conn.execute(update(SIGN_IN).where(SIGN_IN.c.token_hash.in_(token_hashes)).values(seen_at=now))


def clear_ended(conn: Connection, now: datetime) -> int:
    """Delete sign-ins past their end. For the worker."""
    return conn.execute(delete(SIGN_IN).where(SIGN_IN.c.ends_at <= now)).rowcount


def add_person(
    conn: Connection, *, address: str, legal_name: str, password_hash: str | None, zone: str, now: datetime
) -> str:
    """Make a person with one verified address; returns the id. Raises Invalid when the address is taken."""
    person = Person(
        id=new_id(),
        learner_number="L-" + "".join(secrets.choice("0123456789") for _ in range(8)),
        legal_name=legal_name,
        display_name=legal_name,
        zone=zone,
        created_at=now,
    )
    add(conn, person)
    if not add_once(conn, EmailAddress(address=address.strip().lower(), person_id=person.id, verified_at=now)):
        raise Invalid({"address": f"{address} already belongs to somebody."})
    if password_hash:
        add(conn, PasswordHash(person_id=person.id, hash=password_hash, changed_at=now))
    record(conn, "person.add", "person", person.id, at=now, actor_id=None)
    return person.id


def grant(conn: Connection, person_id: str, role: Role, *, scope_id: str = "", now: datetime) -> None:
    """Give a role, for the whole institution or one cohort; nothing happens when it is held already."""
    row = RoleGrant(id=new_id(), person_id=person_id, role=role, scope_id=scope_id, granted_at=now)
    if add_once(conn, row):
        detail = {"role": role.value, "scope": scope_id}
        record(conn, "role.grant", "person", person_id, at=now, actor_id=None, detail=detail)


def primary_address(conn: Connection, person_id: str) -> str | None:
    """Where mail for a person goes."""
    wanted = select(EMAIL.c.address).where(EMAIL.c.person_id == person_id, EMAIL.c.is_primary)
    return conn.execute(wanted.order_by(EMAIL.c.address).limit(1)).scalar()
