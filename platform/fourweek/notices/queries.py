"""Reading a person's notices and what they chose about them."""

from typing import Any

from sqlalchemy import Connection, bindparam, select, tuple_

from fourweek.accounts.access import Visitor
from fourweek.database import table
from fourweek.errors import NotFound
from fourweek.notices.kinds import KIND, KINDS, OPTIONAL, Kind
from fourweek.notices.models import UnsubscribeAddress
from fourweek.notices.pages import ChoiceLine, ChoicesPage, Listed, Notice, UnsubscribePage
from fourweek.outbox import CHOICE, OUTBOX

PER_PAGE = 25
UNSUBSCRIBE = table(UnsubscribeAddress)

_NEWEST: Any = (
    select(OUTBOX.c.id, OUTBOX.c.kind, OUTBOX.c.data, OUTBOX.c.shown_from, OUTBOX.c.seen_at)
    .where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.in_product, OUTBOX.c.shown_from <= bindparam("now"))
    .order_by(OUTBOX.c.shown_from.desc(), OUTBOX.c.id.desc())
    .limit(PER_PAGE + 1)
)
_SHOWN_FROM = (
    select(OUTBOX.c.shown_from)
    .where(OUTBOX.c.id == bindparam("before"), OUTBOX.c.person_id == bindparam("person"))
    .scalar_subquery()
)
_OLDER = _NEWEST.where(tuple_(OUTBOX.c.shown_from, OUTBOX.c.id) < tuple_(_SHOWN_FROM, bindparam("before")))
_DATA = select(OUTBOX.c.data).where(
    OUTBOX.c.id == bindparam("id"),
    OUTBOX.c.person_id == bindparam("person"),
    OUTBOX.c.in_product,
    OUTBOX.c.shown_from <= bindparam("now"),
)
_CHOSEN = select(CHOICE.c.kind, CHOICE.c.by_mail, CHOICE.c.in_product).where(CHOICE.c.person_id == bindparam("person"))
_BY_TOKEN = select(UNSUBSCRIBE.c.person_id).where(UNSUBSCRIBE.c.token == bindparam("token"))
_MAIL_OFF = select(CHOICE.c.kind).where(
    CHOICE.c.person_id == bindparam("person"), CHOICE.c.kind == bindparam("kind"), ~CHOICE.c.by_mail
)


def my_notices(conn: Connection, visitor: Visitor, before: str = "") -> Listed:
    """A page of the visitor's notices, newest first; `before` is the id of the one that it goes on after."""
    wanted = {"person": visitor.me.id, "now": visitor.now.real}
    rows = conn.execute(_OLDER, wanted | {"before": before}) if before else conn.execute(_NEWEST, wanted)
    found = [Notice(row.id, row.kind, row.data, row.shown_from, row.seen_at is None) for row in rows]
    return Listed(
        notices=tuple(found[:PER_PAGE]),
        is_newest=not before,
        has_older=len(found) > PER_PAGE,
        unread=visitor.me.unread,
        zone=visitor.me.zone,
    )


def notice_path(conn: Connection, visitor: Visitor, notice_id: str) -> str:
    """The path of the page that one of the visitor's notices is about, "" where there is none. Raises NotFound."""
    wanted = {"id": notice_id, "person": visitor.me.id, "now": visitor.now.real}
    row = conn.execute(_DATA, wanted).first()
    if row is None:
        raise NotFound
    return str(row.data.get("path") or "")


def my_choices(conn: Connection, visitor: Visitor) -> ChoicesPage:
    """Every kind of notice that may come to the visitor, and how."""
    chosen = {row.kind: (row.by_mail, row.in_product) for row in conn.execute(_CHOSEN, {"person": visitor.me.id})}
    mine = [kind for kind in KINDS if visitor.me.grants or not kind.for_staff]
    lines = tuple(ChoiceLine(kind, *chosen.get(kind.key, (True, True))) for kind in mine if kind.optional)
    return ChoicesPage(lines, fixed=tuple(kind for kind in mine if not kind.optional))


def unsubscribe_page(conn: Connection, _visitor: Visitor, token: str, key: str) -> UnsubscribePage:
    """What the address in a mail offers. Raises NotFound for one that we never wrote."""
    kind = optional_kind(key)
    person_id = reader_of(conn, token)
    off = conn.execute(_MAIL_OFF, {"person": person_id, "kind": key}).first() is not None
    return UnsubscribePage(token, kind, is_off=off)


def optional_kind(key: str) -> Kind:
    if key not in OPTIONAL:
        raise NotFound
    return KIND[key]


def reader_of(conn: Connection, token: str) -> str:
    """Whose mail an unsubscribe address turns off. Raises NotFound."""
    person_id = conn.execute(_BY_TOKEN, {"token": token}).scalar()
    if person_id is None:
        raise NotFound
    return str(person_id)
