"""Making people, signing them in and out."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, literal, select, update

from fourweek.accounts.access import Visitor
from fourweek.accounts.models import (
    AddressLink,
    EmailAddress,
    PasswordHash,
    PasswordLink,
    Person,
    Role,
    RoleGrant,
    ScopeKind,
    SignIn,
    SignUp,
)
from fourweek.accounts.renewing import OVERLAP
from fourweek.audit.service import record, record_all
from fourweek.database import INSTANT, add, add_all_once, add_once, new_id, table
from fourweek.errors import Conflict, Invalid
from fourweek.language import _
from fourweek.letters.cleaning import clean_text
from fourweek.letters.printing import names_ok

PERSON, EMAIL, PASSWORD, SIGN_IN = table(Person), table(EmailAddress), table(PasswordHash), table(SignIn)
LINK, ADDRESS_LINK, SIGN_UP = table(PasswordLink), table(AddressLink), table(SignUp)
SEEN_STEP = timedelta(minutes=5)
LONGEST_NAME = 200


def digest(token: str) -> str:
    """SHA-256 of a cookie or link token, hex: what the database keeps of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_out(conn: Connection, visitor: Visitor) -> None:
    """End this browser's sign-in in the database, so that a replayed cookie is worth nothing."""
    if visitor.person is not None:
        conn.execute(delete(SIGN_IN).where(SIGN_IN.c.id == visitor.person.sign_in_id))
        record(conn, "sign_in.close", "person", visitor.person.id, at=visitor.now.real, actor_id=visitor.person.id)


def seen(conn: Connection, token_hashes: frozenset[str], now: datetime) -> None:
    """Note that these sign-ins were used; called now and then, never per request.

    What was their identifier before is not taken for longer than OVERLAP from now on. The people come first, whom
    whoever ends sign-ins holds too (`sessions.hold`).
    """
    used, soon = SIGN_IN.c.token_hash.in_(token_hashes), now + OVERLAP
    people = select(SIGN_IN.c.person_id).where(used)
    conn.execute(update(PERSON).where(PERSON.c.id.in_(people)).values(seen_at=now))
    until = case((SIGN_IN.c.previous_until > soon, literal(soon, INSTANT())), else_=SIGN_IN.c.previous_until)
    conn.execute(update(SIGN_IN).where(used).values(seen_at=now, previous_until=until))


def clear_ended(conn: Connection, now: datetime) -> int:
    """Delete sign-ins, wishes for an account, and links of letters that are past their end. For the worker."""
    for links in (LINK, ADDRESS_LINK, SIGN_UP):
        conn.execute(delete(links).where(links.c.ends_at <= now))
    return conn.execute(delete(SIGN_IN).where(SIGN_IN.c.ends_at <= now)).rowcount


def add_person(
    conn: Connection,
    *,
    address: str,
    legal_name: str,
    password_hash: str | None,
    zone: str,
    now: datetime,
    verified: bool = True,
) -> str:
    """Make a person with one address; returns the id. Raises Invalid when the address is taken, when documents
    cannot print the name, or when it is too long."""
    if unprintable := names_ok(legal_name):
        raise Invalid({"name": unprintable})
    if len(clean_text(legal_name)) > LONGEST_NAME:
        raise Invalid({"name": _("A name has at most {longest_name} characters.", longest_name=LONGEST_NAME)})
    person = _person(legal_name, zone, now)
    add(conn, person)
    row = EmailAddress(address=address.strip().lower(), person_id=person.id, verified_at=now if verified else None)
    if not add_once(conn, row):
        raise Invalid({"address": _("{address} already belongs to somebody.", address=address)})
    if password_hash:
        add(conn, PasswordHash(person_id=person.id, hash=password_hash, changed_at=now))
    record(conn, "person.add", "person", person.id, at=now, actor_id=None)
    return person.id


def add_people(
    conn: Connection, names: Mapping[str, str], *, zone: str, now: datetime, actor_id: str | None
) -> dict[str, str]:
    """Make people without a password, given as {address in small letters: legal name}; returns their ids by address.

    Four statements, however many there are. Raises Conflict when somebody else has just taken one of the addresses.
    """
    made = {address: _person(name, zone, now) for address, name in names.items()}
    if not made:
        return {}
    _renumber(conn, list(made.values()))
    add(conn, *made.values())
    rows = [EmailAddress(address=address, person_id=person.id) for address, person in made.items()]
    if add_all_once(conn, *rows) != len(rows):
        raise Conflict(
            _("Somebody else has just added one of these people."), what_to_do=_("Check the table once more.")
        )
    record_all(conn, "person.add", "person", {one.id: {} for one in made.values()}, at=now, actor_id=actor_id)
    return {address: person.id for address, person in made.items()}


def _person(legal_name: str, zone: str, now: datetime) -> Person:
    name = clean_text(legal_name)
    return Person(
        id=new_id(),
        learner_number=_number(),
        legal_name=name,
        display_name=name,
        zone=zone,
        created_at=now,
    )


def _number() -> str:
    return "L-" + "".join(secrets.choice("0123456789") for _ in range(8))


def _renumber(conn: Connection, people: Sequence[Person]) -> None:
    """Give everybody a learner number that nobody has: among thousands at once, one that is taken is not rare."""
    wanted = select(PERSON.c.learner_number).where(PERSON.c.learner_number.in_([one.learner_number for one in people]))
    taken = set(conn.execute(wanted).scalars())
    for one in people:
        while one.learner_number in taken:
            one.learner_number = _number()
        taken.add(one.learner_number)


def grant(conn: Connection, person_id: str, role: Role, *, scope_id: str = "", now: datetime) -> None:
    """Give a role while a school is set up, for all of it or one cohort, telling nobody; `roles.give_role` tells."""
    kind = ScopeKind.COHORT if scope_id else ScopeKind.INSTITUTION
    row = RoleGrant(id=new_id(), person_id=person_id, role=role, scope_id=scope_id, scope_kind=kind, granted_at=now)
    if add_once(conn, row):
        detail = {"role": role.value, "scope": scope_id}
        record(conn, "role.grant", "person", person_id, at=now, actor_id=None, detail=detail)


def primary_address(conn: Connection, person_id: str) -> str | None:
    """Where mail for a person goes."""
    wanted = select(EMAIL.c.address).where(EMAIL.c.person_id == person_id, EMAIL.c.is_primary)
    return conn.execute(wanted.order_by(EMAIL.c.address).limit(1)).scalar()
