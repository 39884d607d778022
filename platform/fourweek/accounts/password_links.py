"""The link with which somebody sets a first password, or another one: made as its letter leaves, good once."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, select, update

from fourweek.accounts.access import PERSON, Visitor
from fourweek.accounts.changing import about_person, keep, use_up_links
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import LinkPurpose, PasswordHash, PasswordLink, SignInWay
from fourweek.accounts.service import EMAIL, PASSWORD, digest
from fourweek.accounts.sessions import Opened, open_sign_in
from fourweek.audit.service import record
from fourweek.database import Database, add, add_once, lock, table
from fourweek.errors import Gone, NotFound
from fourweek.language import N_, _
from fourweek.light import dataclass
from fourweek.outbox import NEEDS_PASSWORD, Letter, Send

LINK = table(PasswordLink)
LASTS = timedelta(days=14)
NEEDED = NEEDS_PASSWORD
"""A letter whose data says so gets `password_path`, the path of a fresh link, unless there is a password by then."""

_WITHOUT_PASSWORD = (
    select(PERSON.c.id)
    .join(EMAIL, EMAIL.c.person_id == PERSON.c.id)
    .where(
        EMAIL.c.address == bindparam("address"),
        PERSON.c.disabled_at.is_(None),
        ~exists().where(PASSWORD.c.person_id == PERSON.c.id),
    )
)
_LINK: Any = (
    select(LINK, PERSON.c.display_name)
    .join(PERSON, PERSON.c.id == LINK.c.person_id)
    .join(EMAIL, and_(EMAIL.c.address == LINK.c.address, EMAIL.c.person_id == LINK.c.person_id))
    .where(LINK.c.token_hash == bindparam("token"), PERSON.c.disabled_at.is_(None))
)


class LinkGone(Gone):
    title = N_("This link no longer works")
    what_to_do = N_("Sign in if you have set a password; otherwise ask the people who invited you for a new link.")
    leads_to = (N_("Sign in"), "sign-in")


class ResetLinkGone(LinkGone):
    what_to_do = N_("Sign in with your password, or ask for another letter.")
    leads_to = (N_("Ask for another letter"), "password-forgotten")


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """Whose password a link sets. `about`: what it may not be made of."""

    person_id: str
    name: str
    address: str
    purpose: LinkPurpose
    about: tuple[str, ...]


def new_link(conn: Connection, address: str, now: datetime) -> str | None:
    """A fresh token for the person behind an address; None for nobody, or somebody who has a password."""
    person_id = conn.execute(_WITHOUT_PASSWORD, {"address": address.strip().lower()}).scalar()
    if person_id is None:
        return None
    token = secrets.token_urlsafe(32)
    add(
        conn,
        PasswordLink(
            token_hash=digest(token),
            person_id=person_id,
            address=address.strip().lower(),
            made_at=now,
            ends_at=now + LASTS,
        ),
    )
    return token


def with_password_links(db: Database, send: Send) -> Send:
    """`send`, with a link put into letters that need one. So no row of the outbox ever holds a token."""

    def send_with_link(letter: Letter) -> None:
        token = db.write_now(new_link, letter.to, letter.at) if letter.data.get(NEEDED) else None
        send(replace(letter, data={**letter.data, "password_path": f"/set-password/{token}"}) if token else letter)

    return send_with_link


def usable_link(conn: Connection, visitor: Visitor, token: str) -> LinkFacts:
    """Whose link it is. Raises NotFound for one that never was, or whose letter went to an address that is theirs no
    more, and LinkGone for one that is used or too old."""
    row = conn.execute(_LINK, {"token": digest(token)}).first()
    if row is None:
        raise NotFound
    first = row.purpose is LinkPurpose.FIRST
    if row.used_at is not None or row.ends_at <= visitor.now.real:
        raise LinkGone(_TOO_OLD) if first else ResetLinkGone(_RESET_TOO_OLD)
    return LinkFacts(row.person_id, row.display_name, row.address, row.purpose, about_person(conn, row.person_id))


def set_password(
    conn: Connection, visitor: Visitor, token: str, hashed: str, *, lasts: timedelta, device: Device
) -> Opened:
    """Keep the password, end what was signed in before, and sign in. Raises NotFound or LinkGone."""
    facts, now = usable_link(conn, visitor, token), visitor.now.real
    lock(conn, PERSON, facts.person_id)
    mine = update(LINK).where(LINK.c.token_hash == digest(token), LINK.c.used_at.is_(None))
    first = facts.purpose is LinkPurpose.FIRST
    free = not first or add_once(conn, PasswordHash(person_id=facts.person_id, hash=hashed, changed_at=now))
    if not conn.execute(mine.values(used_at=now)).rowcount or not free:
        raise LinkGone(_("A password has been set meanwhile."))
    conn.execute(update(EMAIL).where(EMAIL.c.address == facts.address).values(verified_at=now))
    if first:
        use_up_links(conn, facts.person_id, now)
        record(conn, "password.set", "person", facts.person_id, at=now, actor_id=facts.person_id)
    else:
        keep(conn, facts.person_id, hashed, now)
    return open_sign_in(conn, visitor, facts.person_id, way=SignInWay.LINK, lasts=lasts, device=device)


_TOO_OLD = N_("A link can be used once, within 14 days of the letter it came in.")
_RESET_TOO_OLD = N_("A link can be used once, within an hour of the letter it came in, and not after another change.")
