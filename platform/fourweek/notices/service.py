"""Marking notices as read, and choosing which come."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update

from fourweek.accounts.access import PERSON, Visitor
from fourweek.audit.service import record
from fourweek.database import add, add_once, lock
from fourweek.notices.kinds import OPTIONAL
from fourweek.notices.models import NoticeChoice
from fourweek.notices.queries import notice_path, optional_kind, reader_of
from fourweek.outbox import CHOICE, NEEDS_PASSWORD, OUTBOX

_NEWEST = (
    select(OUTBOX.c.shown_from)
    .where(OUTBOX.c.id == bindparam("newest"), OUTBOX.c.person_id == bindparam("person"))
    .scalar_subquery()
)


def mark_read(conn: Connection, visitor: Visitor, newest: str) -> None:
    """Mark the visitor's notices as read, up to the newest one that was on their screen."""
    mine = update(OUTBOX).where(
        OUTBOX.c.person_id == bindparam("person"),
        OUTBOX.c.in_product,
        OUTBOX.c.seen_at.is_(None),
        OUTBOX.c.shown_from <= _NEWEST,
    )
    conn.execute(mine.values(seen_at=visitor.now.real), {"person": visitor.me.id, "newest": newest})


def open_notice(conn: Connection, visitor: Visitor, notice_id: str) -> str:
    """Mark one of the visitor's notices as read; returns the path of the page it is about, "" where there is none.

    Raises NotFound for one that is somebody else's, or is not listed.
    """
    path = notice_path(conn, visitor, notice_id)
    mine = update(OUTBOX).where(OUTBOX.c.id == notice_id, OUTBOX.c.seen_at.is_(None))
    conn.execute(mine.values(seen_at=visitor.now.real))
    return path


def choose(conn: Connection, visitor: Visitor, by_mail: Collection[str], in_product: Collection[str]) -> None:
    """Keep which kinds the visitor wants by mail and in the product; those not named are turned off."""
    me = visitor.me.id
    lock(conn, PERSON, me)
    no_mail, not_here = OPTIONAL - set(by_mail), OPTIONAL - set(in_product)
    conn.execute(delete(CHOICE).where(CHOICE.c.person_id == me))
    off = [
        NoticeChoice(person_id=me, kind=kind, by_mail=kind not in no_mail, in_product=kind not in not_here)
        for kind in sorted(no_mail | not_here)
    ]
    if off:
        add(conn, *off)
    _send_no_more(conn, me, no_mail)
    detail = {"no_mail": sorted(no_mail), "not_listed": sorted(not_here)}
    record(conn, "notices.choose", "person", me, at=visitor.now.real, actor_id=me, detail=detail)


def turn_mail_off(conn: Connection, visitor: Visitor, token: str, key: str) -> None:
    """Send no more mail of a kind to whoever the address was written for. Raises NotFound for an unknown address."""
    kind, person_id = optional_kind(key), reader_of(conn, token)
    lock(conn, PERSON, person_id)
    new = add_once(conn, NoticeChoice(person_id=person_id, kind=kind.key, by_mail=False))
    mine = update(CHOICE).where(CHOICE.c.person_id == person_id, CHOICE.c.kind == kind.key, CHOICE.c.by_mail)
    if new or conn.execute(mine.values(by_mail=False)).rowcount:
        _send_no_more(conn, person_id, {kind.key})
        at, detail = visitor.now.real, {"kind": kind.key}
        record(conn, "notices.unsubscribe", "person", person_id, at=at, actor_id=None, detail=detail)


def _send_no_more(conn: Connection, person_id: str, kinds: Collection[str]) -> None:
    """What waits to be sent stays here: the choice holds at once, apart from letters that bring a first password."""
    waits = update(OUTBOX).where(
        OUTBOX.c.person_id == person_id,
        OUTBOX.c.kind.in_(kinds),
        OUTBOX.c.sent_at.is_(None),
        or_(OUTBOX.c.try_at.is_not(None), OUTBOX.c.by_mail),
        func.coalesce(OUTBOX.c.data[NEEDS_PASSWORD].as_boolean(), False).is_(False),
    )
    conn.execute(waits.values(by_mail=False, try_at=None))
