"""Making, replacing and revoking a private calendar address."""

from sqlalchemy import Connection, bindparam, select, update

from courses.calendar.feed import ADDRESS
from courses.calendar.models import CalendarAddress
from courses.calendar.pages import CalendarPage
from courses.schedule.words import say_instant
from courses.schedule.zones import zone
from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add, lock, new_id
from fourweek.errors import Conflict
from fourweek.language import _

_IN_FORCE = select(ADDRESS.c.id, ADDRESS.c.created_at).where(
    ADDRESS.c.person_id == bindparam("person"), ADDRESS.c.revoked_at.is_(None)
)


def calendar_page(conn: Connection, visitor: Visitor) -> CalendarPage:
    """Whether the visitor has an address, and since when; one statement."""
    found = conn.execute(_IN_FORCE, {"person": visitor.me.id}).first()
    if found is None:
        return CalendarPage("", None)
    return CalendarPage(found.id, say_instant(found.created_at, zone(visitor.me.zone)))


def make_address(conn: Connection, visitor: Visitor, token_hash: str, replaces: str) -> CalendarPage:
    """Keep a new address in place of the one that was shown, "" for none. Raises Conflict where another is in force."""
    me, now = visitor.me, visitor.now.real
    lock(conn, PERSON, me.id)
    if calendar_page(conn, visitor).address_id != replaces:
        raise Conflict(_("Your calendar address was changed meanwhile, in another window perhaps."))
    if replaces:
        _end(conn, visitor, replaces)
    row = CalendarAddress(id=new_id(), person_id=me.id, token_hash=token_hash, created_at=now)
    add(conn, row)
    record(conn, "calendar.make", "calendar_address", row.id, at=now, actor_id=me.id, detail={"replaces": replaces})
    return calendar_page(conn, visitor)


def revoke_address(conn: Connection, visitor: Visitor) -> None:
    """End the visitor's address; without one there is nothing to do."""
    lock(conn, PERSON, visitor.me.id)
    found = calendar_page(conn, visitor).address_id
    if found:
        _end(conn, visitor, found)
        at, me = visitor.now.real, visitor.me.id
        record(conn, "calendar.revoke", "calendar_address", found, at=at, actor_id=me)


def _end(conn: Connection, visitor: Visitor, address_id: str) -> None:
    conn.execute(update(ADDRESS).where(ADDRESS.c.id == address_id).values(revoked_at=visitor.now.real))
