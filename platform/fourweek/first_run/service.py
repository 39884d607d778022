"""Making the first administrator, and saying what the institution is called."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, text, update

from fourweek.accounts.access import PERSON, Permission, Visitor
from fourweek.accounts.known_devices import Device
from fourweek.accounts.models import Role, SignInWay
from fourweek.accounts.service import add_person, grant
from fourweek.accounts.sessions import Opened, open_sign_in
from fourweek.audit.service import record
from fourweek.errors import NotFound
from fourweek.first_run.opening import anybody
from fourweek.language import N_
from fourweek.light import dataclass

ROLES: Final = (Role.OPERATOR, Role.AUTHOR)
"""What the first administrator may do: look after people and the school, and write courses. The rest they give."""


class TooLate(NotFound):
    title = N_("This school has its first account")
    what_to_do = N_("Nothing of this form was kept. Sign in, or ask whoever set the school up for an account.")


@dataclass(frozen=True, slots=True)
class Founder:
    """Who sets a school up. `zone` is the institution's at that moment."""

    name: str
    address: str
    zone: str


def begin(
    conn: Connection, visitor: Visitor, founder: Founder, hashed: str, *, lasts: timedelta, device: Device
) -> Opened:
    """Make the first account, with its roles, and sign in. Raises TooLate where there is one, Invalid for the form.

    Of two people at one moment the second waits for the first, and sees their account.
    """
    if conn.dialect.name == "postgresql":  # SQLite has one writer
        conn.execute(text("LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE"))
    if anybody(conn):
        raise TooLate
    now = visitor.now.real
    person_id = add_person(
        conn, address=founder.address, legal_name=founder.name, password_hash=hashed, zone=founder.zone, now=now
    )
    for role in ROLES:
        grant(conn, person_id, role, now=now)
    record(conn, "school.begin", "person", person_id, at=now, actor_id=person_id)
    return open_sign_in(conn, visitor, person_id, way=SignInWay.PASSWORD, lasts=lasts, device=device)


def name_institution(conn: Connection, visitor: Visitor, said: Mapping[str, str], zone_before: str) -> None:
    """Write down who says what the institution is called. Whoever lived in its old zone moves with it."""
    me = visitor.need(Permission.SET_UP)
    if "zone" in said and me.zone == zone_before:
        conn.execute(update(PERSON).where(PERSON.c.id == me.id).values(zone=said["zone"]))
    record(conn, "school.name", "school", "institution", at=visitor.now.real, actor_id=me.id, detail=dict(said))


def may_set_up(_conn: Connection, visitor: Visitor) -> None:
    visitor.need(Permission.SET_UP)
